from __future__ import annotations

from pathlib import Path

import pytest

from scanner.identify.capabilities import capabilities_of
from scanner.identify.engine import identify
from scanner.identify.merge import merge_devices
from scanner.identify.rule_tables import CapabilityWords
from scanner.identify.rules import default_rules, parse_file
from scanner.identify.selftest import check
from scanner.models import Claim, DataError, Device, Evidence, Weight
from tests.identify.support import said, write_rules

ONVIF = """<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"
 xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"><e:Body><tt:Analytics>
 <tt:XAddr>http://198.51.100.10/onvif/a</tt:XAddr></tt:Analytics><tt:DynDNS>false</tt:DynDNS>
 <tt:TLS1.0>true</tt:TLS1.0><tt:AudioSources>0</tt:AudioSources></e:Body></e:Envelope>"""
RULE = """
[[fingerprint]]
id = "one"
where = "{where}"
pattern = '^(.*)$'
claims = {{ {claims} }}
weight = "weak"
source = "made up for the tests"
examples = [ {{ text = "23" }} ]
rejects = ["\\n"]
"""


def can(*evidence: Evidence) -> dict[str, str]:
    """Capability ids of a device, with their basis."""
    return {each.id: each.basis for each in identify(evidence).capabilities}


def test_onvif_services_are_announced_by_what_is_said_not_by_what_is_declared() -> None:
    found = can(said("onvif", operation="GetCapabilities", xml=ONVIF))
    assert found == {"analytics": "announced", "old-tls-offered": "announced"}


@pytest.mark.parametrize(
    ("evidence", "capability", "basis"),
    [
        (said("ws-discovery", xml="x", scopes=()), None, ""),
        (said("sadp", xml="<P><HCPlatformEnable>true</HCPlatformEnable></P>"), "cloud-registration", "announced"),
        (said("sadp", xml="<P><HCPlatformEnable>flase</HCPlatformEnable></P>"), None, ""),
        (said("sadp", xml="<P><Activated>false</Activated></P>"), "not-activated", "announced"),
        (said("tplink", json={"is_support_iot_cloud": True}), "cloud-service", "announced"),
        (said("tls", port=443, version="TLSv1.1"), "old-tls", "observed"),
        (said("tls", port=443, version="TLSv1.3"), None, ""),
        (said("tls", key={"type": "RSA", "bits": 1024, "signature_hash": "sha256"}), "weak-certificate", "observed"),
        (said("tls", key={"type": "RSA", "bits": 2048, "signature_hash": "sha256"}), None, ""),
        (said("tls", subject="CN=a", issuer="CN=a"), "self-signed-certificate", "observed"),
        (said("http", tls=False, status=200, headers=[]), "http-plain", "observed"),
        (said("http", tls=False, status=301, headers=[]), None, ""),
        (said("http", status=200, headers=[]), None, ""),
        (said("rtsp", port=554, status=401, headers=[]), "rtsp-plain", "observed"),
        (said("banner", port=23, text="login:"), "telnet", "observed"),
        (said("banner", port=21, text="220 ready"), "ftp-plain", "observed"),
        (said("port", port=23, state="open"), "telnet-port", "port-open"),
        (said("port", port=23, state="closed"), None, ""),
        (said("mdns", service="_hap._tcp.local.", name="x", txt={}), "homekit", "announced"),
        (said("snmp", engine_id="8000a9b903"), "snmp", "observed"),
    ],
)
def test_what_is_said_or_seen(evidence: Evidence, capability: str | None, basis: str) -> None:
    assert can(evidence) == ({capability: basis} if capability else {})


def test_a_service_that_was_met_goes_before_its_open_port() -> None:
    both = can(said("port", port=23, state="open"), said("banner", port=23, text="login:"))
    assert both == {"telnet": "observed"}


def test_each_rests_on_claims_of_the_device_and_survives_joining() -> None:
    first = identify([said("tls", port=443, version="TLSv1", subject="CN=x", serial="")])
    device = identify([said("mac", mac="00:40:8c:12:34:56"), said("tls", port=443, version="TLSv1")])
    (found,) = device.capabilities
    claims = {claim.id: claim for claim in device.claims}
    assert [claims[each].text for each in found.because] == ["TLSv1"]
    assert first.capabilities[0].id == found.id
    other = identify([said("mac", "2001:db8::10", mac="00:40:8c:12:34:56")])
    (joined,) = merge_devices([device, other])
    assert [each.id for each in joined.capabilities] == ["old-tls"]


def test_it_names_no_maker_and_no_kind() -> None:
    device: Device = identify([said("port", port=23, state="open"), said("rtsp", port=554, status=200, headers=[])])
    assert (device.maker, device.is_camera, device.kind) == (None, None, "unknown")


def test_the_order_is_the_catalogues() -> None:
    words = {each: CapabilityWords(each, "announced", each) for each in ("b", "a")}
    claims = [Claim(f"c{n}", "capability", value, Weight.WEAK, "f", 0) for n, value in enumerate("abax")]
    assert [(each.id, each.because) for each in capabilities_of(claims, words)] == [("b", ("c1",)), ("a", ("c0", "c2"))]


def test_every_capability_has_a_rule_and_plain_words() -> None:
    rules = default_rules()
    claimed = {rule.claims["capability"] for rule in rules.fingerprints if "capability" in rule.claims}
    assert claimed == set(rules.capabilities)
    for each in rules.capabilities.values():
        assert each.basis != "port-open" or "open" in each.says


@pytest.mark.parametrize(
    ("where", "claims", "reason"),
    [
        ("port.open", 'maker = "Acme"', "an open port tells no more"),
        ("http.title", 'capability = "$1"', "written out"),
    ],
)
def test_what_a_rule_may_not_claim(where: str, claims: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        parse_file("file.toml", RULE.format(where=where, claims=claims).encode())


def test_a_capability_that_nobody_describes_is_a_problem(tmp_path: Path) -> None:
    rules = write_rules(tmp_path, own=RULE.format(where="port.open", claims='capability = "telnett"'))
    assert any("no file describes" in str(problem) for problem in check(rules))
    rules = write_rules(tmp_path, own=RULE.format(where="port.open", claims='capability = "telnet"'))
    assert check(rules) == []


@pytest.mark.parametrize(
    "row",
    [
        'id = "x"\nbasis = "guessed"\nsays = "x"',
        'id = "x"\nbasis = "observed"\nsays = ""',
        'id = "x"\nbasis = "observed"\nsays = "x"\nword = "x"',
        'id = "x"\nbasis = "observed"\nsays = "x"\n[[capability]]\nid = "x"\nbasis = "observed"\nsays = "y"',
    ],
)
def test_a_catalogue_row_that_is_not_whole_is_refused(row: str) -> None:
    with pytest.raises(DataError, match=r"file\.toml: .*capability"):
        parse_file("file.toml", f"[[capability]]\n{row}\n".encode())
