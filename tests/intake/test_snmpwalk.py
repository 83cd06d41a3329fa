"""snmpwalk output: two walks of a real snmpd, and the tables of a switch and a router in their documented forms."""

from __future__ import annotations

import io

import pytest

from scanner.intake.snmpwalk import SnmpWalk
from scanner.models import Evidence
from tests.intake.reading import FILES, evidence, macs, read, recognised

BRIDGE = """\
.1.3.6.1.2.1.1.1.0 = STRING: "24-port switch,
second line"
.1.3.6.1.2.1.1.5.0 = STRING: "sw-floor1"
.1.3.6.1.2.1.2.2.1.2.1007 = STRING: "GigabitEthernet1/0/7"
.1.3.6.1.2.1.2.2.1.6.1007 = Hex-STRING: 00 0C 29 AA 00 07
.1.3.6.1.2.1.4.20.1.1.127.0.0.1 = IpAddress: 127.0.0.1
.1.3.6.1.2.1.4.20.1.1.198.51.100.2 = IpAddress: 198.51.100.2
.1.3.6.1.2.1.4.22.1.2.10.198.51.100.50 = Hex-STRING: 44 19 B6 00 00 01
.1.3.6.1.2.1.4.35.1.4.10.1.4.198.51.100.50 = Hex-STRING: 44 19 B6 00 00 01
.1.3.6.1.2.1.4.35.1.4.10.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.5 = Hex-STRING: 44 19 B6 00 00 01
.1.3.6.1.2.1.17.1.4.1.2.7 = INTEGER: 1007
.1.3.6.1.2.1.17.4.3.1.2.68.25.182.0.0.1 = INTEGER: 7
.1.3.6.1.2.1.17.7.1.2.2.1.2.10.68.25.182.0.0.1 = INTEGER: 7
.1.3.6.1.2.1.17.7.1.2.2.1.2.10.68.25.182.0.0.2 = INTEGER: 9
.1.3.6.1.2.1.17.7.1.2.2.1.2.10.68.25.182.0.0.3 = INTEGER: 0
.1.3.6.1.2.1.31.1.1.1.1.1007 = STRING: "Gi1/0/7"
.1.3.6.1.2.1.99 = No Such Object available on this agent at this OID
"""
NAMED = """\
SNMPv2-MIB::sysDescr.0 = STRING: AXIS P3245-LV
SNMPv2-MIB::sysObjectID.0 = OID: SNMPv2-SMI::enterprises.368.1.1
DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (198) 0:00:01.98
SNMPv2-MIB::sysName.0 = STRING: axis-1
IF-MIB::ifPhysAddress.1 = STRING:
IF-MIB::ifPhysAddress.2 = STRING: 0:40:8c:0:0:20
IP-MIB::ipNetToMediaPhysAddress.2.198.51.100.1 = STRING: 44:19:b6:0:0:9
IP-MIB::ipNetToPhysicalPhysAddress.2.ipv4."198.51.100.3" = STRING: 44:19:b6:0:0:3
ENTITY-MIB::entPhysicalSerialNum.1 = STRING: 00408C000020
ENTITY-MIB::entPhysicalClass.1 = INTEGER: chassis(3)
HOST-RESOURCES-MIB::hrSystemUptime.0 = Timeticks: (1) 0:00:00.01
BRIDGE-MIB::dot1dTpFdbPort.68.25.182.0.0.1 = INTEGER: 7
"""


@pytest.mark.parametrize("file", ["snmpwalk-numeric.txt", "snmpwalk-iso.txt"])
def test_a_real_walk(file: str) -> None:
    data = (FILES / file).read_bytes()
    assert recognised(data) == ["snmpwalk"]
    (found,) = evidence("snmpwalk", data)
    assert found["host"] == "cam-lobby"
    assert found["oids"]["1.3.6.1.2.1.1.1.0"] == "Hikvision DS-2CD2142FWD-I, fixture"
    assert found["oids"]["1.3.6.1.2.1.1.2.0"] == "1.3.6.1.4.1.39165.1.1"
    assert not any(oid.startswith("1.3.6.1.2.1.1.9.") for oid in found["oids"])


def test_a_switch_tells_its_neighbours_and_where_they_are() -> None:
    found = evidence("snmpwalk", BRIDGE)
    own = found[0]
    assert own["host"] == "198.51.100.2"
    assert own["oids"]["1.3.6.1.2.1.1.1.0"] == "24-port switch, second line"
    assert macs(found) == {
        "198.51.100.2": "00:0c:29:aa:00:07",
        "198.51.100.50": "44:19:b6:00:00:01",
        "2001:db8::5": "44:19:b6:00:00:01",
        "44:19:b6:00:00:01": "44:19:b6:00:00:01",
        "44:19:b6:00:00:02": "44:19:b6:00:00:02",
    }
    ports = [each for each in found if each["protocol"] == "switch-port"]
    assert ports == [
        {"host": "44:19:b6:00:00:01", "protocol": "switch-port", "mac": "44:19:b6:00:00:01", "vlan": "10",
         "port": "Gi1/0/7", "switch": "sw-floor1", "macs_on_port": 1, "via": "snmpwalk"},
        {"host": "44:19:b6:00:00:02", "protocol": "switch-port", "mac": "44:19:b6:00:00:02", "vlan": "10",
         "port": "9", "switch": "sw-floor1", "macs_on_port": 1, "via": "snmpwalk"},
    ]  # fmt: skip


def test_mib_names() -> None:
    assert recognised(NAMED)[0] == "snmpwalk"
    found = evidence("snmpwalk", NAMED)
    assert found[0]["host"] == "axis-1"
    assert found[0]["oids"] == {
        "1.3.6.1.2.1.1.1.0": "AXIS P3245-LV",
        "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.368.1.1",
        "1.3.6.1.2.1.1.3.0": "(198) 0:00:01.98",
        "1.3.6.1.2.1.1.5.0": "axis-1",
        "1.3.6.1.2.1.47.1.1.1.1.11.1": "00408C000020",
        "1.3.6.1.2.1.47.1.1.1.1.5.1": "3",
    }
    assert macs(found) == {
        "axis-1": "00:40:8c:00:00:20",
        "198.51.100.1": "44:19:b6:00:00:09",
        "198.51.100.3": "44:19:b6:00:00:03",
        "44:19:b6:00:00:01": "44:19:b6:00:00:01",
    }


def test_the_address_in_the_name_of_the_file_is_the_host() -> None:
    class Named(io.BytesIO):
        name = "/somewhere/198.51.100.99.walk"

    first = next(SnmpWalk().read(Named(BRIDGE.encode())))
    assert isinstance(first, Evidence)
    assert first.host == "198.51.100.99"


def test_junk_is_told() -> None:
    found, problems = read("snmpwalk", "what is this\n" + NAMED)
    assert problems[0].line == 1
    assert len(found) == 6
    assert recognised("Timeout: No Response from 198.51.100.2\n") == []
