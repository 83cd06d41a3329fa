"""Charts of numbers over time, in a terminal's own characters, as wide as it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scanner.models.history import SiteTrend, Trend, TrendPoint
from scanner.report.table import output, paper, styled
from scanner.text import clean

_BLOCKS = " ▁▂▃▄▅▆▇█"
_STYLE = {
    "listed": "bold red",
    "review": "yellow",
    "undetermined": "magenta",
    "not-listed": "green",
    "not-a-camera": "dim",
}
_MOST_ROWS = 8
_LABEL = 24
OTHERS = "all others"


def render_trend(trend: Trend, *, width: int = 120, color: bool = False) -> str:
    """A chart a site, a line a status or maker: the numbers at both ends, and bars of one scale between them."""
    console = paper(width, color)
    if not trend.sites:
        console.print(styled("The store holds no sweep yet: record one with camcensus store add RUN"))
    for at, site in enumerate(trend.sites):
        if at:
            console.print()
        for text, style in _chart(site, _rows(site, trend.keys), width):
            line = styled(text, style)
            line.plain = text  # white space is meant: the label was cleaned before
            console.print(line, no_wrap=True, crop=True)
    return output(console)


def bars(values: Sequence[int], most: int) -> str:
    """One character a value; any number above 0 is seen."""
    steps = len(_BLOCKS) - 1
    return "".join(_BLOCKS[-(-value * steps // most) if most else 0] for value in values)


def in_columns(count: int, columns: int) -> list[range]:
    """`count` points shared out among at most `columns` columns, in order and as evenly as can be."""
    number = min(count, columns)
    edges = [at * count // number for at in range(number + 1)] if number else []
    return [range(begin, end) for begin, end in pairwise(edges)]


def _rows(site: SiteTrend, keys: Sequence[str]) -> list[tuple[str, list[int]]]:
    """A row for each key that ever counted here; of many the most frequent, and the others together."""
    rows = [(key, [point.counts.get(key, 0) for point in site.points]) for key in keys]
    rows = [(key, values) for key, values in rows if any(values)]
    if len(rows) <= _MOST_ROWS:
        return rows
    ordered = sorted(rows, key=lambda row: -max(row[1]))
    kept = {key for key, _values in ordered[: _MOST_ROWS - 1]}
    rest = [sum(column) for column in zip(*(values for key, values in rows if key not in kept), strict=True)]
    return [*(row for row in rows if row[0] in kept), (OTHERS, rest)]


def _chart(site: SiteTrend, rows: Sequence[tuple[str, list[int]]], width: int) -> list[tuple[str, str]]:
    points = site.points
    most = max((max(values) for _key, values in rows), default=0)
    digits = len(str(most))
    label = min(_LABEL, max((len(key) for key, _values in rows), default=0), max(8, width // 3))
    columns = in_columns(len(points), max(1, width - label - 2 * digits - 4))
    lines = [(_head(site.site, points, len(columns)), "bold")]
    for key, values in rows:
        # A column of several sweeps shows the latest of them
        shown = bars([values[column[-1]] for column in columns], most)
        name = clean(key, label).ljust(label)
        lines.append(
            (f"{name} {values[0]:>{digits}} {shown} {values[-1]:>{digits}}", _STYLE.get(key, "")),
        )
    partial = [any(not points[at].complete for at in column) for column in columns]
    if any(partial):
        marks = "".join("!" if mark else " " for mark in partial)
        lines.append((f"{'not complete'[:label].ljust(label)} {' ' * digits} {marks}".rstrip(), "yellow"))
    return lines


def _head(site: str, points: Sequence[TrendPoint], columns: int) -> str:
    first, last = points[0].at[:10], points[-1].at[:10]
    number = "1 sweep" if len(points) == 1 else f"{len(points)} sweeps"
    merged = ", several in a column" if columns < len(points) else ""
    return f"{clean(site)}: {number}{merged}, {first}" + (f" to {last}" if last != first else "")
