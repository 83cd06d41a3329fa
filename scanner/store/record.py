"""One finished sweep into the store: the same sweep twice is one, and in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scanner.models import Device, Inventory, UsageError
from scanner.store.edits import apply_edits
from scanner.store.forget import forget_sweep
from scanner.store.known import Known, holder_of, learned, match
from scanner.store.spans import Saw, Span, insert
from scanner.store.tables import DEVICE, FINDING, SERIES, SITE, SPAN, STATE, SWEEP, WAIVER, WAIVER_USE
from scanner.store.values import (
    DEFAULT_SITE,
    Excuse,
    as_json,
    finding_rows,
    known_as,
    series_row,
    site_name,
    state_row,
    sweep_row,
    use_rows,
    waiver_rows,
)
from scanner.text import is_ip

Asked = Callable[[str], bool | None]
"""Whether the sweep asked an address; None where that can't be said."""
Asking = Callable[[Sequence[str], Sequence[str]], Asked | None]
"""What a scope and its exclusions, as texts, asked; None where no scope was recorded."""


class Outcome(StrEnum):
    """What became of a run."""

    ADDED = "added"
    SAME = "already there"
    REPLACED = "replaced"  # the same sweep, told otherwise: continued since, or judged again


class Recorded(msgspec.Struct, frozen=True):
    """`site` is where the sweep is; `devices` how many it found, `new` how many of them the site did not know."""

    outcome: Outcome
    site: str
    devices: int = 0
    new: int = 0


def record(
    connection: Connection,
    inventory: Inventory,
    *,
    site: str | None,
    run: str | None = None,
    asking: Asking | None = None,
) -> Recorded:
    """Add the sweep at `site` (else the one it names itself), in the caller's transaction."""
    name = site_name(site or inventory.sweep.site or DEFAULT_SITE)
    devices = [known_as(device) for device in inventory.devices]
    states = [state_row(device) for device in devices]
    row = sweep_row(inventory, states, run)
    number = site_number(connection, name)
    outcome = Outcome.ADDED
    there = connection.execute(_THERE, {"uid": row["uid"]}).one_or_none()
    if there is not None:
        if there.name != name:
            raise UsageError(f"the sweep {row['name']} is recorded at the site {there.name!r} already")
        if there.digest == row["digest"]:
            return Recorded(Outcome.SAME, name, len(devices))
        forget_sweep(connection, there.id)
        outcome = Outcome.REPLACED
    return _Recording(connection, number, inventory, row, asking).write(devices, states, Recorded(outcome, name))


_THERE = select(SWEEP.c.id, SWEEP.c.digest, SITE.c.name).join(SITE).where(SWEEP.c.uid == bindparam("uid"))


def site_number(connection: Connection, name: str) -> int:
    """The site's number; on PostgreSQL its row stays locked, so that one writer at a time is at a site."""
    _insert_once(connection, SITE, {"name": name}, ["name"])
    number: int = connection.execute(select(SITE.c.id).where(SITE.c.name == name).with_for_update()).scalar_one()
    return number


def _insert_once(connection: Connection, table: Table, row: dict[str, Any], unique: list[str]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(row).on_conflict_do_nothing(index_elements=unique))


