"""WS-Discovery."""

from __future__ import annotations

import pytest

from scanner.wire import ws_discovery as wsd
from scanner.wire.errors import WireError
from scanner.wire.xml import first_text, parse_xml

UUID = "44f881db-4b2e-43b6-913c-123d771d2f19"


@pytest.mark.parametrize("form", wsd.PROBE_FORMS)
def test_probes_are_one_line_with_an_id(form: str) -> None:
    probe = wsd.build_probe(form, UUID)
    assert b"\n" not in probe
    assert wsd.action(probe) == "Probe"
    assert wsd.message_id(probe) == f"urn:uuid:{UUID}"
    assert first_text(parse_xml(probe), "Types") == (None if form == "untyped" else form)
    assert wsd.parse_replies(probe) == []


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no probe form"):
        wsd.build_probe("printer", UUID)


def test_a_match_reads_back() -> None:
    scopes = ("onvif://www.onvif.org/name/A&B%20<x>", "onvif://www.onvif.org/hardware/DS-2CD")
    match = wsd.build_probe_match(
        relates_to=f"urn:uuid:{UUID}",
        message_id="2",
        endpoint="urn:uuid:3",
        types=("dn:NetworkVideoTransmitter", "tds:Device"),
        scopes=scopes,
        xaddrs=("http://198.51.100.10/onvif/device_service", "http://[2001:db8::1]/onvif/device_service"),
        metadata_version=10,
    )
    assert wsd.action(match) == "ProbeMatches"
    assert wsd.relates_to(match) == f"urn:uuid:{UUID}"
    assert wsd.parse_replies(match) == [
        wsd.ProbeMatch(
            ("dn:NetworkVideoTransmitter", "tds:Device"),
            scopes,
            ("http://198.51.100.10/onvif/device_service", "http://[2001:db8::1]/onvif/device_service"),
            "urn:uuid:3",
            "10",
        )
    ]


def test_several_matches_and_a_hello() -> None:
    one = "<d:{0}><a:EndpointReference><a:Address>{1}</a:Address></a:EndpointReference><d:Types/></d:{0}>"
    for name in ("ProbeMatch", "ResolveMatch", "Hello"):
        found = wsd.parse_replies("<x>" + one.format(name, "urn:1") + one.format(name, "urn:2") + "</x>")
        assert [match.endpoint for match in found] == ["urn:1", "urn:2"]
    assert wsd.parse_replies(one.format("Bye", "urn:1")) == []
    assert len(wsd.parse_replies("<x>" + "<ProbeMatch/>" * 500 + "</x>")) == wsd.MAX_MATCHES


def test_a_fragment_without_an_envelope() -> None:
    fragment = (
        "<wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address></wsa:EndpointReference>\n"
        "<d:Types>dn:NetworkVideoTransmitter</d:Types>\n<d:Scopes>onvif://www.onvif.org/name/IPC1000</d:Scopes>"
    )
    (match,) = wsd.parse_replies(fragment)
    assert match.endpoint == "urn:uuid:1"
    assert match.scopes == ("onvif://www.onvif.org/name/IPC1000",)
    assert wsd.parse_replies("<html><body>no</body></html>") == []


def test_spaces_in_a_scope() -> None:
    assert wsd.split_scopes("onvif://www.onvif.org/name/IP CAMERA  odm:name:x\nonvif://www.onvif.org/type/ptz") == (
        "onvif://www.onvif.org/name/IP CAMERA",
        "odm:name:x",
        "onvif://www.onvif.org/type/ptz",
    )
    assert len(wsd.split_scopes("a: " * 1000)) == wsd.MAX_SCOPES
    assert wsd.split_scopes("word") == ("word",)


@pytest.mark.parametrize(
    ("scope", "parts"),
    [
        ("onvif://www.onvif.org/hardware/DS-2CD", ("hardware", "DS-2CD")),
        ("onvif://www.onvif.org/name/AXIS%20Q3819-PVE", ("name", "AXIS Q3819-PVE")),
        ("onvif://www.onvif.org/location/country/china", ("location", "country/china")),
        ("onvif://www.onvif.org/name/Xu%e1%ba%a5t", ("name", "Xuất")),
        ("onvif://www.onvif.org/name/T%FCr", ("name", "Tür")),
        ("onvif://www.onvif.org/name/100%", ("name", "100%")),
        ("ONVIF://WWW.onvif.org/Profile/Streaming", ("Profile", "Streaming")),
        ("onvif://www.onvif.org/location/", ("location", "")),
        ("onvif://www.onvif.org/Panasonic", ("Panasonic", "")),
        ("onvif://www.onvif.org", None),
        ("dvtel://www.dvtel.com/ariel/gen2", None),
        ("http://192.0.2.1/", None),
        ("", None),
    ],
)
def test_scope_parts(scope: str, parts: tuple[str, str] | None) -> None:
    assert wsd.scope_parts(scope) == parts


def test_no_xml() -> None:
    for function in (wsd.parse_replies, wsd.action, wsd.relates_to, wsd.message_id):
        with pytest.raises(WireError):
            function(b"no")
