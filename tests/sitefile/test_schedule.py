"""Windows: within them, past midnight, over the change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scanner.sitefile.schedule import Schedule, read_clock, read_days
from tests.sitefile.samples import SITE, read


def schedule(text: str) -> Schedule:
    found = read(f"{SITE}schedule = {{ {text} }}").sites[0].schedule
    assert found is not None
    return found


def at(text: str, zone: str = "Europe/London") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


NIGHTS = 'days = ["mon-fri"], from = "22:00", until = "05:00", zone = "Europe/London"'


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-27 21:59", None),  # a Friday
        ("2026-11-27 22:00", "2026-11-28 05:00"),
        ("2026-11-28 04:59", "2026-11-28 05:00"),  # the night of Friday, on Saturday
        ("2026-11-28 05:00", None),
        ("2026-11-28 23:00", None),
        ("2026-11-30 03:00", None),  # the night of Sunday, on Monday
        ("2026-11-30 23:00", "2026-12-01 05:00"),
    ],
)
def test_a_window_that_passes_midnight_belongs_to_the_day_it_begins_on(now: str, ends: str | None) -> None:
    assert schedule(NIGHTS).ends(at(now)) == (at(ends).astimezone(UTC) if ends else None)


def test_the_next_window() -> None:
    assert schedule(NIGHTS).begins(at("2026-11-28 12:00")) == at("2026-11-30 22:00")
    assert schedule('days = ["sat"], zone = "UTC"').begins(at("2026-11-28 00:00", "UTC")) == at("2026-12-05", "UTC")


def test_the_clock_on_the_wall_counts_when_it_is_changed() -> None:
    nights = schedule('from = "00:30", until = "03:30", zone = "Europe/London"')
    forward, back = at("2026-03-29 00:30"), at("2026-10-25 00:30")
    for now, hours in ((forward, 2), (back, 4)):
        ends = nights.ends(now)
        assert ends is not None
        assert (ends - now.astimezone(UTC)).total_seconds() == hours * 3600
    assert nights.ends(datetime(2026, 10, 25, 2, 45, tzinfo=UTC)) is not None  # 02:45 of winter time


def test_a_window_that_meets_the_next_goes_on_in_it() -> None:
    days = schedule('days = ["mon", "tue"], zone = "UTC"')
    assert days.ends(at("2026-11-30 08:00", "UTC")) == datetime(2026, 12, 2, tzinfo=UTC)
    assert schedule('zone = "UTC"').ends(at("2026-11-30 08:00", "UTC")) is not None


def test_days_and_times() -> None:
    assert read_days(("mon", "Friday-sun")) == {0, 4, 5, 6}
    assert read_days(("sun-tue",)) == {6, 0, 1}
    assert read_days(()) == set(range(7))
    assert [read_clock(text) for text in ("00:00", "9:05", "24:00", "22:00:00")] == [0, 545, 1440, 1320]
    for wrong in ("", "22", "22:0", "22:60", "-1:00", "22:00:30", "١٢:00", "24:01"):
        with pytest.raises(ValueError):
            read_clock(wrong)
