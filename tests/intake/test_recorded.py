"""Files of tcpdump, editcap and nmap, recorded while the lab's demo site was swept and scanned on loopback; masscan's
are of a web server in a network namespace. `announced.pcap`: tcpdump 4.99.3 beside avahi-daemon 0.8, lldpd 1.0.16 (with
CDP) and BusyBox' udhcpc, between two namespaces; the name of the camera is made up."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from scanner.identify.engine import identify
from scanner.identify.rules import default_rules
from scanner.intake import HEAD_BYTES, find_format
from scanner.models import Evidence

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = {
    "lab.pcap": "pcap",
    "lab.pcapng": "pcap",
    "nmap-scripts.xml": "nmap-xml",
    "nmap-services.xml": "nmap-xml",
    "masscan.json": "masscan-json",
    "masscan.ndjson": "masscan-json",
    "masscan.list": "masscan-list",
    "announced.pcap": "pcap",
}
UNADDRESSED = "4c:5e:0c:fe:9f:7e"  # a DHCP client that got no lease


def evidence_of(name: str) -> list[Evidence]:
    data = (FIXTURES / name).read_bytes()
    found = find_format(data[:HEAD_BYTES], "upload")
    assert found is not None
    assert found.name == EXPECTED[name]
    read = list(found.read(io.BytesIO(data)))
    assert all(isinstance(each, Evidence) for each in read)
    return [each for each in read if isinstance(each, Evidence)]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_is_known_and_read_without_a_problem(name: str) -> None:
    found = evidence_of(name)
    assert found
    assert all(e.host.startswith(("127.77.0.", "198.51.100.", UNADDRESSED)) for e in found)
    assert all(Evidence.from_object(e.to_object()).host == e.host for e in found)


def test_both_containers_tell_the_same() -> None:
    assert evidence_of("lab.pcap") == evidence_of("lab.pcapng")


def test_a_capture_holds_what_each_protocol_said() -> None:
    protocols = {e.protocol for e in evidence_of("lab.pcapng")}
    assert {"http", "rtsp", "ws-discovery", "ssdp", "mdns", "snmp", "upnp", "port"} <= protocols


@pytest.mark.parametrize(
    ("host", "maker"),
    [
        ("127.77.0.10", "Hikvision"),
        ("127.77.0.13", "Dahua"),
        ("127.77.0.17", "Axis"),
        ("127.77.0.20", "Hanwha Vision"),
    ],
)
def test_listening_alone_names_the_makers(host: str, maker: str) -> None:
    heard = [e for e in evidence_of("lab.pcapng") if e.host == host]
    assert identify(heard, default_rules()).maker == maker


def test_the_files_name_no_place_of_the_machine_they_were_made_on() -> None:
    for name in EXPECTED:
        data = (FIXTURES / name).read_bytes()
        assert not any(word in data for word in (b"/tmp", b"/root/", b"/usr/"))


def test_what_the_real_announcers_said() -> None:
    found = evidence_of("announced.pcap")
    assert {e.protocol for e in found} == {"mdns", "lldp", "cdp", "dhcp", "mac"}
    axis = identify([e for e in found if e.protocol == "mdns"], default_rules())
    assert (axis.maker, axis.model, axis.mac) == ("Axis", "M3086-V", "b8:a4:4f:12:34:56")
    told = {e.protocol: e.get("fields") for e in found if e.protocol in ("lldp", "cdp")}
    assert told["lldp"]["system_name"] == told["cdp"]["system_name"] == "yard-switch"
    assert told["cdp"]["system_description"].startswith("Cisco IOS Software")
    asked = next(e for e in found if e.protocol == "dhcp")
    assert asked.get("vendor_class") == "AXIS,Network Camera,M3086-V,11.1.73"
    assert asked.host == UNADDRESSED


@pytest.mark.parametrize("kept", [54, 96, 150, 400])
def test_a_snapshot_length_leaves_what_it_leaves(kept: int) -> None:
    """The packets of a capture cut short, as `tcpdump -s` does it."""
    data = (FIXTURES / "announced.pcap").read_bytes()
    out, at = bytearray(data[:24]), 24
    while at < len(data):
        size = int.from_bytes(data[at + 8 : at + 12], "little")
        out += data[at : at + 8] + min(size, kept).to_bytes(4, "little") + data[at + 12 : at + 16]
        out += data[at + 16 : at + 16 + min(size, kept)]
        at += 16 + size
    found = find_format(bytes(out[:HEAD_BYTES]), "cut.pcap")
    assert found is not None
    read = list(found.read(io.BytesIO(bytes(out))))
    assert all(isinstance(each, Evidence) for each in read)
    names = [str(e.get("name")) for e in read if isinstance(e, Evidence) and e.protocol == "mdns"]
    assert any("AXIS M3086-V" in name for name in names) is (kept >= 150)
