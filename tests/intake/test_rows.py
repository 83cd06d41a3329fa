"""Tables with named columns: leases of Kea and Windows, controllers' clients, camera lists, plain CSV."""

# ruff: noqa: E501 - tables stand as they are printed
from __future__ import annotations

import pytest

from tests.intake.reading import FILES, evidence, macs, read, recognised

MILESTONE = (
    '#TYPE Selected.System.Management.Automation.PSCustomObject\r\n'
    '"Name","Channel","Enabled","HardwareName","Model","Address","Username","Password","MAC","Firmware","DriverFamily","RecorderName"\r\n'
    '"Lobby","0","True","AXIS P3245","AXIS P3245-LV","http://198.51.100.20/","root","Secret-1!","00408C000020","9.80.1","AXIS","REC1"\r\n'
    '"Yard 1","0","True","Enc","AXIS M7104","http://admin:pw@198.51.100.21:8080/","root","Secret-2!","ACCC8E000021","1.2","AXIS","REC1"\r\n'
    '"Yard 2","1","True","Enc","AXIS M7104","http://198.51.100.21:8080/","root","Secret-2!","ACCC8E000021","1.2","AXIS","REC1"\r\n'
)  # fmt: skip
GENETEC = (
    "Hardware inventory\n\nUnit;Unit type;Manufacturer;Product type;Firmware version;IP address;Physical address;Password strength\n"
    "Gate;Video unit;Hikvision;DS-2CD2142FWD-I;V5.4.5;198.51.100.30;44:19:B6:00:00:30;Weak\n"
)
WINDOWS = (
    '"IPAddress","ScopeId","ClientId","HostName","AddressState","LeaseExpiryTime"\r\n'
    '"198.51.100.40","198.51.100.0","44-19-b6-00-00-40","cam40.example.net","Active","11/23/2026 9:00:00 AM"\r\n'
    '"198.51.100.41","198.51.100.0","44-19-b6-00-00-41","","InactiveReservation",""\r\n'
)
WINDOWS_CONSOLE = (
    "IP-Adresse,Name,Leaseablaufdatum,Typ,Eindeutige Kennung,Beschreibung\n"
    "198.51.100.40,cam40.example.net,Reservierung (aktiv),DHCP,4419b6000040,Tor\n"
)
UNIFI = (
    "Name,Hostname,MAC Address,IP Address,Network,Switch,Switch Port,Last Seen\n"
    "Door,cam-door,44:19:b6:00:00:50,198.51.100.50,Cameras,USW-24,7,1795373427\n"
    ",,44:19:b6:00:00:51,,Cameras,USW-24,8,\n"
)


def test_kea() -> None:
    data = (FILES / "kea-leases4.csv").read_bytes()
    assert recognised(data)[0] == "kea-leases"
    found = evidence("kea-leases", data)
    assert macs(found) == {f"198.51.100.5{n - 1}": f"44:19:b6:00:00:0{n}" for n in (1, 2, 3)}
    assert found[1]["hostname"] == "cam-1"
    assert found[1]["seen_at"] == "2026-11-22T16:49:52Z"
    assert found[1]["expires"] == "2026-11-22T17:49:52Z"


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("text", [WINDOWS, WINDOWS_CONSOLE])
def test_windows_in_every_encoding(text: str, encode: str) -> None:
    data = text.encode(encode)
    assert recognised(data)[0] == "windows-dhcp"
    found = evidence("windows-dhcp", data)
    assert macs(found)["198.51.100.40"] == "44:19:b6:00:00:40"
    assert found[1]["hostname"] == "cam40.example.net"
    assert "seen_at" not in found[1]


def test_controller_clients_say_where_a_device_is() -> None:
    assert recognised(UNIFI)[0] == "controller-clients"
    found = evidence("controller-clients", UNIFI)
    assert macs(found) == {"198.51.100.50": "44:19:b6:00:00:50", "44:19:b6:00:00:51": "44:19:b6:00:00:51"}
    port = next(each for each in found if each["protocol"] == "switch-port")
    assert (port["switch"], port["port"], port["seen_at"]) == ("USW-24", "7", "2026-11-22T18:50:27Z")


