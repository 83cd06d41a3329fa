"""What `spans` worked out, written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, update

from scanner.store.spans import Edits, Span
from scanner.store.tables import SPAN


def apply_edits(connection: Connection, series: int, all_edits: Iterable[Edits]) -> None:
    """Delete, add and change spans of one series."""
    put: list[Span] = []
    drop: list[int] = []
    for edits in all_edits:
        put += edits.put
        drop += edits.drop
    if drop:
        connection.execute(delete(SPAN).where(SPAN.c.id == bindparam("number")), [{"number": each} for each in drop])
    fresh = [
        {"series_id": series, "device_id": s.device, "state_id": s.state, "first_id": s.first, "last_id": s.last}
        for s in put if not s.id
    ]  # fmt: skip
    if fresh:
        connection.execute(SPAN.insert(), fresh)
    moved = [{"number": s.id, "first": s.first, "last": s.last} for s in put if s.id]
    if moved:
        changed = update(SPAN).where(SPAN.c.id == bindparam("number"))
        connection.execute(changed.values(first_id=bindparam("first"), last_id=bindparam("last")), moved)
