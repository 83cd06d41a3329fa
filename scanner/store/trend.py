"""`camcensus trend`: how many devices of which verdict or maker were known after each sweep."""

from __future__ import annotations

from collections import Counter, defaultdict

from scanner.models import Status
from scanner.models.history import SiteTrend, Trend, TrendPoint
from scanner.store.chronicle import Site, StateRow, sites
from scanner.store.history import check_site
from scanner.store.reader import Reader
from scanner.store.sites import reached

UNKNOWN_MAKER = "not established"
BY_STATUS = "status"


def trend(reader: Reader, site: str | None, by: str) -> Trend:
    """Each site's sweeps with counts, `by` "status" or "maker".

    Statuses are in the order of their weight, makers by their latest number.
    """
    check_site(reader, site)
    found = tuple(SiteTrend(each.name, _points(each, by)) for each in sites(reader, site) if each.sweeps)
    if by == BY_STATUS:
        return Trend(by, tuple(status.value for status in Status), found)
    latest: Counter[str] = Counter()
    for one in found:
        for point in one.points:
            latest.update(dict.fromkeys(point.counts, 0))
        latest.update(one.points[-1].counts)
    return Trend(by, tuple(sorted(latest, key=lambda maker: (-latest[maker], maker))), found)


def _points(site: Site, by: str) -> tuple[TrendPoint, ...]:
    changes = _changes(site, by)
    counts: Counter[str] = Counter()
    found = []
    for sweep in site.sweeps:
        counts.update(changes.get(sweep.rank, {}))
        known = {key: number for key, number in counts.items() if number}
        answered = reached(sweep.coverage).answered
        found.append(TrendPoint(sweep.finished, sweep.name, sweep.complete, answered, dict(sorted(known.items()))))
    return tuple(found)


def _changes(site: Site, by: str) -> dict[int, dict[str, int]]:
    """By rank: how much more, or less, there is of each key from that sweep on."""
    states = {number: _key(state, by) for number, state in site.states().items()}
    changes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for spans in site.spans().values():
        before: str | None = None
        for run in site.runs(spans):
            now = None if run.state is None else states[run.state]
            for key, step in ((before, -1), (now, 1)):
                if key is not None:
                    changes[run.first][key] += step
            before = now
    return changes


def _key(state: StateRow, by: str) -> str | None:
    if by == BY_STATUS:
        return str(state.facts["status"])
    return (state.facts["maker"] or UNKNOWN_MAKER) if state.facts["is_camera"] else None
