"""Files of tcpdump, editcap and nmap, recorded while the lab's demo site was swept and scanned on loopback; masscan's
are of a web server in a network namespace."""

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
}


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
    assert all(e.host.startswith(("127.77.0.", "198.51.100.")) for e in found)
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
