"""avahi-browse's parsable output, as the program wrote it, and broken lines."""

from __future__ import annotations

import io

from scanner.intake import HEAD_BYTES, find_format, format_by_name
from scanner.models import Evidence, EvidenceProblem
from tests.intake.reading import FILES

REAL = (FILES / "avahi-browse.txt").read_bytes()


def _read(data: bytes) -> tuple[list[Evidence], list[EvidenceProblem]]:
    found = list(format_by_name("avahi-browse").read(io.BytesIO(data)))
    return [e for e in found if isinstance(e, Evidence)], [e for e in found if isinstance(e, EvidenceProblem)]


def test_the_programs_own_output() -> None:
    found = find_format(REAL[:HEAD_BYTES], "services.txt")
    assert found is not None
    assert found.name == "avahi-browse"
    said, problems = _read(REAL)
    assert problems == []
    assert {e.host for e in said} == {"198.51.100.10", "198.51.100.12", "198.51.100.15"}
    first = said[0]
    assert first.protocol == "mdns"
    assert first.get("service") == "_axis-video._tcp.local."
    assert first.get("name") == "AXIS M3086-V - B8A44F123456._axis-video._tcp.local."
    assert (first.get("port"), first.get("txt")) == (80, {"macaddress": "B8A44F123456"})
    printer = next(e for e in said if e.get("port") == 631)
    assert printer.get("service") is None  # written as words without -k
    assert printer.get("name") == "HP LaserJet Pro M404dn (E6476D)"
    assert printer.get("txt")["product"] == "(HP LaserJet Pro M404dn)"


def test_broken_lines_cost_themselves() -> None:
    good = b"=;eth0;IPv4;a;_http._tcp;local;a.local;198.51.100.9;80;\n"
    bad = b"=;eth0;IPv4;a;_http._tcp;local;a.local;not-an-address;80;\nnonsense\n=;eth0;IPv4;a;_http._tcp;local\n"
    said, problems = _read(good + bad + good.replace(b"100.9;80", b"100.8;99999999"))
    assert [(e.host, e.get("port")) for e in said] == [("198.51.100.9", 80), ("198.51.100.8", None)]
    assert [p.line for p in problems] == [2, 3, 4]


def test_other_tables_are_not_its_own() -> None:
    for name in ("dnsmasq.leases", "kea-leases4.csv", "ip-neigh.txt"):
        assert not format_by_name("avahi-browse").recognises((FILES / name).read_bytes()[:HEAD_BYTES], name)
