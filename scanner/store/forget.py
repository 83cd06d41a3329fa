"""A sweep taken out of the store again, with what only it knew."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, func, or_, select, update

from scanner.store.edits import apply_edits
from scanner.store.spans import Span, remove
from scanner.store.tables import DEVICE, FINDING, REMOVAL, SPAN, STATE, SWEEP, WAIVER, WAIVER_USE


def forget_sweep(connection: Connection, number: int) -> None:
    """Take one sweep out; the devices and states that no other sweep saw go with it, but those with removals."""
    site, series = connection.execute(select(SWEEP.c.site_id, SWEEP.c.series_id).where(SWEEP.c.id == number)).one()
    ordered = select(SWEEP.c.id).where(SWEEP.c.series_id == series).order_by(SWEEP.c.finished, SWEEP.c.id)
    order = connection.execute(ordered).scalars().all()
    rows = connection.execute(select(SPAN).where(SPAN.c.series_id == series))
    spans = [Span(row.id, row.device_id, row.state_id, row.first_id, row.last_id) for row in rows]
    apply_edits(connection, series, [remove(spans, number, order)])
    connection.execute(delete(WAIVER_USE).where(WAIVER_USE.c.sweep_id == number))
    connection.execute(delete(SWEEP).where(SWEEP.c.id == number))
    _sweep_up(connection, site)


def _sweep_up(connection: Connection, site: int) -> None:
    """What no sweep uses any more: states, waivers, devices; and when the others were first seen, said again."""
    here = select(DEVICE.c.id).where(DEVICE.c.site_id == site)
    unused = select(STATE.c.id).where(STATE.c.device_id.in_(here), ~exists().where(SPAN.c.state_id == STATE.c.id))
    connection.execute(delete(FINDING).where(FINDING.c.state_id.in_(unused)))
    connection.execute(delete(STATE).where(STATE.c.id.in_(unused)))
    used = or_(
        exists().where(WAIVER_USE.c.waiver_id == WAIVER.c.id), exists().where(FINDING.c.waiver_id == WAIVER.c.id)
    )
    connection.execute(delete(WAIVER).where(WAIVER.c.site_id == site, ~used))
    unseen = here.where(~exists().where(STATE.c.device_id == DEVICE.c.id))
    connection.execute(delete(SPAN).where(SPAN.c.device_id.in_(unseen)))
    named = exists().where(or_(REMOVAL.c.device_id == DEVICE.c.id, REMOVAL.c.replacement_id == DEVICE.c.id))
    connection.execute(delete(DEVICE).where(DEVICE.c.id.in_(unseen.where(~named))))
    first = (
        select(func.min(SWEEP.c.finished)).select_from(SPAN).join(SWEEP, SWEEP.c.id == SPAN.c.first_id)
        .where(SPAN.c.device_id == DEVICE.c.id, SPAN.c.state_id.is_not(None)).scalar_subquery()
    )  # fmt: skip
    connection.execute(update(DEVICE).where(DEVICE.c.site_id == site).values(first_at=first))
