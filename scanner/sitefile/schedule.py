"""When a sweep may run: on some days, from a time until another, in one time zone. It may pass midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from scanner.own_file import meant
from scanner.sitefile.keys import ScheduleKeys

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_A_DAY = 24 * 60
_LONGEST = 8  # days that are looked ahead: a week, and the day that a window of the last one ends on


class Schedule(msgspec.Struct, frozen=True):
    """`days` are those on which a window begins (0 is Monday); `start` and `until` are minutes from their midnight.

    `until` is larger than `start`, and larger than a day where the window passes midnight.
    """

    days: frozenset[int]
    start: int
    until: int
    zone: str

    def __str__(self) -> str:
        days = "every day" if len(self.days) == 7 else ", ".join(DAYS[each] for each in sorted(self.days))
        return f"{days} {_clock(self.start)}-{_clock(self.until % MINUTES_A_DAY or MINUTES_A_DAY)} {self.zone}"

    def ends(self, now: datetime) -> datetime | None:
        """When the window that `now` (aware) is in ends, in UTC; None outside of every window.

        A window that begins when another ends, or before, goes on in it.
        """
        end = None
        for begin, until in self._windows(now):
            if begin <= (end or now.astimezone(UTC)) < until:
                end = until
        return end

    def begins(self, now: datetime) -> datetime:
        """When the next window begins after `now`, in the schedule's time zone."""
        return next(begin for begin, _ in self._windows(now) if begin > now).astimezone(ZoneInfo(self.zone))

    def _windows(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Those of yesterday to a week from now, in order, in UTC."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for number in range(-1, _LONGEST):
            day = today + timedelta(days=number)
            if day.weekday() in self.days:
                yield self._at(day, self.start), self._at(day, self.until)

    def _at(self, day: date, minutes: int) -> datetime:
        """The instant of a wall clock's time: minutes after midnight by the clock, whatever summer time does."""
        day += timedelta(days=minutes // MINUTES_A_DAY)
        hour, minute = divmod(minutes % MINUTES_A_DAY, 60)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def window_of(text: str) -> ScheduleKeys:
    """The keys of a window written as "mon-fri 22:00-05:00 Europe/London"; ValueError says what is wrong.

    Without days it is every day's, without times the whole day.
    """
    *parts, zone = text.split() or [""]
    times = parts.pop() if parts and ":" in parts[-1] else "00:00-24:00"
    start, dash, until = times.partition("-")
    if not dash or not zone or ":" in zone or read_clock(start) % MINUTES_A_DAY == read_clock(until):
        raise ValueError('a window looks like "mon-fri 22:00-05:00 Europe/London"')
    read_zone(zone)
    days = tuple(day for part in parts for day in part.casefold().split(",") if day)
    read_days(days)
    return ScheduleKeys(days=days, start=start, until=until, zone=zone)


def read_days(texts: tuple[str, ...]) -> frozenset[int]:
    """Days and ranges of days ("mon", "fri-mon"), all of them where there is none; ValueError says what is wrong."""
    found: set[int] = set()
    for text in texts:
        first, dash, last = text.casefold().partition("-")
        begin = _day(first)
        length = (_day(last) - begin) % 7 if dash else 0
        found |= {(begin + number) % 7 for number in range(length + 1)}
    return frozenset(found or range(7))


def read_clock(text: str) -> int:
    """Minutes from midnight of "22:00" (or TOML's own 22:00:00); ValueError for what is no time of a day."""
    hour, colon, minute = text.removesuffix(":00").partition(":") if text.count(":") == 2 else text.partition(":")
    digits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not colon or not digits or len(minute) != 2 or len(hour) > 2:
        raise ValueError('a time looks like "22:00"')
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > MINUTES_A_DAY:
        raise ValueError("a day has no such time")
    return minutes


def read_zone(text: str) -> str:
    """The name of a time zone, as "Europe/London"; ValueError, with the nearest, for one that is not known."""
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as error:  # OSError for the name of a folder of zones, as "Europe"
        raise ValueError(f"unknown time zone{meant(text, available_timezones())}") from error


def _day(text: str) -> int:
    word = text.strip()
    if word not in (*DAYS, *_WHOLE):
        raise ValueError(f"unknown day; known: {', '.join(DAYS)}, and from one to another as in mon-fri")
    return DAYS.index(word[:3])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
