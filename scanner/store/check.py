"""`camcensus store check`: whether a store holds together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from itertools import pairwise

from scanner.store.chronicle import Site, sites
from scanner.store.place import Place
from scanner.store.reader import Reader
from scanner.store.spans import Span

_DEVICES = "SELECT id, devices FROM sweep WHERE site_id = :site"
_USES = """
SELECT sweep.name, waivers, count(waiver_use.id) FROM sweep LEFT JOIN waiver_use ON waiver_use.sweep_id = sweep.id
WHERE sweep.site_id = :site AND waivers IS NOT NULL GROUP BY sweep.id, sweep.name, waivers
HAVING waivers <> count(waiver_use.id)
"""
_MOST = 20


def problems(reader: Reader, place: Place) -> Iterator[str]:
    """What is wrong, a sentence each; nothing where all is right."""
    if place.path is not None:
        yield from (f"SQLite: {row[0]}" for row in reader.rows(f"PRAGMA integrity_check({_MOST})") if row[0] != "ok")
        dangling = Counter(row[0] for row in reader.rows("PRAGMA foreign_key_check"))
        yield from (f"{table}: {number} rows point to nothing" for table, number in sorted(dangling.items()))
    for site in sites(reader):
        yield from (f"{site.name}: {problem}" for problem in _of_site(reader, site))


def _of_site(reader: Reader, site: Site) -> Iterator[str]:
    for name, number, found in reader.rows(_USES, site=site.number):
        yield f"sweep {name} was given {number} waivers, and {found} are recorded"
    counts: dict[int, int] = dict(reader.rows(_DEVICES, site=site.number))
    seen: Counter[int] = Counter()
    spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    states = site.states()
    for device, found in site.spans().items():
        for series, span in found:
            ranks = site.ranks[series]
            last = ranks[-1] if span.last is None else span.last
            if wrong := _wrong(span, ranks, last, states):
                yield f"device {device}, span {span.id}: {wrong}"
                continue
            spans[series, device].append((span.first, last))
            if span.state is not None:
                seen.update(rank for rank in ranks if span.first <= rank <= last)
    for (_series, device), reaches in spans.items():
        ordered = sorted(reaches)
        if any(end >= begin for (_begin, end), (begin, _end) in pairwise(ordered)):
            yield f"device {device} is in two states at once"
    for sweep in site.sweeps:
        if seen[sweep.rank] != counts[sweep.number]:
            yield f"sweep {sweep.name} found {counts[sweep.number]} devices, and {seen[sweep.rank]} are recorded"


def _wrong(span: Span, ranks: list[int], last: int, states: Container[int]) -> str:
    if span.first not in ranks or last not in ranks:
        return "its sweeps are of another series"
    if last < span.first:
        return "it ends before it begins"
    if span.last is not None and span.last == ranks[-1]:
        return "it is closed at the latest sweep"
    if span.state is not None and span.state not in states:
        return "its state is missing"
    return ""
