"""A reconciliation as a table for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.models.reconciliation import Reach, ReconciledRow, Reconciliation, Standing
from scanner.report.table import output, paper, styled

if TYPE_CHECKING:
    from rich.console import RenderableType

_TITLE = {
    Standing.SEEN_UNKNOWN: "Seen and unknown: on the network, and on no list",
    Standing.KNOWN_UNSEEN: "Known and unseen: on a list, and not found by the scan",
    Standing.SEEN_KNOWN: "Seen and known",
    Standing.NETWORK_ONLY: "On the network only: in a lease or switch table, neither seen nor listed",
}
_REACH = {
    Reach.ASKED: "asked, no answer",
    Reach.OTHER: "another device answers there",
    Reach.OUTSIDE: "not asked: outside the scope",
    Reach.UNKNOWN: "not known whether asked",
}
_STYLE = {Standing.SEEN_UNKNOWN: "bold red", Standing.KNOWN_UNSEEN: "bold yellow"}
_NARROW = 100
_WIDE_COLUMNS = (("Name", 20), ("Maker", 14), ("Model", 20), ("Known from", 26))
_NARROW_COLUMNS = (("Device", 24),)


def render_reconciliation_json(found: Reconciliation) -> bytes:
    """The reconciliation, indented, with a final newline; the same input gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(found, order="deterministic"), indent=1) + b"\n"


def render_reconciliation(found: Reconciliation, *, width: int = 120, color: bool = False) -> str:
    """Notes, then a table for each standing that has devices, then the counts; channels are counted apart."""
    console = paper(width, color)
    for note in found.notes:
        console.print(styled(f"! {note}", "yellow"))
    for standing in Standing:
        rows = [row for row in found.rows if row.standing is standing]
        if rows:
            console.print(styled(f"{_TITLE[standing]} ({_counted(found, standing)})", _STYLE.get(standing, "bold")))
            console.print(_table(rows, wide=width >= _NARROW))
    console.print(styled(summary(found), "bold"))
    return output(console)


def summary(found: Reconciliation) -> str:
    """The counts in one sentence."""
    parts = [f"{str(standing).replace('-', ' ')}: {_counted(found, standing)}" for standing in Standing]
    others = f" {found.others} other devices were seen that are no cameras and on no list." if found.others else ""
    return "; ".join(parts) + "." + others


def _counted(found: Reconciliation, standing: Standing) -> str:
    count = found.counts[str(standing)]
    devices = f"{count.devices} device" + ("" if count.devices == 1 else "s")
    # One channel a device is what a camera has: only what recorders and encoders add is worth words.
    return f"{devices}, {count.channels} listed channels" if count.channels > count.devices else devices


def _table(rows: Sequence[ReconciledRow], *, wide: bool) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=wide)
    table.add_column("Address", overflow="fold", min_width=15, max_width=None if wide else 17)
    for column, most in _WIDE_COLUMNS if wide else _NARROW_COLUMNS:
        table.add_column(column, overflow="fold", max_width=most)
    table.add_column("Remarks", overflow="fold", ratio=1 if wide else None, min_width=20)
    for row in rows:
        sources = ", ".join((*row.lists, *row.network))
        facts = [row.name or "", row.maker or "", row.model or "", sources]
        cells = facts if wide else [" · ".join(fact for fact in facts if fact)]
        table.add_row(styled(row.host), *map(styled, cells), styled("; ".join(_remarks(row))))
    return table


def _remarks(row: ReconciledRow) -> list[str]:
    remarks = [f"{each.field}: seen {each.seen}, {each.source} says {each.known}" for each in row.differences]
    if row.reach is not None:
        remarks.insert(0, _REACH[row.reach])
    if row.channels > 1:
        remarks.append(f"{row.channels} channels")
    if row.place:
        remarks.append(f"at {row.place}")
    if row.matched_by:
        remarks.append(f"by {row.matched_by}")
    if row.device and row.is_camera is None:
        remarks.append("perhaps no camera")
    return remarks
