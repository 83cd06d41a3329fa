"""A date known only in part counts from, and until, its last day."""

from __future__ import annotations

from datetime import date

import pytest

from scanner.dates import begun, day, ended, holds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2024-02", date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 28)),
        ("2022-12", date(2022, 12, 31)),
        ("2020", date(2020, 12, 31)),
    ],
)
def test_a_partial_date_is_its_last_day(text: str, expected: date) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2026-1-2",
        "0000",
        "0000-01",
        "yesterday",
        "2026-11-22Z",
        "２０２６",
        "-2026",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        day(text)


def test_a_period_holds_its_first_day_and_not_its_last() -> None:
    assert holds("2024-01-31", "2025-01-07", date(2024, 1, 31))
    assert holds("2024-01-31", "2025-01-07", date(2025, 1, 6))
    assert not holds("2024-01-31", "2025-01-07", date(2025, 1, 7))
    assert not holds("2024-01-31", "2025-01-07", date(2024, 1, 30))


def test_an_open_end_is_open() -> None:
    assert begun(None, date(1999, 1, 1))
    assert not ended(None, date(2999, 1, 1))
    assert holds(None, None, date(2026, 1, 1))
