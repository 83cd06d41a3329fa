from __future__ import annotations

from scanner.identify.engine import identify
from scanner.identify.explain import explain
from scanner.identify.why import place_name
from tests.identify.support import ACME_MAC, ACME_RTSP, rtsp, said, small_rules, title

RULES = small_rules()


def test_each_fact_has_its_reasons() -> None:
    device = identify([rtsp(ACME_RTSP), said("mac", mac=ACME_MAC), title("Labelco cam")], RULES)
    explained = {each.field: each for each in explain(device, RULES)}
    assert list(explained)[:3] == ["maker", "brand", "kind"]
    maker = explained["maker"]
    assert (maker.value, maker.note) == ("Acme", f"confidence {device.confidence:.2f}")
    first, second = maker.reasons
    assert (first.fingerprint, first.source, first.text) == ("acme-rtsp-server", "made up for the tests", ACME_RTSP)
    assert (first.place, first.evidence, first.supports) == ("RTSP server", 0, True)
    assert (second.fingerprint, second.independent_of) == ("mac-registrant", "mac")
    assert "IEEE" in second.source
    assert explained["kind"].value == "camera"
    assert {reason.claim for each in explained.values() for reason in each.reasons} == {c.id for c in device.claims}


def test_what_speaks_against_a_fact_is_marked() -> None:
    device = identify([rtsp(ACME_RTSP), said("snmp", oids={"1.3.6.1.2.1.1.1.0": "a printer"})], RULES)
    kind = next(each for each in explain(device, RULES) if each.field == "kind")
    assert {reason.value: reason.supports for reason in kind.reasons} == {"camera": True, "other": False}
    assert kind.conflicts == device.conflicts


def test_a_fact_that_is_not_established_says_so() -> None:
    device = identify([said("mac", mac="00:40:8c:12:34:56")], RULES)
    maker = next(each for each in explain(device, RULES) if each.field == "maker")
    assert (maker.value, maker.note) == (None, "claims do not suffice to name a maker")
    assert not any(reason.supports for reason in maker.reasons)


def test_a_device_without_claims_has_no_facts() -> None:
    assert explain(identify([title("x")], RULES), RULES) == []


def test_places_in_words() -> None:
    assert place_name("rtsp.header.server") == "RTSP server"
    assert place_name("ws-discovery.scope.hardware") == "WS-Discovery hardware"
    assert place_name("dhip.devicetype") == "DHIP devicetype"
    assert place_name("strange.thing") == "strange thing"
