"""Days and periods. A date known only to the month or year counts from, and until, its last day: never too early."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=1024)
def day(text: str) -> date:
    """The last day of a YYYY, YYYY-MM or YYYY-MM-DD; ValueError for anything else."""
    parts = text.split("-")
    if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        raise ValueError(f"{text!r} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
    numbers = [int(part) for part in parts]
    year = numbers[0]
    month = numbers[1] if len(numbers) > 1 else 12
    if not 1 <= month <= 12 or year < 1:
        raise ValueError(f"{text!r} is not a date: the month or year does not exist")
    if len(numbers) == 3:
        if not 1 <= numbers[2] <= monthrange(year, month)[1]:
            raise ValueError(f"{text!r} is not a date: the month has no such day")
        return date(year, month, numbers[2])
    return date(year, month, monthrange(year, month)[1])


def holds(since: str | None, until: str | None, as_of: date) -> bool:
    """Whether `as_of` lies in the period [since, until); None is open."""
    return begun(since, as_of) and not ended(until, as_of)


def begun(since: str | None, as_of: date) -> bool:
    """Whether the period has begun."""
    return since is None or day(since) <= as_of


def ended(until: str | None, as_of: date) -> bool:
    """Whether the period is over."""
    return until is not None and day(until) <= as_of
