"""The history of a site in its report: every sweep until this one, to see and to read, and nothing that acts."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scanner.cli.endings import Endings
from scanner.cli.recording import record_run
from scanner.cli.report_command import report
from scanner.models import UsageError
from scanner.models.history import SiteTrend, TrendPoint
from scanner.report.formats import Format
from scanner.report.html import render_html
from scanner.report.json import render_json
from scanner.report.over_time import SHOWN, over_time
from scanner.store.place import find_place
from tests.samples import HOSTILE, device, inventory
from tests.store.nights import camera, night


def point(day: int, listed: int, not_listed: int, *, complete: bool = True, sweep: str = "") -> TrendPoint:
    counts = {"listed": listed, "not-listed": not_listed, "not-a-camera": 99}
    return TrendPoint(f"2026-01-{day:02}T02:00:00Z", sweep or f"night-{day}", complete, 60, counts)


def series(*points: TrendPoint) -> SiteTrend:
    return SiteTrend("default", points)


def section(page: str) -> str:
    found = re.search(r'<section aria-labelledby="history">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_columns_stand_on_the_floor_and_are_as_high_as_their_numbers() -> None:
    made = over_time(night(9, device()), series(point(1, 2, 6), point(2, 1, 3)))
    assert made is not None
    first, second = ([piece for piece in made.pieces if (piece.x < 380) is left] for left in (True, False))
    assert [piece.tone for piece in first] == ["listed", "not-listed"]  # what is no camera is not shown
    floor = 166
    assert first[0].y + first[0].height == pytest.approx(floor)
    assert first[1].y + first[1].height == pytest.approx(first[0].y)
    assert first[1].height == pytest.approx(3 * first[0].height)
    assert sum(piece.height for piece in second) == pytest.approx(sum(piece.height for piece in first) / 2)
    assert [number for _y, number in made.lines] == [0, 4, 8]
    assert "2 listed, 0 review, 0 undetermined, 6 not listed" in made.summary


def test_only_sweeps_until_this_one_and_what_must_be_known_of_them() -> None:
    made = over_time(night(2, device()), series(point(1, 1, 1, complete=False), point(2, 1, 1), point(3, 9, 9)))
    assert made is not None
    assert [row.sweep for row in made.rows] == ["night-2", "night-1"]
    assert len(made.marks) == 1
    assert len(made.notes) == 1
    assert "not complete" in made.notes[0]
    other = over_time(night(4, device()), series(point(1, 1, 1)))
    assert other is not None
    assert "not in the store" in other.notes[0]
    assert over_time(night(1, device()), series(point(2, 1, 1))) is None


def test_many_sweeps_share_columns_and_the_table_counts_what_it_leaves_out() -> None:
    times = [f"2026-01-01T{n // 60:02}:{n % 60:02}:00Z" for n in range(500)]
    points = [TrendPoint(at, f"s{n}", True, 1, {"listed": n}) for n, at in enumerate(times)]
    made = over_time(night(9, device()), series(*points))
    assert made is not None
    assert len({piece.x for piece in made.pieces}) == 60
    assert max(piece.height for piece in made.pieces) == pytest.approx(150)
    assert (len(made.rows), made.earlier) == (30, 470)
    assert any("500 sweeps are shown in 60 columns" in note for note in made.notes)


def test_nothing_found_draws_nothing_and_divides_by_nothing() -> None:
    made = over_time(night(9), series(point(1, 0, 0)))
    assert made is not None
    assert made.pieces == ()


def test_the_page_shows_it_without_script_and_escapes_it() -> None:
    page = section(render_html(night(9, device()), series(point(1, 2, 6, sweep=HOSTILE))))
    chart = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])  # noqa: S314 - ours
    assert chart.get("role") == "img"
    assert chart.find("title") is not None
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<th scope=") == 4 + len(SHOWN)
    assert 'id="history"' not in render_html(inventory(device()))


def test_by_the_command_from_a_store(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite"
    for day in (1, 2):
        record_run(
            night(day, camera(1), *([camera(2)] if day == 2 else [])), Endings(store=find_place(str(place))), None
        )
    run, page = tmp_path / "i.json", tmp_path / "r.html"
    run.write_bytes(render_json(night(2, camera(1), camera(2))))
    report(run, form=Format.HTML, output=page, store=str(place))
    shown = section(page.read_text())
    assert shown.index("night-2") < shown.index("night-1")
    assert "not in the store" not in shown
    with pytest.raises(UsageError, match="no site 'depot'"):
        report(run, form=Format.HTML, output=page, store=str(place), site="depot")
    with pytest.raises(UsageError, match="take html or pdf"):
        report(run, form=Format.CSV, output=page, store=str(place))
    with pytest.raises(UsageError, match="with --store"):
        report(run, form=Format.HTML, output=page, site="depot")
