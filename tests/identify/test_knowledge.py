"""What was read of a record is kept: that must never be seen but in the time it takes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.identify.engine import identify
from scanner.identify.knowledge import Knowledge
from scanner.identify.recent import Recent
from scanner.identify.rules import RuleSet
from scanner.models import Evidence
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules, title
from tests.identify.test_places import FIELD_NAMES, JSON, PROTOCOLS

RULES = small_rules()


def fresh() -> RuleSet:
    """The same rules as another set, of which nothing is remembered."""
    return RuleSet(RULES.files, RULES.digest)


RECORDS = (
    rtsp(ACME_RTSP),
    realm("Acme login WXYZ123456"),
    realm("Acme login"),
    title("Acme Viewer"),
    title("BOLT camera"),
    said("mac", mac=ACME_MAC),
    said("http", port=80, path="/acme/info", headers=[], body="model=AN-16"),
    said("http", port=80, path="/other", headers=[], body="model=AN-16"),
)


@given(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_a_device_is_the_same_with_and_without_memory(records: list[Evidence]) -> None:
    remembered = identify(records, RULES)
    assert identify(records, fresh()) == remembered
    elsewhere = identify([Evidence("203.0.113.9", each.protocol, each.fields) for each in records], RULES)
    assert elsewhere.host == "203.0.113.9"
    assert elsewhere.claims == remembered.claims


@given(PROTOCOLS, st.dictionaries(FIELD_NAMES, JSON, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_record_is_read_twice_alike(protocol: str, fields: dict[str, Any]) -> None:
    known = Knowledge(RULES)
    record = Evidence("h", protocol, fields)
    assert known.said(record) == known.said(record) == Knowledge(RULES).said(record)


def test_what_is_kept_of_a_record_is_not_shared_with_its_look_alike() -> None:
    known = Knowledge(RULES)
    first = known.said(said("banner", port=23, text="cam-os 1.2"))
    assert first
    assert known.said(said("banner", port=2323, text="cam-os 1.2")) == ()
    assert known.said(said("ssh", port=23, text="cam-os 1.2")) == ()


def test_what_can_not_be_encoded_is_read_all_the_same() -> None:
    record = realm("Acme login")
    odd = Evidence("h", "http", {**record.fields, "odd": object()})
    assert Knowledge(RULES).said(odd) == Knowledge(RULES).said(record) != ()


def test_memory_is_bounded() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        recent.put(number, number)
    assert len(recent) <= 20
    assert recent.get(999) == 999
    assert recent.get(1) is None


def test_what_is_used_stays() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        if not number:
            recent.put(-1, -1)
        assert recent.get(-1) == -1
        recent.put(number, number)
    assert recent.get(-1) == -1
