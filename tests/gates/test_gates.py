"""Gates say why, and compare with a baseline without being fooled by a changed address."""

from __future__ import annotations

import msgspec
import pytest

from scanner.gates import Gate, reasons
from scanner.models import Coverage, Finding, Status, Strength, Waived, WaiverRecord
from tests.samples import device, finding, inventory


@pytest.mark.parametrize(
    ("gate", "failing"),
    [
        (Gate.LISTED, {Status.LISTED}),
        (Gate.REVIEW, {Status.LISTED, Status.REVIEW}),
        (Gate.UNDETERMINED, {Status.LISTED, Status.REVIEW, Status.UNDETERMINED}),
    ],
)
def test_each_level_includes_those_before_it(gate: Gate, failing: set[Status]) -> None:
    for status in Status:
        found = reasons(inventory(device(status=status)), [gate], None)
        assert bool(found) == (status in failing), status
        assert all("198.51.100.10" in reason for reason in found)


def test_a_baseline_leaves_only_what_is_new() -> None:
    old = device()
    new = device("198.51.100.11", id="other", mac="44:19:b6:00:00:02")
    assert reasons(inventory(old), [Gate.LISTED], inventory(old)) == []
    found = reasons(inventory(old, new), [Gate.LISTED], inventory(old))
    assert len(found) == 1
    assert "198.51.100.11" in found[0]


def test_a_device_that_became_listed_is_told_though_it_was_there() -> None:
    before = device(status=Status.NOT_LISTED)
    assert len(reasons(inventory(device()), [Gate.LISTED], inventory(before))) == 1
    assert reasons(inventory(device()), [Gate.NEW], inventory(before)) == []


def test_a_changed_address_is_not_a_new_device() -> None:
    moved = device("198.51.100.77", id="id-198.51.100.10")
    assert reasons(inventory(moved), [Gate.NEW], inventory(device())) == []


def test_another_device_at_a_known_address_is_new() -> None:
    replaced = device(id="replaced", mac="44:19:b6:00:00:99")
    assert len(reasons(inventory(replaced), [Gate.NEW], inventory(device()))) == 1


def test_what_is_no_camera_is_never_new() -> None:
    printer = device("198.51.100.5", id="p", mac=None, is_camera=False, status=Status.NOT_A_CAMERA)
    assert reasons(inventory(printer), [Gate.NEW], inventory()) == []


def test_lost_coverage() -> None:
    before = inventory(device())
    now = inventory(device(), coverage=Coverage(addresses=254, answered=0, silent=254))
    found = reasons(now, [Gate.COVERAGE], before)
    assert any("answered" in reason for reason in found)
    assert any("eth0" in reason for reason in found)
    cut = msgspec.structs.replace(before, sweep=msgspec.structs.replace(before.sweep, complete=False))
    assert any("not complete" in reason for reason in reasons(cut, [Gate.COVERAGE], before))
    assert reasons(before, [Gate.COVERAGE], before) == []


@pytest.mark.parametrize("bogus", [{"mac": "00:12:34:56:78:9a"}, {"serial": "123456789", "mac": None}])
def test_a_new_device_does_not_hide_behind_a_number_that_others_share(bogus: dict[str, str | None]) -> None:
    old = device("198.51.100.10", **bogus)
    new = device("198.51.100.11", **bogus)
    found = reasons(inventory(old, new), [Gate.NEW, Gate.LISTED], inventory(old))
    assert len(found) == 2
    assert all("198.51.100.11" in reason for reason in found)
    assert reasons(inventory(old, new), [Gate.NEW, Gate.LISTED], inventory(old, new)) == []


def waived(*, expired: bool = False, strength: Strength = Strength.LISTED) -> Finding:
    return finding(strength=strength, waiver=Waived("W-1", "no federal work", "J. Doe", "2027-03-31", expired=expired))


def record(**changes: object) -> WaiverRecord:
    fields = {
        "id": "W-1", "instruments": ("US-NDAA-889",), "devices": ("198.51.100.10",), "reason": "r", "owner": "J. Doe",
        "expires": "2026-10-31", "state": "expired", "findings": 1, "hosts": 1,
    }  # fmt: skip
    return msgspec.convert(fields | changes, WaiverRecord)


def test_a_gate_does_not_fire_on_what_is_validly_waived() -> None:
    assert reasons(inventory(device(findings=(waived(),))), [Gate.LISTED, Gate.UNDETERMINED], None) == []
    assert len(reasons(inventory(device(findings=(waived(expired=True),))), [Gate.LISTED], None)) == 1


def test_what_is_left_beside_a_waived_finding_counts() -> None:
    review = finding(instrument="UK-WMS-2022-11-24", strength=Strength.REVIEW)
    partly = inventory(device(findings=(waived(), review)))
    assert reasons(partly, [Gate.LISTED], None) == []
    assert reasons(partly, [Gate.REVIEW], None) == [
        "review: 198.51.100.10 (LTS CMIP1042) is review (UK-WMS-2022-11-24)"
    ]
    context = finding(instrument="UK-FAC-2021", strength=Strength.CONTEXT)
    assert reasons(inventory(device(findings=(waived(), context))), [Gate.REVIEW], None) == []


def test_a_waiver_that_is_gone_makes_the_device_new_to_the_baseline() -> None:
    before = inventory(device(findings=(waived(),)))
    assert len(reasons(inventory(device()), [Gate.LISTED], before)) == 1
    assert reasons(before, [Gate.LISTED], before) == []


def test_an_expired_waiver_fails_any_gate_with_a_line_of_its_own() -> None:
    found = reasons(inventory(device(status=Status.NOT_LISTED), waivers=(record(),)), [Gate.LISTED], None)
    assert found == [
        "waiver: W-1 (J. Doe) expired on 2026-10-31; it is for US-NDAA-889 on 198.51.100.10 "
        "and named 1 finding that counts now"
    ]
    assert reasons(inventory(waivers=(record(),)), [], None) == []
    assert reasons(inventory(waivers=(record(state="unused"), record(state="in use"))), [Gate.REVIEW], None) == []
    assert "nothing that is found now" in reasons(inventory(waivers=(record(findings=0),)), [Gate.LISTED], None)[0]
