"""A gate's line says why a device fails now and not before: the list, the policy, the device, a waiver, or unknown."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from scanner.diff import Again
from scanner.gates import Against, Gate, check, reasons
from scanner.models import BasisFile, Device, Inventory, RegistryInfo, Status, Strength, Waived
from scanner.text import clean
from tests.samples import HOSTILE, device, finding, inventory

FREE: dict[str, Any] = {"status": Status.NOT_LISTED, "findings": ()}
NEWER = RegistryInfo("2026-11-23", "d" * 64)
CLAIMLESS: dict[str, Any] = {"claims": ()}
"""As a store gives a device back."""


def night(one: Device, *, registry: RegistryInfo | None = None, rules: str = "f" * 64, **sweep: Any) -> Inventory:
    made = inventory(one)
    tool = msgspec.structs.replace(made.tool, registry=registry or made.tool.registry, fingerprints=rules)
    return msgspec.structs.replace(made, tool=tool, sweep=msgspec.structs.replace(made.sweep, **sweep))


def listed(one: Device) -> Device:
    return msgspec.structs.replace(one, status=Status.LISTED, findings=(finding(),))


def free(one: Device) -> Device:
    return msgspec.structs.replace(one, **FREE)


def line(before: Inventory, now: Inventory, again: Again | None = None) -> str:
    result = check(now, [Gate.LISTED], Against(before, again=lambda: again))[-1]
    (found,) = result.lines
    return found


LISTS = (
    "listed: 198.51.100.10 (LTS CMIP1042) is listed: the list changed, not the device: US-NDAA-889 (edition "
    "2018-08-13) names Hangzhou Hikvision Digital Technology Company; the registry of 2026-11-23 judged, that of "
    "2026-11-22 in the baseline"
)
TOMORROW: dict[str, Any] = {"as_of": "2026-11-23"}


@pytest.mark.parametrize("kept", [{}, CLAIMLESS])
def test_the_list_changed_and_not_the_device(kept: dict[str, Any]) -> None:
    before, now = night(device(**FREE, **kept)), night(device(), registry=NEWER)
    assert line(before, now) == LISTS
    # From night to night the day changes as well: what the new lists say of the old day settles it
    now = night(device(), registry=NEWER, **TOMORROW)
    assert line(before, now, Again(judge=listed, then=listed)) == LISTS
    assert "which it was is not known" in line(before, now, Again(judge=listed, then=free))
    assert "which it was is not known" in line(before, now)


@pytest.mark.parametrize("kept", [{}, CLAIMLESS])
def test_only_the_day_or_the_policy_changed(kept: dict[str, Any]) -> None:
    before = night(device(**FREE, **kept))
    own = BasisFile("policy", "own.toml", "1", "")
    changes: tuple[dict[str, Any], ...] = (TOMORROW, {"policy": ("own",), "basis": (own,)})
    for change in changes:
        found = line(before, night(device(), **change), Again(judge=listed, then=free))
        assert "another policy or day judged it, and neither lists nor device changed: US-NDAA-889 names" in found


@pytest.mark.parametrize("kept", [{}, CLAIMLESS])
def test_the_device_changed(kept: dict[str, Any]) -> None:
    before = night(device(maker="Acme", firmware="1.0", **FREE, **kept))
    now = night(device(firmware="2.0"), **TOMORROW)
    found = line(before, now, Again(judge=free, then=listed))
    assert "the device's answers changed (maker Acme → Hikvision, firmware 1.0 → 2.0); by US-NDAA-889" in found
    assert line(before, night(device(firmware="2.0"))) == found


def test_with_lists_and_device_changed_it_is_not_guessed() -> None:
    before = night(device(maker="Acme", **FREE, **CLAIMLESS))
    found = line(before, night(device(), registry=NEWER, **TOMORROW), Again(judge=listed, then=listed))
    assert "which it was is not known (maker Acme → Hikvision)" in found
    # Where a person has to weigh evidence, it may be the evidence that changed
    before = night(device(status=Status.REVIEW, findings=(), **CLAIMLESS))
    assert "is not known" in line(before, night(device(), registry=NEWER), Again(then=listed))


def test_its_words_are_understood_otherwise() -> None:
    before = night(device(maker=None, **FREE))
    now = night(device(), rules="other")
    again = Again(devices=(device(),), judge=free, then=free)
    assert "understood otherwise by other fingerprints (maker not established → Hikvision)" in line(before, now, again)
    assert "is not known" in line(before, now)


def test_a_waiver_ended() -> None:
    waiver = Waived("W-1", "no federal work", "J. Doe", "2027-03-31")
    before = night(device(findings=(finding(waiver=waiver),)))
    ended = "it was waived in the baseline by W-1 (J. Doe, until 2027-03-31) and is not now: US-NDAA-889"
    assert ended in line(before, night(device()))


def test_one_more_instrument_names_what_was_listed_already() -> None:
    more = device(findings=(finding(), finding(instrument="US-FCC-COVERED-LIST", edition="2026-11-20", entity="X")))
    before = night(device())
    found = line(before, night(more, registry=NEWER))
    assert "the list changed, not the device: US-FCC-COVERED-LIST (edition 2026-11-20) names X" in found
    assert reasons(night(device()), [Gate.LISTED], night(more)) == []
    asked = device(findings=(finding(), finding(instrument="UK-WMS-2022-11-24", strength=Strength.REVIEW)))
    assert reasons(night(asked), [Gate.LISTED], before) == []
    assert len(reasons(night(asked), [Gate.REVIEW], before)) == 1


def test_what_passed_says_what_was_looked_at() -> None:
    waived = device("198.51.100.11", id="w", mac=None, findings=(finding(waiver=Waived("W", "r", "o", "2027-01-01")),))
    two = inventory(device(), waived)
    results = check(two, [Gate.LISTED, Gate.NEW], Against(two, max_registry_age=3))
    assert [(one.gate, one.passed) for one in results] == [
        ("waiver", "no waiver was given"),
        ("registry", "its edition of 2026-11-22 was 0 days old on 2026-11-22; at most 3 are allowed"),
        ("listed", "1 of 2 devices are listed, as in the baseline; 1 more are, and waived"),
        ("new", "each of 2 devices is in the baseline, or no camera"),
    ]
    assert not any(one.hit for one in results)
    assert check(two, [], Against(two)) == ()


@pytest.mark.parametrize(
    ("edition", "most", "expected"),
    [
        ("2026-11-01", 21, ""),
        ("2026-11-01", 20, "was 21 days old on 2026-11-22; at most 20 are allowed: update camcensus"),
        ("of today", 20, "is no date"),
    ],
)
def test_a_registry_that_is_too_old(edition: str, most: int, expected: str) -> None:
    old = night(device(**FREE), registry=RegistryInfo(edition, "e"), as_of="2020-01-01")
    (_waivers, result) = check(old, [], Against(max_registry_age=most))
    assert result.hit == bool(expected)
    assert all(expected in each for each in result.lines)


def test_hostile_words_stay_in_one_line() -> None:
    before = night(device(model="a", **FREE))
    found = line(before, night(device(model=HOSTILE, firmware=HOSTILE)))
    assert clean(found, 600).count("\n") == 0
