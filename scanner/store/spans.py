"""Which sweeps saw a device in which state, as intervals. Pure.

Intervals run over the sweeps of one series (one site, one scope, complete or not), in their order of time. `last` is
None where an interval reaches the series' latest sweep: a sweep that finds everything as before writes nothing.
`state` is None where sweeps asked the device's address and did not find it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import msgspec


class Span(msgspec.Struct, frozen=True):
    """One interval; `first`, `last` are sweeps' ids, `id` 0 where it is not stored yet."""

    id: int
    device: int
    state: int | None
    first: int
    last: int | None


class Edits(msgspec.Struct):
    """What has to be written: spans with an `id` to change, without one to add, and ids to delete."""

    put: list[Span]
    drop: list[int]


class Saw(msgspec.Struct, frozen=True):
    """What a sweep says of a device: its state, or (None) that it was asked and not found."""

    state: int | None


def insert(spans: Sequence[Span], sweep: int, order: Sequence[int], device: int, saw: Saw | None) -> Edits:
    """One device's `spans` once `sweep`, already in `order`, saw `saw`; None: it says nothing of the device."""
    place = {each: at for at, each in enumerate(order)}
    at, end = place[sweep], len(order) - 1
    around = next((s for s in spans if place[s.first] < at and (s.last is None or place[s.last] > at)), None)
    if around is not None:
        if saw is not None and saw.state == around.state:
            return Edits([], [])
        edits = Edits([msgspec.structs.replace(around, last=order[at - 1])], [])
        if at < end:
            edits.put.append(msgspec.structs.replace(around, id=0, first=order[at + 1]))
    else:
        edits = Edits([], [])
    if saw is None:
        return edits
    before = next((s for s in spans if s.last is not None and place[s.last] == at - 1 and s.state == saw.state), None)
    after = next((s for s in spans if place[s.first] == at + 1 and s.state == saw.state), None)
    if around is not None or (before is None and after is None):
        edits.put.append(Span(0, device, saw.state, sweep, None if at == end else sweep))
    elif before is not None and after is not None:
        edits = Edits([msgspec.structs.replace(before, last=after.last)], [after.id])
    elif before is not None:
        edits.put.append(msgspec.structs.replace(before, last=None if at == end else sweep))
    elif after is not None:
        edits.put.append(msgspec.structs.replace(after, first=sweep))
    return edits


def remove(spans: Iterable[Span], sweep: int, order: Sequence[int]) -> Edits:
    """Spans of any devices once `sweep`, still in `order`, is taken out."""
    place = {each: at for at, each in enumerate(order)}
    at, end = place[sweep], len(order) - 1
    edits = Edits([], [])
    for span in spans:
        last = end if span.last is None else place[span.last]
        first = place[span.first]
        if first == last == at:
            edits.drop.append(span.id)
        elif first == at:
            edits.put.append(msgspec.structs.replace(span, first=order[at + 1]))
        elif span.last is not None and last == at:
            edits.put.append(msgspec.structs.replace(span, last=order[at - 1]))
        elif at == end and span.last is not None and last == at - 1:
            edits.put.append(msgspec.structs.replace(span, last=None))
    return edits


class Run(msgspec.Struct, frozen=True):
    """`sweeps` sweeps, from rank `first` to `last`, that say the same of a device; None: asked and not found."""

    first: int
    last: int
    state: int | None
    sweeps: int


def runs(spans: Sequence[tuple[int, Span]], ranks: Mapping[int, Sequence[int]]) -> list[Run]:
    """What the sweeps of a site say of one device, in order of time; no two in a row alike.

    Spans, which refer to sweeps by rank here, come with their series; `ranks` are those of a series' sweeps, ascending.
    """
    parts = [(mine, *_reach(span, mine), span.state) for series, span in spans if (mine := ranks[series])]
    if len({series for series, _span in spans}) > 1:  # sweeps of several series lie between each other
        parts = [(mine, at, at, state) for mine, begin, end, state in parts for at in range(begin, end + 1)]
    found: list[Run] = []
    for mine, begin, end, state in sorted(parts, key=lambda part: part[0][part[1]]):
        run = Run(mine[begin], mine[end], state, end - begin + 1)
        if found and found[-1].state == state:
            run = Run(found[-1].first, run.last, state, found.pop().sweeps + run.sweeps)
        found.append(run)
    return found


def _reach(span: Span, ranks: Sequence[int]) -> tuple[int, int]:
    """The places of a span's first and last sweep in its series."""
    return bisect_left(ranks, span.first), len(ranks) - 1 if span.last is None else bisect_left(ranks, span.last)
