"""Waivers in the store: what they excuse, how each sweep used them, and when they came and went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from scanner.models import Finding, Inventory, Waived, WaiverRecord
from scanner.models.changes import Cause
from scanner.report.history import render_history, render_sites
from scanner.store.baseline import inventory_of, last_complete
from scanner.store.check import problems
from scanner.store.engine import Store
from scanner.store.history import one_device
from scanner.store.reader import Reader
from scanner.store.record import Outcome
from scanner.store.sites import every_site
from tests.samples import HOSTILE, finding
from tests.store.conftest import Add
from tests.store.nights import SCOPE, camera, night

TODAY = "2026-02-01"
Read = Callable[[], Reader]


def waived(*, expired: bool = False, **changes: Any) -> Finding:
    """Section 889, waived by W-1."""
    fields = {"id": "W-1", "reason": "replaced next year", "owner": "J. Doe", "expires": "2026-06-30"} | changes
    return finding(waiver=Waived(**fields, expired=expired))


def given(inventory: Inventory, **changes: Any) -> Inventory:
    """A sweep that was given W-1."""
    fields: dict[str, Any] = {
        "id": "W-1", "instruments": ("US-NDAA-889",), "devices": ("198.51.100.2",), "reason": "replaced next year",
        "owner": "J. Doe", "expires": "2026-06-30", "state": "in use", "findings": 1, "hosts": 1,
    }  # fmt: skip
    return msgspec.structs.replace(inventory, waivers=(WaiverRecord(**(fields | changes)),))


def test_a_waiver_from_its_grant_to_its_end(store: Store, add: Add, reader: Read) -> None:
    add(night(1, camera(2)))
    for day in (2, 3):
        add(given(night(day, camera(2, findings=(waived(),)))))
    add(given(night(4, camera(2, findings=(waived(expired=True),))), state="expired"))
    (device,) = one_device(reader(), "SN000002", None, TODAY).devices
    changes = [(event.at[:10], change.before, change.after, change.cause)
               for event in device.events for change in event.changes]  # fmt: skip
    assert changes == [
        ("2026-01-02", None, "W-1 (J. Doe, until 2026-06-30)", Cause.POLICY),
        ("2026-01-04", "W-1 (J. Doe, until 2026-06-30)", "W-1 (J. Doe, expired 2026-06-30)", Cause.POLICY),
    ]
    assert (device.status, device.waivers) == ("listed", ("W-1 (J. Doe, expired 2026-06-30)",))
    assert "Waived in part or whole: W-1" in render_history(one_device(reader(), "SN000002", None, TODAY))
    site = every_site(reader(), None, TODAY)
    assert site.sites[0].waivers == {"expired": 1}
    assert "1 waivers had expired when it was swept last" in render_sites(site)
    assert reader().rows("SELECT count(*) FROM waiver") == [(1,)]  # one, for three sweeps
    assert list(problems(reader(), store.place)) == []


def test_the_same_sweep_without_its_waivers_is_another_story(store: Store, add: Add, reader: Read) -> None:
    one = given(night(1, camera(2, findings=(waived(),))))
    assert add(one).outcome is Outcome.ADDED
    assert add(one).outcome is Outcome.SAME
    assert add(given(one, state="unused", findings=0)).outcome is Outcome.REPLACED
    assert add(night(1, camera(2))).outcome is Outcome.REPLACED
    for table in ("waiver", "waiver_use"):
        assert reader().rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - ours
    with store.change() as connection:
        connection.exec_driver_sql("UPDATE sweep SET waivers = 2")
    assert "hq: sweep night-1 was given 2 waivers, and 0 are recorded" in problems(reader(), store.place)


def test_a_waiver_comes_back_with_the_baseline(add: Add, reader: Read) -> None:
    hostile = waived(reason=HOSTILE, owner=HOSTILE)
    one = given(night(1, camera(2, findings=(hostile, finding(instrument="AU-2023")))), reason=HOSTILE, owner=HOSTILE)
    add(one)
    found = last_complete(reader(), "hq", [SCOPE])
    assert found is not None
    before = inventory_of(reader(), found)
    by_name = {each.instrument: each for each in before.devices[0].findings}
    assert by_name["AU-2023"].waiver is None
    waiver = by_name["US-NDAA-889"].waiver
    assert waiver is not None
    assert (waiver.id, waiver.expires, waiver.expired) == ("W-1", "2026-06-30", False)
    assert before.waivers[0].owner == waiver.owner != HOSTILE
    assert (before.waivers[0].state, before.waivers[0].devices) == ("in use", ("198.51.100.2",))


def test_two_waivers_of_one_name_stay_two(add: Add, reader: Read) -> None:
    two = night(1, camera(1, findings=(waived(),)), camera(2, findings=(waived(owner="A. Roe"),)))
    add(given(two))
    assert reader().rows("SELECT owner FROM waiver ORDER BY owner") == [("A. Roe",), ("J. Doe",)]
