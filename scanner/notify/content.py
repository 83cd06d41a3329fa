"""What a notice says. Pure: two inventories and the gates' lines in, one notice out, or None where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

import msgspec

from scanner.diff import Again, InScope, compare
from scanner.models import Inventory, Status
from scanner.models.changes import Cause, DeviceChange, Presence
from scanner.models.notice import Notice, NoticeDevice, NoticeGroup, NoticeLines, NoticeSweep
from scanner.models.reconciliation import Reach
from scanner.report.diff import remarks
from scanner.report.words import count, counted
from scanner.text import clean

SHOWN = 50
"""Devices of a group in one notice; the rest is counted."""
_LINES = 20
_WORDS = 120
_LINE = 300
_LISTED = Status.LISTED.value
_SEEN_TO_BE_GONE = (Reach.ASKED, Reach.OTHER)
_NOT_OF_THE_DEVICE = (Cause.LISTS, Cause.POLICY)
_STATUS_ORDER = {status.value: rank for rank, status in enumerate(Status)}


def notice_of(
    before: Inventory | None,
    after: Inventory,
    reasons: Sequence[str],
    *,
    in_scope: InScope | None = None,
    again: Again | None = None,
) -> Notice | None:
    """What changed since `before` (None: this is the first sweep, and all of it is new); None where nothing did.

    Told of are cameras and what may be one; a hit gate (`reasons`), and a sweep that broke off, are told of always.
    `in_scope` and `again` as in `scanner.diff.compare`: without `in_scope` no device is said to be gone.
    """
    earlier = before if before is not None else msgspec.structs.replace(after, devices=())
    rows = compare(earlier, after, in_scope, again).rows
    cameras = [row for row in rows if _perhaps_a_camera(row)]
    groups = {name: [row for row in cameras if _group(row) == name] for name in ("listed", "new", "changed", "gone")}
    broke_off = not after.sweep.complete and (before is None or before.sweep.complete)
    if not (any(groups.values()) or reasons or broke_off):
        return None
    instruments = {
        device.id: tuple(dict.fromkeys(finding.instrument for finding in counted(device))) for device in after.devices
    }
    not_asked = sum(_group(row) == "not asked" for row in cameras)
    notice = Notice(
        id="", site=_words(after.sweep.site), version=after.tool.version, now=_sweep(after),
        before=_sweep(before) if before is not None else None,
        addresses=after.coverage.addresses, answered=after.coverage.answered,
        not_reached=_lines(_not_reached(after, not_asked)), gates=_lines(reasons),
        newly_listed=_rows(groups["listed"], instruments), new=_rows(groups["new"], instruments),
        changed=_rows(groups["changed"], instruments), gone=_rows(groups["gone"], {}), not_asked=not_asked,
        others=sum(not _perhaps_a_camera(row) and _group(row) in ("new", "gone") for row in rows),
    )  # fmt: skip
    return _numbered(notice)


def trial_notice(now: str, version: str) -> Notice:
    """A notice to try a destination with: marked as one, of devices that there are not. `now` is RFC 3339."""
    sweep = NoticeSweep(sweep="test", started=now, finished=now, complete=True, devices=1)
    device = NoticeDevice(
        host="198.51.100.10", device="test", label="Example camera at 198.51.100.10", is_camera=True, status="listed",
        maker="Example", model="E-1", instruments=("EXAMPLE",), said=("a documentation address, no device of yours",),
    )  # fmt: skip
    notice = Notice(
        id="", site=None, version=version, now=sweep, before=sweep, addresses=1, answered=1,
        not_reached=_lines(["This is a test: no network was swept."]), new=NoticeGroup(1, (device,)), test=True,
    )  # fmt: skip
    return _numbered(notice)


def _perhaps_a_camera(row: DeviceChange) -> bool:
    """What is no camera and was none is counted only."""
    return row.is_camera is not False or any(change.field == "is_camera" for change in row.changes)


def _group(row: DeviceChange) -> str:
    if row.presence is Presence.NEW:
        return "new"
    if row.presence is Presence.GONE:
        return "gone" if row.reach in _SEEN_TO_BE_GONE else "not asked"
    return "listed" if _listed_by_the_lists(row) else "changed"


def _listed_by_the_lists(row: DeviceChange) -> bool:
    """Whether it became listed with nothing else about it being another than before."""
    status = next((change for change in row.changes if change.field == "status"), None)
    if status is None or status.after != _LISTED:
        return False
    facts = [change for change in row.changes if change.field not in ("status", "instruments")]
    return status.cause in _NOT_OF_THE_DEVICE or (status.cause is Cause.UNKNOWN and not facts)


def _rows(rows: Sequence[DeviceChange], instruments: dict[str, tuple[str, ...]]) -> NoticeGroup:
    """The worst status first; otherwise the order of the comparison, which is by address."""
    ordered = sorted(rows, key=lambda row: _STATUS_ORDER.get(row.status, len(_STATUS_ORDER)))
    return NoticeGroup(len(rows), tuple(_device(row, instruments.get(row.device, ())) for row in ordered[:SHOWN]))


def _device(row: DeviceChange, instruments: tuple[str, ...]) -> NoticeDevice:
    return NoticeDevice(
        host=clean(row.host, _WORDS), device=clean(row.device, _WORDS), label=clean(row.label, _WORDS),
        is_camera=row.is_camera, status=row.status, maker=_words(row.maker), model=_words(row.model),
        instruments=tuple(clean(each, _WORDS) for each in instruments),
        said=tuple(clean(text, _LINE) for text in remarks(row)),
    )  # fmt: skip


def _sweep(inventory: Inventory) -> NoticeSweep:
    sweep = inventory.sweep
    return NoticeSweep(
        sweep=clean(sweep.id, _WORDS), started=sweep.started, finished=sweep.finished, complete=sweep.complete,
        devices=len(inventory.devices),
    )  # fmt: skip


def _not_reached(after: Inventory, not_asked: int) -> Iterator[str]:
    if not after.sweep.complete:
        yield "The sweep is not complete: what follows is what was found until it ended."
    if not_asked:
        yield f"Not known of {count(not_asked, 'camera')} of the sweep before: this one did not ask their addresses."
    yield from after.coverage.notes


def _lines(lines: Iterable[str]) -> NoticeLines:
    every = [clean(line, _LINE) for line in lines]
    return NoticeLines(len(every), tuple(every[:_LINES]))


def _words(text: str | None) -> str | None:
    return None if text is None else clean(text, _WORDS)


def _numbered(notice: Notice) -> Notice:
    """With the id that its content gives: a receiver knows a notice that it got twice."""
    return msgspec.structs.replace(notice, id=sha256(msgspec.json.encode(notice)).hexdigest()[:32])
