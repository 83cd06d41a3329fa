"""What history, sites, trend and removals say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from scanner.models import Inventory, RegistryInfo, Status, UsageError
from scanner.models.changes import Cause
from scanner.models.history import RemovalState, SiteTrend, Trend, TrendPoint
from scanner.report.history import render_history, render_json, render_removals, render_sites
from scanner.report.trend import OTHERS, bars, in_columns, render_trend
from scanner.store.engine import Store
from scanner.store.history import every_device, one_device
from scanner.store.reader import Reader
from scanner.store.removals import Kind, Word
from scanner.store.say import meant, replacement, say
from scanner.store.sites import every_removal, every_site
from scanner.store.trend import trend
from tests.samples import HOSTILE
from tests.store.conftest import Add
from tests.store.nights import camera, night

Read = Callable[[], Reader]
TODAY = "2026-01-31"
SQLITE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
"""For what does not depend on the database."""
FREE: dict[str, Any] = {"status": Status.NOT_LISTED, "findings": ()}


def judged_by(inventory: Inventory, **changes: object) -> Inventory:
    return msgspec.structs.replace(inventory, tool=msgspec.structs.replace(inventory.tool, **changes))


@SQLITE
@pytest.mark.parametrize(
    ("before", "second", "after", "causes"),
    [
        (FREE, {"registry": RegistryInfo("2026-01-02", "d")}, {}, {Cause.LISTS}),
        ({**FREE, "status": Status.REVIEW}, {"registry": RegistryInfo("2026-01-02", "d")}, {}, {Cause.UNKNOWN}),
        (FREE, {}, {"firmware": "2"}, {Cause.DEVICE}),
        ({}, {"fingerprints": "other"}, {"model": "X"}, {Cause.UNKNOWN}),
        (FREE, {"fingerprints": "other"}, {}, {Cause.UNKNOWN}),
    ],
)
def test_why_something_changed(
    add: Add, reader: Read, before: dict[str, Any], second: dict[str, Any], after: dict[str, Any],
    causes: set[Cause],
) -> None:  # fmt: skip
    add(night(1, camera(1, **before)))
    add(judged_by(night(2, camera(1, **after)), **second))
    event = one_device(reader(), "198.51.100.1", None, TODAY).devices[0].events[1]
    assert {change.cause for change in event.changes} == causes


@SQLITE
def test_another_day_alone_is_the_day(add: Add, reader: Read) -> None:
    add(night(1, camera(1, **FREE)))
    add(night(2, camera(1), as_of="2026-01-02"))
    event = one_device(reader(), "198.51.100.1", None, TODAY).devices[0].events[1]
    assert {change.cause for change in event.changes} == {Cause.POLICY}


def word(reader: Reader, name: str, kind: Kind, **said: object) -> Word:
    number, _device = meant(reader, name, None, kind, TODAY)
    told = {"day": None, "reason": "", "replaced_by": None, "replacement": None, "recorded_at": "2026-01-10T00:00:00Z"}
    return Word(device=number, kind=kind, **(told | said))  # type: ignore[arg-type]


def test_a_removal_from_plan_to_gone(store: Store, add: Add, reader: Read) -> None:
    add(night(1, camera(1), camera(2)))
    plan = {"day": "2026-01-20", "reason": "NDAA\x00", "replaced_by": "198.51.100.9"}
    assert replacement(reader(), "198.51.100.9", "hq", TODAY) is None
    say(store, word(reader(), "198.51.100.1", Kind.PLAN, **plan))
    (one,) = every_removal(reader(), None, "2026-01-15").removals
    assert (one.state, one.reason, one.replaced_by) == (RemovalState.PLANNED, "NDAA", "198.51.100.9")
    assert every_removal(reader(), None, TODAY).removals[0].state is RemovalState.OVERDUE
    assert every_site(reader(), None, TODAY).sites[0].overdue == 1
    add(night(22, camera(2), camera(9)))
    assert every_removal(reader(), None, TODAY).removals[0].state is RemovalState.GONE
    new = replacement(reader(), "198.51.100.9", "hq", TODAY)
    say(store, word(reader(), "198.51.100.1", Kind.DONE, day="2026-01-21", replaced_by="198.51.100.9", replacement=new))
    (one,) = every_removal(reader(), None, TODAY).removals
    assert (one.state, one.gone_since) == (RemovalState.GONE, "2026-01-22T02:00:00Z")
    assert (one.replacement, one.reason) == ("Hikvision CMIP1042 at 198.51.100.9", "NDAA")
    add(night(25, camera(1), camera(2)))
    assert every_removal(reader(), None, TODAY).removals[0].state is RemovalState.SEEN_AFTER
    text = render_history(one_device(reader(), "198.51.100.1", None, TODAY))
    for words in ("removal planned", "for 2026-01-20; replaced by 198.51.100.9; NDAA", "SEEN AGAIN", "gone", "back"):
        assert words in text
    say(store, word(reader(), "198.51.100.1", Kind.CANCEL))
    assert every_removal(reader(), None, TODAY).removals == ()


@SQLITE
def test_a_removal_said_to_be_done_waits_for_a_sweep(store: Store, add: Add, reader: Read) -> None:
    add(night(1, camera(1)))
    say(store, word(reader(), "198.51.100.1", Kind.DONE, day="2026-01-01"))
    assert every_removal(reader(), None, TODAY).removals[0].state is RemovalState.DONE
    assert "no sweep has confirmed" in " ".join(render_removals(every_removal(reader(), None, TODAY)).split())


@SQLITE
def test_a_removal_means_one_device(add: Add, reader: Read) -> None:
    add(night(1, camera(1)))
    add(night(2, camera(2, 1)))
    assert meant(reader(), "198.51.100.1", None, Kind.PLAN, TODAY)[1].serial == "SN000002"  # who is there now
    with pytest.raises(UsageError, match="no removal"):
        meant(reader(), "198.51.100.1", None, Kind.CANCEL, TODAY)
    add(night(3, camera(1)), site="west")
    with pytest.raises(UsageError, match=r"2 devices.*site west"):
        meant(reader(), "198.51.100.1", None, Kind.PLAN, TODAY)
    assert meant(reader(), "198.51.100.1", "west", Kind.PLAN, TODAY)[1].site == "west"


def test_sites_say_first_what_was_not_reached(add: Add, reader: Read) -> None:
    add(night(1, camera(1), camera(2, **FREE)))
    add(night(2, camera(1), complete=False))
    add(night(5, camera(1)), site="west")
    found = every_site(reader(), None, TODAY)
    hq, west = found.sites
    assert (hq.sweeps, hq.complete, hq.devices, hq.statuses["listed"], hq.statuses["not-listed"]) == (2, False, 2, 1, 1)
    assert (hq.last_complete, west.complete) == ("2026-01-01T02:00:00Z", True)
    lines = render_sites(found, width=100).splitlines()
    assert lines[0] == (
        "! hq: the latest sweep is not complete (the last complete one is of 2026-01-01): what it did not see"
    )
    assert "2 sites, 3 sweeps; 2 with a listed device." in lines[-1]
    assert json.loads(render_json(found))["schema"] == "camcensus.sites/1"


def test_a_trend_carries_on_what_was_not_asked(add: Add, reader: Read) -> None:
    add(night(1, camera(1), camera(2, maker="Axis", **FREE)))
    add(night(2, camera(1), complete=False))
    add(night(3, scope=("203.0.113.0/24",)), asked=lambda address: address.startswith("203."))
    add(night(4, camera(2, maker="Axis", **FREE), camera(3, is_camera=False, status=Status.NOT_A_CAMERA)))
    (site,) = trend(reader(), None, "status").sites
    assert [point.counts for point in site.points] == [
        {"listed": 1, "not-listed": 1}, {"listed": 1, "not-listed": 1}, {"listed": 1, "not-listed": 1},
        {"not-a-camera": 1, "not-listed": 1},
    ]  # fmt: skip
    assert [point.complete for point in site.points] == [True, False, True, True]
    makers = trend(reader(), "hq", "maker")
    assert makers.keys == ("Axis", "Hikvision")
    assert makers.sites[0].points[-1].counts == {"Axis": 1}


def chart(points: int, **counts: int) -> Trend:
    many = [TrendPoint(f"2026-01-{at % 28 + 1:02}T00:00:00Z", f"s{at}", at != 3, 1, counts) for at in range(points)]
    return Trend("status", tuple(counts), (SiteTrend("hq", tuple(many)),))


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("points", [1, 30, 1000])
def test_a_chart_is_as_wide_as_the_terminal_at_most(width: int, points: int) -> None:
    text = render_trend(chart(points, listed=12, review=0, undetermined=3), width=width)
    lines = text.splitlines()
    assert max(map(len, lines[1:])) <= width
    assert [line.split()[0] for line in lines[1:3]] == ["listed", "undetermined"]
    assert ("not complete" in text) == (points > 3)
    if points == 1000:
        assert len(lines[1]) > width - 3
        assert "several in a column" in lines[0]


def test_of_many_makers_the_rest_are_counted_together() -> None:
    text = render_trend(chart(2, **{f"maker{n}": n for n in range(1, 13)}), width=60)
    assert f"{OTHERS:10} 15" in text
    assert "maker5 " not in text


def test_bars() -> None:
    assert bars([0, 1, 50, 100], 100) == " ▁▄█"
    assert bars([0], 0) == " "
    assert [list(column) for column in in_columns(5, 2)] == [[0, 1], [2, 3, 4]]
    assert in_columns(0, 5) == []


@SQLITE
@pytest.mark.parametrize("width", [40, 80, 160])
def test_hostile_words_do_nothing_to_a_terminal(add: Add, reader: Read, width: int) -> None:
    add(night(1, camera(1, model=HOSTILE, brand=HOSTILE, maker=HOSTILE), id=HOSTILE), site=HOSTILE)
    add(night(2, camera(1, model="x"), id=HOSTILE), site=HOSTILE)
    for text in (
        render_history(one_device(reader(), "198.51.100.1", None, TODAY), width=width, color=True),
        render_history(every_device(reader(), None, TODAY), width=width),
        render_trend(trend(reader(), None, "maker"), width=width),
        render_sites(every_site(reader(), None, TODAY), width=width),
    ):  # fmt: skip
        assert not {"\x07", "\x00", "\u202e", "\r"} & set(text)
        assert "\x1b[31m<" not in text
