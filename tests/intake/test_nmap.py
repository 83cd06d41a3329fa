from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.engine import identify
from scanner.identify.rules import default_rules
from scanner.intake.nmap import NmapXml
from scanner.models import Evidence, EvidenceProblem

FIXTURES = Path(__file__).parent / "fixtures"
SCRIPTS = (FIXTURES / "nmap-scripts.xml").read_bytes()
SERVICES = (FIXTURES / "nmap-services.xml").read_bytes()


def read(data: bytes) -> tuple[list[Evidence], list[EvidenceProblem]]:
    found = list(NmapXml().read(io.BytesIO(data)))
    return [f for f in found if isinstance(f, Evidence)], [f for f in found if isinstance(f, EvidenceProblem)]


def of_port(inside: str, port: int = 80) -> list[Evidence]:
    """What nmap's XML of one open port with `inside` tells besides the port itself."""
    evidence, problems = read(
        b'<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun><host endtime="1795338000"><status state="up"/>'
        b'<address addr="198.51.100.10" addrtype="ipv4"/><address addr="44:19:B6:00:00:01" addrtype="mac"/><ports>'
        + f'<port protocol="tcp" portid="{port}"><state state="open"/>{inside}</port>'.encode()
        + b"</ports></host><runstats/></nmaprun>"
    )
    assert problems == []
    assert [(e.protocol, e.seen_at) for e in evidence[:2]] == [
        ("mac", "2026-11-22T09:00:00Z"),
        ("port", evidence[0].seen_at),
    ]
    return evidence[2:]


def script(name: str, output: str, inside: str = "") -> str:
    return f'<script id="{name}" output="{output}">{inside}</script>'


@pytest.mark.parametrize("data", [SCRIPTS, SERVICES])
def test_files_of_the_real_program_are_read_whole(data: bytes) -> None:
    evidence, problems = read(data)
    assert problems == []
    assert {e.get("via") for e in evidence} == {"nmap-xml"}
    assert all(e.seen_at for e in evidence)


@pytest.mark.parametrize(
    ("data", "host", "maker"),
    [
        (SCRIPTS, "127.77.0.10", "Hikvision"),
        (SCRIPTS, "127.77.0.17", "Axis"),
        (SCRIPTS, "127.77.0.20", "Hanwha Vision"),
        (SERVICES, "127.77.0.10", "Hikvision"),
    ],
)
def test_what_nmap_repeats_is_enough_to_name_makers(data: bytes, host: str, maker: str) -> None:
    evidence, _ = read(data)
    assert identify([e for e in evidence if e.host == host], default_rules()).maker == maker


def test_a_cut_file_tells_as_much_as_it_has_and_says_that_it_was_cut() -> None:
    whole, _ = read(SCRIPTS)
    for size in range(0, len(SCRIPTS) - 20, 997):
        evidence, problems = read(SCRIPTS[:size])
        assert len(problems) == 1
        assert evidence == whole[: len(evidence)]
    half, _ = read(SCRIPTS[: len(SCRIPTS) // 2])
    assert half


def test_nmap_conclusions_stay_beside_the_port() -> None:
    evidence, _ = read(SERVICES)
    assert all(e.protocol != "banner" for e in evidence)
    assert of_port('<service name="http" product="Hikvision httpd"/>') == []


@pytest.mark.parametrize(
    ("inside", "protocol", "fields"),
    [
        (
            script("http-title", "A &amp; B", '<elem key="title">A &amp; B</elem>'),
            "http",
            {"body": "<title>A &amp; B</title>"},
        ),
        (script("http-server-header", "Acme/1", "<elem>Acme/1</elem>"), "http", {"headers": [["Server", "Acme/1"]]}),
        (
            script("http-auth", "&#xa;HTTP/1.1 401 No&#xa;  Digest realm=Acme nonce=1&#xa;"),
            "http",
            {"status": 401, "headers": [["WWW-Authenticate", "Digest realm=Acme nonce=1"]]},
        ),
        (
            script("http-headers", "&#xa;  Server: a&#xa;  &#xa;  (Request type: GET)&#xa;"),
            "http",
            {"headers": [["Server", "a"]]},
        ),
        (script("rtsp-methods", "OPTIONS, PLAY"), "rtsp", {"headers": [["Public", "OPTIONS, PLAY"]]}),
        (script("banner", "220 Acme\\x0D\\x0A230 x"), "banner", {"text": "220 Acme\r\n230 x"}),
        (
            script("snmp-sysdescr", "Acme OS&#xa;  System uptime: 1d"),
            "snmp",
            {"oids": {"1.3.6.1.2.1.1.1.0": "Acme OS"}},
        ),
        (
            script(
                "snmp-info", "x", '<elem key="engineIDFormat">mac</elem><elem key="engineIDData">4419b6000001</elem>'
            ),
            "snmp",
            {"engine_id": "80000000034419b6000001", "rewrapped": True},
        ),
        (script("upnp-info", "&#xa;1.2.3.4&#xa; Server: s&#xa;"), "ssdp", {"headers": [["SERVER", "s"]]}),
    ],
)
def test_scripts_that_repeat_the_device(inside: str, protocol: str, fields: dict[str, Any]) -> None:
    (found,) = of_port(inside)
    assert found.protocol == protocol
    assert fields.items() <= dict(found.fields).items()


def test_scripts_that_say_nothing() -> None:
    assert of_port(script("http-title", "Site doesn't have a title (text/html).")) == []
    assert of_port(script("vulners", "many words")) == []
    assert of_port(script("ssl-cert", "x", '<elem key="pem">not a certificate</elem>')) == []


def test_broadcast_scripts_belong_to_the_address_they_name() -> None:
    output = "&#xa;  198.51.100.7&#xa;      Server: s&#xa;      Manufacturer: Acme&#xa;      Model Name: A-1&#xa;"
    evidence, _ = read(
        f"<nmaprun><prescript>{script('broadcast-upnp-info', output)}</prescript><runstats/></nmaprun>".encode()
    )
    assert [(e.host, e.protocol) for e in evidence] == [("198.51.100.7", "ssdp"), ("198.51.100.7", "upnp")]
    assert evidence[1].get("xml") == "<device><manufacturer>Acme</manufacturer><modelName>A-1</modelName></device>"


def test_entities_end_the_reading() -> None:
    bomb = b'<!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nmaprun><host>&b;</host></nmaprun>'
    assert read(bomb) == ([], [EvidenceProblem(1, "entity definitions: the rest is not read")])
    assert read("<nmaprun/>".encode("utf-16"))[1]


def test_one_host_can_not_fill_the_memory() -> None:
    _, problems = read(b"<nmaprun><host>" + b"<a/>" * 60_000 + b"</host><runstats/></nmaprun>")
    assert "too much" in problems[0].reason
    assert read(b"<nmaprun>" + b"<a/>" * 60_000 + b"<runstats/></nmaprun>") == ([], [])


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, len(SERVICES) - 1), noise=st.binary(min_size=1, max_size=12))
def test_no_bytes_make_it_raise(at: int, noise: bytes) -> None:
    read(SERVICES[:at] + noise + SERVICES[at + len(noise) :])
