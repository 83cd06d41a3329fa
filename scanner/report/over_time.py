"""How a site's numbers went from sweep to sweep, for the HTML report: a chart without script, and its table."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from scanner.models import Inventory, Status
from scanner.models.history import SiteTrend, TrendPoint
from scanner.report.trend import in_columns
from scanner.report.words import STATUS_LABEL, count

SHOWN = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED, Status.NOT_LISTED)
"""What is a camera, or may be one; the first stands lowest, so that its height can be read off."""
_COLUMNS = 60
_ROWS = 30
_LEFT, _TOP, _WIDTH, _HEIGHT = 40.0, 16.0, 680.0, 150.0
_GAP = 0.2  # of a column's width
_WIDEST = 48.0


class Piece(msgspec.Struct, frozen=True):
    """A rectangle: one verdict of one column."""

    x: float
    y: float
    width: float
    height: float
    tone: str


class OverTime(msgspec.Struct, frozen=True):
    """What the page shows. `lines` are (height, number) of the scale; `marks` where sweeps were not complete.

    `rows` are the latest sweeps, the latest first, `earlier` counts those before them; `notes` what must be known.
    """

    title: str
    summary: str
    pieces: tuple[Piece, ...]
    lines: tuple[tuple[float, int], ...]
    marks: tuple[float, ...]
    first: str
    last: str
    legend: tuple[tuple[str, str], ...]
    rows: tuple[TrendPoint, ...]
    earlier: int
    notes: tuple[str, ...]


def over_time(inventory: Inventory, series: SiteTrend) -> OverTime | None:
    """The sweeps until that of `inventory`; None where the series has none of them."""
    points = [point for point in series.points if point.at <= inventory.sweep.finished]
    if not points:
        return None
    columns = [points[column[-1]] for column in in_columns(len(points), _COLUMNS)]
    partial = [any(not points[at].complete for at in column) for column in in_columns(len(points), _COLUMNS)]
    most = max(max(_total(point) for point in columns), 1)
    step = _WIDTH / len(columns)
    each = "each of " if len(points) > 1 else ""
    return OverTime(
        title=f"Cameras, and what may be one, after {each}{count(len(points), 'sweep')}",
        summary=_summary(points),
        pieces=tuple(piece for at, point in enumerate(columns) for piece in _column(point, at, step, most)),
        lines=tuple((_TOP + _HEIGHT * (1 - number / most), number) for number in sorted({0, most // 2, most})),
        marks=tuple(_LEFT + step * (at + 0.5) for at, is_partial in enumerate(partial) if is_partial),
        first=points[0].at[:10],
        last=points[-1].at[:10],
        legend=tuple((STATUS_LABEL[status], status.value) for status in SHOWN),
        rows=tuple(reversed(points[-_ROWS:])),
        earlier=max(0, len(points) - _ROWS),
        notes=tuple(_notes(inventory, points, len(columns))),
    )


def _column(point: TrendPoint, at: int, step: float, most: int) -> list[Piece]:
    width = min(step * (1 - _GAP), _WIDEST)
    left, floor, pieces = _LEFT + step * at + (step - width) / 2, _TOP + _HEIGHT, []
    for status in SHOWN:
        height = _HEIGHT * point.counts.get(status.value, 0) / most
        if height:
            floor -= height
            pieces.append(Piece(round(left, 2), round(floor, 2), round(width, 2), round(height, 2), status.value))
    return pieces


def _total(point: TrendPoint) -> int:
    return sum(point.counts.get(status.value, 0) for status in SHOWN)


def _summary(points: Sequence[TrendPoint]) -> str:
    """For who does not see the chart: both ends of it."""
    first, last = points[0], points[-1]
    ends = [first] if len(points) == 1 else [first, last]
    return "; ".join(f"{point.at[:10]}: {_numbers(point)}" for point in ends) + "."


def _numbers(point: TrendPoint) -> str:
    return ", ".join(f"{point.counts.get(status.value, 0)} {STATUS_LABEL[status]}" for status in SHOWN)


def _notes(inventory: Inventory, points: Sequence[TrendPoint], columns: int) -> list[str]:
    notes = []
    if points[-1].sweep != inventory.sweep.id:
        notes.append("The sweep of this report is not in the store: the last column is the one before it.")
    if any(not point.complete for point in points):
        notes.append(
            "A column with ! holds a sweep that was not complete: what it did not ask counts there as it was seen last."
        )
    if columns < len(points):
        notes.append(f"{len(points)} sweeps are shown in {columns} columns: each shows the latest of its sweeps.")
    return notes