def test_omada_clients_without_a_switch() -> None:
    text = (
        "Client Name\tMAC Address\tIP Address\tSSID/Network\tUptime\nipc\t44-19-B6-00-00-52\t198.51.100.52\tLAN\t2d\n"
    )
    assert recognised(text)[0] == "controller-clients"
    found = evidence("controller-clients", text)
    assert [each["protocol"] for each in found] == ["mac", "dhcp"]


def test_a_milestone_list_becomes_a_record_without_logins() -> None:
    data = ("\ufeff" + MILESTONE).encode("utf-16")
    assert recognised(data)[0] == "camera-list"
    found = evidence("camera-list", data)
    assert [each["protocol"] for each in found] == ["inventory-list"] * 3
    assert found[0]["host"] == "198.51.100.20"
    assert found[0]["fields"] == {
        "name": "Lobby", "manufacturer": "AXIS", "model": "AXIS P3245-LV", "firmware": "9.80.1", "channel": "0",
        "recorder": "REC1", "mac": "00:40:8c:00:00:20",
    }  # fmt: skip
    assert found[1]["host"] == found[2]["host"] == "198.51.100.21"
    for word in ("Secret", "pw", "root", "admin"):
        assert word not in repr(found)


def test_a_genetec_report_with_a_title_and_semicolons() -> None:
    assert recognised(GENETEC)[0] == "camera-list"
    found = evidence("camera-list", GENETEC)
    assert found[0]["host"] == "198.51.100.30"
    fields = found[0]["fields"]
    assert (fields["manufacturer"], fields["model"], fields["firmware"]) == ("Hikvision", "DS-2CD2142FWD-I", "V5.4.5")
    assert (fields["mac"], fields["name"]) == ("44:19:b6:00:00:30", "Gate")


def test_plain_csv_and_rows_that_say_no_place() -> None:
    text = "ip,mac,vendor,model\n198.51.100.60,44:19:b6:00:00:60,Hikvision,X\n,,nobody,Y\nlobby.example.net,,Z,\n"
    assert recognised(text) == ["csv"]
    found, problems = read("csv", text)
    assert [each["host"] for each in found] == ["198.51.100.60"]
    assert [problem.line for problem in problems] == [3, 4]


def test_a_serial_number_alone_is_a_place() -> None:
    text = "address,serial,model,firmware\n,DS-2CD2142FWD-I20170301AAWR700000001,DS,1\n"
    found = evidence("camera-list", text)
    assert found[0]["host"] == "DS-2CD2142FWD-I20170301AAWR700000001"


def test_formula_cells_stay_words() -> None:
    text = "ip,name,vendor\n198.51.100.60,\"=cmd|' /C calc'!A0\",@SUM(1)\n"
    fields = evidence("csv", text)[0]["fields"]
    assert fields == {"name": "=cmd|' /C calc'!A0", "manufacturer": "@SUM(1)"}


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    text = 'ip,name\n198.51.100.1,"open\n' + "".join(f"198.51.100.{n},cam\n" for n in range(2, 120))
    found, problems = read("csv", text)
    assert len(found) == 118
    assert [problem.line for problem in problems] == [2]
    text = 'ip,name\n198.51.100.1,"two\nlines"\n198.51.100.2,"open\n198.51.100.3,cam\n'
    found, problems = read("csv", text)
    assert [each["host"] for each in found] == ["198.51.100.1", "198.51.100.3"]
    assert found[0]["fields"]["name"] == "two lines"
    assert [problem.line for problem in problems] == [4]


def test_no_header_is_told_once() -> None:
    found, problems = read("csv", "a,b\n" * 100)
    assert found == []
    assert len(problems) == 1


def test_many_bad_rows_are_counted_not_listed() -> None:
    found, problems = read("csv", "ip,name\n" + "nonsense,cam\n" * 5000)
    assert found == []
    assert len(problems) == 201
    assert "4800 more" in problems[-1].reason
