"""The store's last complete sweep as a baseline: which one it is, and that nothing seems changed that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from scanner.diff import compare
from scanner.gates import Gate, reasons
from scanner.models import Channel, Coverage, Device, InterfaceCoverage, Inventory, Status
from scanner.store.baseline import Found, ever_seen, inventory_of, last_complete, last_seen, other_scopes
from scanner.store.reader import Reader
from scanner.store.values import digest_of, sweep_uid
from tests.samples import HOSTILE
from tests.store.conftest import Add
from tests.store.nights import SCOPE, camera, night

Read = Callable[[], Reader]
SQLITE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
ALL = tuple(Gate)


def latest(reader: Reader, *scope: str, site: str = "hq", but: str | None = None) -> Found | None:
    return last_complete(reader, site, scope or (SCOPE,), but)


def stored(reader: Reader) -> Inventory:
    found = latest(reader)
    assert found is not None
    return inventory_of(reader, found)


def recorder(*channels: Channel) -> Device:
    return camera(7, kind="nvr", channels=channels, channel_count=len(channels))


def test_what_is_as_before_hits_no_gate(add: Add, reader: Read) -> None:
    seen = Channel(1, source="192.0.2.5", model=HOSTILE, status=Status.REVIEW)
    tonight = night(2, camera(1), camera(2, status=Status.UNDETERMINED, maker=None), recorder(seen))
    add(night(1, camera(1), camera(2, status=Status.UNDETERMINED, maker=None), recorder(seen)))
    assert reasons(tonight, ALL, stored(reader())) == []
    assert compare(stored(reader()), tonight).rows == ()
    other = msgspec.structs.replace(seen, source="192.0.2.6")
    hidden = night(2, camera(1), camera(2, status=Status.UNDETERMINED, maker=None), recorder(seen, other))
    assert len(reasons(hidden, [Gate.REVIEW], stored(reader()))) == 1


def test_the_baseline_is_as_it_was_then(add: Add, reader: Read) -> None:
    """Not as the device is known by now: an earlier sweep of the scope, with states between and after."""
    add(night(1, camera(1, firmware="1"), camera(3)))
    add(night(2, camera(1, firmware="2"), camera(2)))
    add(night(3, camera(1, firmware="3"), scope=("198.51.100.0/25",)))
    add(night(4, camera(1, firmware="4"), complete=False))
    before = stored(reader())
    assert (before.sweep.id, before.sweep.complete) == ("night-2", True)
    assert [(one.host, one.firmware) for one in before.devices] == [("198.51.100.1", "2"), ("198.51.100.2", None)]
    second = latest(reader(), but=sweep_uid(night(2)))
    assert second is not None
    assert [(one.host, one.firmware) for one in inventory_of(reader(), second).devices] == [
        ("198.51.100.1", "1"), ("198.51.100.3", None),
    ]  # fmt: skip


@SQLITE
def test_which_sweep_it_is(add: Add, reader: Read) -> None:
    assert latest(reader()) is None
    add(night(2, camera(1), scope=("198.51.100.0/25", "203.0.113.0/24"), options={"exclude": ["198.51.100.9"]}))
    add(night(1, camera(1), scope=("203.0.113.0/24", "198.51.100.0/25")))
    add(night(3, camera(1), scope=("203.0.113.0/24", "198.51.100.0/25")), site="elsewhere")
    assert latest(reader()) is None
    assert other_scopes(reader(), "hq") == 1
    found = latest(reader(), "203.0.113.0/24", "198.51.100.0/25")
    assert found is not None  # in any order, and with whatever was excluded: that shows in the coverage
    assert (found.name, found.exclude) == ("night-2", ("198.51.100.9",))


def test_coverage_is_kept_as_far_as_a_gate_needs_it(add: Add, reader: Read) -> None:
    coverage = Coverage(
        addresses=254, answered=2, silent=252,
        interfaces=(InterfaceCoverage("eth0"), InterfaceCoverage("eth1", used=False, reason="down")),
    )  # fmt: skip
    whole = msgspec.structs.replace(night(1, camera(1), camera(2)), coverage=coverage)
    add(whole)
    kept = stored(reader()).coverage
    assert (kept.answered, [one.name for one in kept.interfaces]) == (2, ["eth0"])


@SQLITE
def test_the_digest_says_whether_a_run_is_the_one_that_was_recorded(add: Add, reader: Read) -> None:
    add(night(1, camera(1, model=HOSTILE)))
    found = latest(reader())
    assert found is not None
    assert found.digest == digest_of(night(1, camera(1, model=HOSTILE)))
    changes: tuple[dict[str, Any], ...] = ({"model": "other"}, {"findings": ()})
    assert all(found.digest != digest_of(night(1, camera(1, **each))) for each in changes)


def test_when_a_device_was_seen_before(add: Add, reader: Read) -> None:
    """Whatever the sweep: gone from the next one, in a part that was cut short, at another site."""
    add(night(1, camera(1), camera(2)))
    add(night(2, camera(1)))
    add(night(3, camera(1), camera(3), complete=False))
    add(night(4, camera(1), camera(4)), site="elsewhere")
    tonight = [camera(number, host=number + 50) for number in (1, 2, 3, 4)]
    seen = ever_seen(reader(), "hq")
    assert last_seen(seen, tonight) == {
        f"{number:016x}": f"2026-01-0{day}T02:00:00Z" for number, day in ((1, 3), (2, 1), (3, 3))
    }


@SQLITE
def test_a_mac_that_was_told_once_is_known_to_the_baseline(add: Add, reader: Read) -> None:
    """The night before it could not be asked for; the address changed since, and the device is no new one."""
    add(night(1, camera(1)))
    add(night(2, camera(1, mac=None, serial=None)))
    moved = night(3, camera(1, host=77, serial=None, id="other"))
    assert reasons(moved, [Gate.NEW, Gate.LISTED], stored(reader())) == []
