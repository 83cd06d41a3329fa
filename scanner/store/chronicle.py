"""What the store holds of one site, as values to reason with: its sweeps in order of time, and devices' spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from scanner.store.reader import Reader, Row
from scanner.store.spans import Run, Span, runs
from scanner.store.values import FACTS


class SweepRow(msgspec.Struct, frozen=True):
    """A sweep as stored; `rank` is its place among the site's sweeps, by time.

    `waivers` counts those it was given; None of a sweep that was recorded before the store kept them.
    """

    rank: int
    number: int
    series: int
    name: str
    finished: str
    complete: bool
    rules: tuple[str, str]
    registry: str
    registry_digest: str
    as_of: str
    policy: str
    coverage: str
    scope: str
    run: str | None
    started: str
    waivers: int | None


class StateRow(msgspec.Struct, frozen=True):
    """A state's facts by name, `is_camera` as a truth value, the instruments that count, what waives some of them."""

    number: int
    device: int
    facts: dict[str, Any]
    instruments: tuple[str, ...]
    waivers: tuple[str, ...] = ()


class DeviceRow(msgspec.Struct, frozen=True):
    """A device as last known."""

    number: int
    uid: str
    host: str
    mac: str | None
    serial: str | None
    maker: str | None
    model: str | None
    first_at: str | None


_SWEEPS = """
SELECT sweep.id, series_id, name, finished, complete, version, fingerprints, registry, registry_digest, as_of, policy,
       coverage, scope, run, started, waivers
FROM sweep JOIN series ON series.id = sweep.series_id WHERE sweep.site_id = :site ORDER BY finished, sweep.id
"""
_DEVICES = "SELECT id, uid, host, mac, serial, maker, model, first_at FROM device WHERE site_id = :site ORDER BY id"
_SPANS = """
SELECT span.id, span.device_id, span.state_id, first_id, last_id, span.series_id
FROM span JOIN series ON series.id = span.series_id WHERE series.site_id = :site
"""
_SPANS_OF = """
SELECT id, device_id, state_id, first_id, last_id, series_id FROM span WHERE device_id = :device
"""
_COLUMNS = ", ".join(f"state.{name}" for name in FACTS)
_STATES = f"""
SELECT state.id, device_id, instruments, {_COLUMNS} FROM state JOIN device ON device.id = state.device_id
WHERE device.site_id = :site
"""  # noqa: S608 - made of our own names
_WAIVED = """
SELECT DISTINCT state_id, waiver.name, owner, expires, expired
FROM finding JOIN waiver ON waiver.id = finding.waiver_id WHERE waiver.site_id = :site ORDER BY waiver.name, expires
"""
_STATES_OF = f"SELECT state.id, device_id, instruments, {_COLUMNS} FROM state WHERE device_id = :device"  # noqa: S608


class Site:
    """One site's sweeps; what else is wanted is asked for as it is needed."""

    def __init__(self, reader: Reader, number: int, name: str) -> None:
        self.number, self.name = number, name
        self._reader = reader
        rows = reader.rows(_SWEEPS, site=number)
        self.sweeps = [_sweep(rank, row) for rank, row in enumerate(rows)]
        self._rank = {sweep.number: sweep.rank for sweep in self.sweeps}
        self.ranks: dict[int, list[int]] = defaultdict(list)
        for sweep in self.sweeps:
            self.ranks[sweep.series].append(sweep.rank)

    def devices(self) -> list[DeviceRow]:
        """Every device that the site ever had."""
        return [DeviceRow(*row) for row in self._reader.rows(_DEVICES, site=self.number)]

    def states(self, device: int | None = None) -> dict[int, StateRow]:
        """The states of one device, or of all, by number."""
        if device is not None:
            rows = self._reader.rows(_STATES_OF, device=device)
        else:
            rows = self._reader.rows(_STATES, site=self.number)
        waived: dict[int, list[str]] = defaultdict(list)
        for state, *told in self._reader.rows(_WAIVED, site=self.number):
            waived[state].append(_waiver(*told))
        return {row[0]: _state(row, waived.get(row[0], ())) for row in rows}

    def spans(self, device: int | None = None) -> dict[int, list[tuple[int, Span]]]:
        """(series, span) by device; the spans refer to sweeps by rank."""
        rows = (
            self._reader.rows(_SPANS, site=self.number)
            if device is None
            else self._reader.rows(_SPANS_OF, device=device)
        )
        found: dict[int, list[tuple[int, Span]]] = defaultdict(list)
        for number, mine, state, first, last, series in rows:
            span = Span(number, mine, state, self._rank[first], None if last is None else self._rank[last])
            found[mine].append((series, span))
        return found

    def runs(self, spans: Sequence[tuple[int, Span]]) -> list[Run]:
        """What the sweeps said of one device."""
        return runs(spans, self.ranks)

    def is_latest(self, spans: Sequence[tuple[int, Span]]) -> bool:
        """Whether a series' latest sweep saw the device."""
        return any(span.last is None and span.state is not None for _series, span in spans)


def sites(reader: Reader, name: str | None = None) -> Iterator[Site]:
    """Every site by name, or the one that is named."""
    for number, each in reader.rows("SELECT id, name FROM site ORDER BY name"):
        if name is None or each == name:
            yield Site(reader, number, each)


def site_names(reader: Reader) -> list[str]:
    """The names of the sites."""
    return [row[0] for row in reader.rows("SELECT name FROM site ORDER BY name")]


def texts(value: str) -> tuple[str, ...]:
    """A stored list of texts."""
    return tuple(msgspec.json.decode(value, type=list[str]))


def _sweep(rank: int, row: Row) -> SweepRow:
    number, series, name, finished, complete, version, rules, *rest = row
    return SweepRow(rank, number, series, name, finished, bool(complete), (version, rules), *rest)


def _waiver(name: str, owner: str, expires: str, expired: bool) -> str:
    return f"{name} ({owner}, {'expired' if expired else 'until'} {expires})"


def _state(row: Row, waivers: Sequence[str]) -> StateRow:
    number, device, instruments, *facts = row
    named = dict(zip(FACTS, facts, strict=True))
    if named["is_camera"] is not None:
        named["is_camera"] = bool(named["is_camera"])
    return StateRow(number, device, named, texts(instruments), tuple(waivers))
