"""Waivers mark findings and take nothing away; what is wrong with their file is told with its line."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from scanner.models import DataError, Device, Status
from scanner.registry.judge import judge
from scanner.registry.waivers import Waiver, read_waivers, records, waive
from scanner.registry.where import read_where
from tests.registry.devices import camera, policy, shipped

DAY = date(2026, 11, 28)
ONE = """\
[[waiver]]
id = "W-1"
instrument = "US-NDAA-889"
device = "198.51.100.10"
reason = "no federal work"
owner = "J. Doe"
expires = 2027-03-31
"""


def read(text: str) -> tuple[Waiver, ...]:
    return read_waivers("waivers.toml", text, shipped())


def judged(device: Device | None = None) -> Device:
    return judge(device or camera("Hikvision"), shipped(), policy("us-grant-recipient"), DAY)


def test_a_waived_finding_stays_and_says_who_why_and_until_when() -> None:
    before = judged()
    after = waive(before, read(ONE), DAY)
    assert after.status is Status.LISTED
    assert len(after.findings) == len(before.findings)
    first = after.findings[0]
    assert first.waiver is not None
    assert (first.waiver.id, first.waiver.owner, first.waiver.expires) == ("W-1", "J. Doe", "2027-03-31")
    assert not first.counts
    assert all(each.waiver is None for each in after.findings[1:])  # context needs no waiver


def test_it_holds_through_its_last_day_and_not_before_its_first() -> None:
    waivers = read(ONE + "from = 2026-12-01\n")
    assert waive(judged(), waivers, date(2026, 11, 30)).findings[0].waiver is None
    assert not waive(judged(), waivers, date(2027, 3, 31)).findings[0].counts
    expired = waive(judged(), waivers, date(2027, 4, 1)).findings[0]
    assert expired.counts
    assert expired.waiver is not None
    assert expired.waiver.expired


@pytest.mark.parametrize(
    ("device", "matches"),
    [
        ("198.51.100.10", True), ("198.51.100.0/28", True), ("198.51.100.8-12", True),
        ("198.51.100.8-198.51.100.12", True), ("2001:db8::/64", True), ("44:19:b6:00:00:01", True),
        ("44-19-B6-00-00-01", True), ("DS-2CD2043G0-I20190101", True), ("d", True),
        ("198.51.100.11", False), ("203.0.113.0/24", False), ("44:19:b6:00:00:02", False), ("DS-2CD2043", False),
    ],
)  # fmt: skip
def test_a_device_is_named_by_address_range_mac_or_serial(device: str, matches: bool) -> None:
    known = msgspec.structs.replace(
        camera("Hikvision"), addresses=("198.51.100.10", "2001:db8::5"), mac="44:19:b6:00:00:01",
        serial="DS-2CD2043G0-I20190101",
    )  # fmt: skip
    waived = waive(judged(known), read(ONE.replace("198.51.100.10", device)), DAY)
    assert (waived.findings[0].waiver is not None) is matches


def test_a_serial_of_twelve_hexadecimal_digits_is_still_a_serial() -> None:
    known = msgspec.structs.replace(camera("Axis"), serial="ACCC8E000001")
    assert read_where("ACCC8E000001").matches(known)


def test_a_valid_waiver_goes_before_an_expired_one() -> None:
    old = ONE.replace("W-1", "W-0").replace("2027-03-31", "2026-01-31")
    waiver = waive(judged(), read(old + ONE), DAY).findings[0].waiver
    assert waiver is not None
    assert waiver.id == "W-1"


def test_every_waiver_is_recorded_used_or_not() -> None:
    elsewhere = ONE.replace("W-1", "W-2").replace("198.51.100.10", "198.51.100.99")
    over = ONE.replace("W-1", "W-3").replace("2027-03-31", "2026-11-27")
    later = ONE.replace("W-1", "W-4") + "from = 2027-01-01\n"
    found = records([judged()], read(ONE + elsewhere + over + later), DAY)
    assert [(each.id, each.state, each.findings, each.hosts) for each in found] == [
        ("W-1", "in use", 1, 1), ("W-2", "unused", 0, 0), ("W-3", "expired", 1, 1), ("W-4", "not begun", 1, 1),
    ]  # fmt: skip


REFUSED = {
    "a typo in a key": (ONE.replace("owner", "ownr"), 6, "unknown key 'ownr'; did you mean 'owner'?"),
    "another table": ("[[waivers]]\n", 1, "unknown key 'waivers'; did you mean 'waiver'?"),
    "an unknown instrument": (ONE.replace("889", "898"), 3, "did you mean 'US-NDAA-889'?"),
    "a part of another": (ONE.replace("US-NDAA-889", "US-FAR-52.204-25"), 3, "is told with US-NDAA-889: waive that"),
    "no reason": (ONE.replace("no federal work", " "), 5, "reason: a waiver needs one"),
    "no owner": (ONE.replace('owner = "J. Doe"\n', ""), 1, "missing required field `owner`"),
    "no end": (ONE.replace("expires = 2027-03-31\n", ""), 1, "missing required field `expires`"),
    "a bad date": (ONE.replace("2027-03-31", '"31.3.2027"'), 7, "'31.3.2027' is not a date"),
    "ends before it begins": (ONE + "from = 2028-01-01\n", 7, "before it begins"),
    "a bad address": (ONE.replace("198.51.100.10", "198.51.100.300"), 4, "'198.51.100.300' is no address"),
    "a bad range": (ONE.replace("198.51.100.10", "198.51.100.10-5"), 4, "is no address"),
    "a bad IPv6 address": (ONE.replace("198.51.100.10", "2001:db8::1::2"), 4, "no address"),
    "no device": (ONE.replace('device = "198.51.100.10"\n', ""), 1, "either device or devices"),
    "both": (ONE + 'devices = ["198.51.100.11"]\n', 4, "either device or devices"),
    "an id twice": (ONE + ONE, 9, "the id 'W-1' is there twice"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_mistake_is_told_with_its_line(name: str) -> None:
    text, line, message = REFUSED[name]
    with pytest.raises(DataError) as refused:
        read(text)
    assert message in str(refused.value)
    assert str(refused.value).startswith(f"waivers.toml:{line}: ")
