"""The store made anew from runs. What people said of removals is in no run: it is carried over, to the same devices."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, select, text

from scanner.models import Device, Inventory, UsageError
from scanner.store.engine import Store
from scanner.store.known import Known, match
from scanner.store.record import Asking, add_device, known_devices, record, site_number
from scanner.store.tables import DEVICE, FINDING, REMOVAL, SERIES, SITE, SPAN, STATE, SWEEP, WAIVER, WAIVER_USE
from scanner.store.values import sweep_uid
from scanner.timestamps import for_names

_ALL = (REMOVAL, SPAN, FINDING, STATE, DEVICE, WAIVER_USE, SWEEP, SERIES, WAIVER, SITE)


class Source(msgspec.Struct, frozen=True):
    """A run to be recorded: `uid` and `finished` of its sweep, and how to read (and judge) it when its turn comes."""

    uid: str
    finished: str
    path: str
    read: Callable[[], Inventory]


class Rebuilt(msgspec.Struct, frozen=True):
    """What the new store holds. `unseen`: removals of devices that no run of these knows."""

    sweeps: int
    removals: int
    unseen: int


class _Carried(msgspec.Struct, frozen=True):
    site: str
    device: Known
    replacement: Known | None
    row: dict[str, Any]


def source_of(inventory: Inventory, finished: str, path: str, read: Callable[[], Inventory]) -> Source:
    """The source that an inventory, however judged, stands for."""
    return Source(sweep_uid(inventory), finished, path, read)


def rebuild(store: Store, sources: Sequence[Source], *, asking: Asking, site: str | None, forget: bool) -> Rebuilt:
    """All of `sources`, the earliest first, in one transaction: the old store stays until the new one is whole.

    A sweep keeps the site at which it was recorded; `site` is for the others. UsageError where a sweep of the store is
    in none of the sources, unless they may be forgotten.
    """
    with store.change() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE site IN EXCLUSIVE MODE"))
        known = select(SWEEP.c.uid, SWEEP.c.name, SITE.c.name.label("site")).join(SITE)
        there = {row.uid: row for row in connection.execute(known)}
        given = {source.uid for source in sources}
        lost = sorted(row.name for uid, row in there.items() if uid not in given)
        if lost and not forget:
            some = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
            raise UsageError(
                f"{len(lost)} sweeps of the store are in none of these folders and would be lost: {some}. "
                "Name their folders too, or let them go with --forget"
            )
        carried = _removals(connection)
        for table in _ALL:
            connection.execute(table.delete())
        for source in sorted(sources, key=lambda one: (one.finished, one.uid)):
            inventory = source.read()
            place = there[source.uid].site if source.uid in there else site
            record(connection, inventory, site=place, run=source.path, asking=asking)
        unseen = sum(_attach(connection, one) for one in carried)
        sweeps = len(connection.execute(select(SWEEP.c.id)).all())
    return Rebuilt(sweeps, len(carried), unseen)


def set_aside_damaged(path: Path) -> Path | None:
    """Rename a SQLite file that can't be read, so that a new one can be made; its new name, None where it is sound."""
    if not path.is_file():
        return None
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=30.0)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",):
                return None
    except sqlite3.OperationalError as error:
        raise UsageError(f"the store {path}: {error}") from error
    except sqlite3.DatabaseError:
        pass
    aside = path.with_name(f"{path.name}.damaged-{for_names()}")
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    return aside


def _removals(connection: Connection) -> list[_Carried]:
    sites = {row.id: row.name for row in connection.execute(select(SITE))}
    known = {one.number: (name, one) for number, name in sites.items() for one in known_devices(connection, number)}
    found = []
    for row in connection.execute(select(REMOVAL).order_by(REMOVAL.c.id)).mappings():
        site, device = known[row["device_id"]]
        other = known[row["replacement_id"]][1] if row["replacement_id"] else None
        told = {name: row[name] for name in ("kind", "day", "reason", "replaced_by", "recorded_at")}
        found.append(_Carried(site, device, other, told))
    return found


def _attach(connection: Connection, one: _Carried) -> bool:
    """Write a removal to the device that its own was; whether none is it, so that a row of its own had to be made."""
    site = site_number(connection, one.site)
    found = _find(connection, site, one.device)
    number = found or add_device(connection, site, one.device)
    other = one.replacement and (
        _find(connection, site, one.replacement) or add_device(connection, site, one.replacement)
    )
    connection.execute(REMOVAL.insert().values(one.row | {"device_id": number, "replacement_id": other}))
    return found is None


def _find(connection: Connection, site: int, one: Known) -> int | None:
    identity = Device(id=one.uid, host=one.host, mac=one.mac, serial=one.serial, maker=one.maker, model=one.model)
    found = match(known_devices(connection, site), [identity])[0]
    return found.number if found else None