class _Recording:
    """One sweep on its way into the tables."""

    def __init__(
        self, connection: Connection, site: int, inventory: Inventory, row: dict[str, Any], asking: Asking | None
    ) -> None:
        self._connection, self._site, self._finished = connection, site, row["finished"]
        self._inventory = inventory
        series = series_row(inventory) | {"site_id": site}
        self._asking = asking
        self._asked = self._asked_by(series["complete"], series["scope"], series["exclude"])
        _insert_once(connection, SERIES, series, ["site_id", "digest"])
        wanted = select(SERIES.c.id).where(SERIES.c.site_id == site, SERIES.c.digest == series["digest"])
        self._series = connection.execute(wanted).scalar_one()
        added = SWEEP.insert().values(row | {"site_id": site, "series_id": self._series}).returning(SWEEP.c.id)
        self._sweep = connection.execute(added).scalar_one()
        ordered = select(SWEEP.c.id).where(SWEEP.c.series_id == self._series).order_by(SWEEP.c.finished, SWEEP.c.id)
        self._order = connection.execute(ordered).scalars().all()
        latest = connection.execute(select(func.max(SWEEP.c.finished)).where(SWEEP.c.site_id == site)).scalar_one()
        self._late = latest > self._finished
        self._then: dict[int, str] | None = None

    def write(self, devices: Sequence[Device], states: Sequence[dict[str, Any]], recorded: Recorded) -> Recorded:
        """Devices, their states, and the spans of all that the sweep says something of."""
        known = known_devices(self._connection, self._site)
        matched = match(known, devices)
        numbers = self._devices(known, matched, devices)
        waivers = self._waivers()
        saw = {
            number: Saw(state)
            for number, state in zip(numbers, self._states(numbers, devices, states, waivers), strict=True)
        }
        absent = [one for one in known if one.number not in saw]
        saw |= {one.number: Saw(None) for one in absent if self._missed(one)}
        self._spans(saw)
        if self._late:
            self._settle({number: device.host for number, device in zip(numbers, devices, strict=True)})
        return msgspec.structs.replace(recorded, devices=len(devices), new=matched.count(None))

    def _devices(self, known: Sequence[Known], matched: Sequence[Known | None], devices: Sequence[Device]) -> list[int]:
        holders = holder_of(known)
        rows, fresh = [], []
        for one, device in zip(matched, devices, strict=True):
            if one is None:
                now = learned(Known(0, "", "", (), *[None] * 6), device, self._finished, holds=False)
                fresh.append(_device_row(now) | {"site_id": self._site})
                continue
            now = learned(one, device, self._finished, holds=holders.get(device.host) is one)
            if now is not one and now != one:
                rows.append(_device_row(now) | {"number": one.number})
        if rows:
            names = [name for name in rows[0] if name != "number"]
            changed = update(DEVICE).where(DEVICE.c.id == bindparam("number"))
            self._connection.execute(changed.values({name: bindparam(name) for name in names}), rows)
        numbers = iter(_insert_all(self._connection, DEVICE, fresh))
        return [next(numbers) if one is None else one.number for one in matched]

    def _waivers(self) -> dict[Excuse, int]:
        """The numbers of the waivers, with rows for those that are new, and for how this sweep used each."""
        numbers: dict[Excuse, int] = {}
        for excuse, row in waiver_rows(self._inventory):
            _insert_once(self._connection, WAIVER, row | {"site_id": self._site}, ["site_id", "digest"])
            wanted = select(WAIVER.c.id).where(WAIVER.c.site_id == self._site, WAIVER.c.digest == row["digest"])
            numbers[excuse] = self._connection.execute(wanted).scalar_one()
        uses = [
            use | {"sweep_id": self._sweep, "waiver_id": numbers[excuse]} for excuse, use in use_rows(self._inventory)
        ]
        if uses:
            self._connection.execute(WAIVER_USE.insert(), uses)
        return numbers

    def _states(
        self,
        numbers: Sequence[int],
        devices: Sequence[Device],
        states: Sequence[dict[str, Any]],
        waivers: Mapping[Excuse, int],
    ) -> list[int]:
        """The numbers of the states, with rows for those that are new."""
        there = select(STATE.c.device_id, STATE.c.digest, STATE.c.id).join(DEVICE).where(DEVICE.c.site_id == self._site)
        found = {(row.device_id, row.digest): row.id for row in self._connection.execute(there)}
        keys = [(number, state["digest"]) for number, state in zip(numbers, states, strict=True)]
        fresh = [at for at, key in enumerate(keys) if key not in found]
        added = _insert_all(self._connection, STATE, [states[at] | {"device_id": numbers[at]} for at in fresh])
        findings = [
            finding | {"state_id": state, "waiver_id": waivers[excuse] if excuse else None}
            for state, at in zip(added, fresh, strict=True)
            for finding, excuse in finding_rows(devices[at])
        ]
        if findings:
            self._connection.execute(FINDING.insert(), findings)
        found |= {keys[at]: state for state, at in zip(added, fresh, strict=True)}
        return [found[key] for key in keys]

    def _asked_by(self, complete: bool, scope: str, exclude: str) -> Asked | None:
        if self._asking is None or not complete:
            return None
        return self._asking(msgspec.json.decode(scope, type=list[str]), msgspec.json.decode(exclude, type=list[str]))

    def _settle(self, hosts: dict[int, str]) -> None:
        """Of a sweep that comes late: whether later ones, recorded when a device was not known yet, missed it."""
        wanted = (
            select(SWEEP.c.id, SWEEP.c.series_id, SERIES.c.complete, SERIES.c.scope, SERIES.c.exclude)
            .join(SERIES).where(SWEEP.c.site_id == self._site).order_by(SWEEP.c.finished, SWEEP.c.id)
        )  # fmt: skip
        sweeps = self._connection.execute(wanted).all()
        place = {sweep.id: at for at, sweep in enumerate(sweeps)}
        asked = {
            sweep.series_id: self._asked_by(sweep.complete, sweep.scope, sweep.exclude)
            for sweep in {sweep.series_id: sweep for sweep in sweeps}.values()
        }
        orders: dict[int, list[int]] = {}
        for sweep in sweeps:
            orders.setdefault(sweep.series_id, []).append(sweep.id)
        there = select(SPAN).join(SERIES).where(SERIES.c.site_id == self._site)
        spans: dict[int, list[tuple[int, Span]]] = {}
        for row in self._connection.execute(there):
            span = Span(row.id, row.device_id, row.state_id, row.first_id, row.last_id)
            spans.setdefault(span.device, []).append((row.series_id, span))
        later = [(sweep.id, sweep.series_id) for sweep in sweeps[place[self._sweep] + 1 :]]
        for device, host in hosts.items():
            for sweep, series in later:
                mine = [span for its, span in spans[device] if its == series]
                if any(
                    place[s.first] <= place[sweep] and (s.last is None or place[sweep] <= place[s.last]) for s in mine
                ):
                    break
                tells = asked[series]
                if tells is not None and is_ip(host) and tells(host):
                    apply_edits(self._connection, series, [insert(mine, sweep, orders[series], device, Saw(None))])
                    break

    def _missed(self, one: Known) -> bool:
        """Whether this sweep asked where a known device was by then, and so would have found it."""
        if self._asked is None or one.first_at is None or one.first_at >= self._finished:
            return False
        hosts = [self._hosts_then().get(one.number, one.host)] if self._late else [one.host, *one.addresses]
        return any(self._asked(host) for host in hosts if is_ip(host))

    def _hosts_then(self) -> dict[int, str]:
        """Of a sweep that comes late: where each device was seen last before it."""
        if self._then is None:
            before = (
                select(SPAN.c.device_id, STATE.c.host)
                .select_from(SPAN.join(STATE).join(SWEEP, SWEEP.c.id == SPAN.c.first_id))
                .where(SWEEP.c.site_id == self._site, SWEEP.c.finished < self._finished)
                .order_by(SWEEP.c.finished)
            )
            self._then = {row.device_id: row.host for row in self._connection.execute(before)}
        return self._then

    def _spans(self, saw: dict[int, Saw]) -> None:
        there = select(SPAN).where(SPAN.c.series_id == self._series)
        if self._order[-1] == self._sweep:
            there = there.where(SPAN.c.last_id.is_(None))  # what ended before the latest sweep stays as it is
        spans: dict[int, list[Span]] = {number: [] for number in saw}
        for row in self._connection.execute(there):
            span = Span(row.id, row.device_id, row.state_id, row.first_id, row.last_id)
            spans.setdefault(span.device, []).append(span)
        all_edits = (insert(mine, self._sweep, self._order, device, saw.get(device)) for device, mine in spans.items())
        apply_edits(self._connection, self._series, all_edits)


def known_devices(connection: Connection, site: int) -> list[Known]:
    """Every device that a site ever had."""
    rows = connection.execute(select(DEVICE).where(DEVICE.c.site_id == site).order_by(DEVICE.c.id))
    return [
        Known(row.id, row.uid, row.host, tuple(msgspec.json.decode(row.addresses, type=list[str])), row.mac, row.serial,
              row.maker, row.model, row.first_at, row.last_at)
        for row in rows
    ]  # fmt: skip


def add_device(connection: Connection, site: int, one: Known) -> int:
    """A device that no sweep saw: only a removal names it."""
    row = _device_row(one) | {"site_id": site, "first_at": None}
    return _insert_all(connection, DEVICE, [row])[0]


def _device_row(one: Known) -> dict[str, Any]:
    row = msgspec.structs.asdict(one) | {"addresses": as_json(one.addresses)}
    del row["number"]
    return row


def _insert_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> list[int]:
    """Insert `rows`; their numbers, in the same order."""
    if not rows:
        return []
    statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())
