"""What changed between two sweeps: for a terminal, as JSON, as Markdown, as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.models.changes import Cause, Change, Changes, DeviceChange, Presence
from scanner.models.reconciliation import Reach
from scanner.report.markdown import LIMIT, literal
from scanner.report.table import output, paper, styled

if TYPE_CHECKING:
    from rich.console import RenderableType

TITLE = {Presence.NEW: "New", Presence.GONE: "Gone", Presence.CHANGED: "Changed"}
CAUSE = {
    Cause.DEVICE: "the device changed",
    Cause.FINGERPRINTS: "its words are understood otherwise (fingerprints)",
    Cause.LISTS: "the lists changed",
    Cause.POLICY: "another policy or day",
    Cause.UNKNOWN: "cause not known",
}
REACH = {
    Reach.ASKED: "its address was asked and did not answer",
    Reach.OTHER: "another device is at its address",
    Reach.OUTSIDE: "its address was not asked: outside the second sweep's scope",
    Reach.UNKNOWN: "not known whether it was asked",
    None: "",
}
_STYLE = {Presence.NEW: "bold red", Presence.GONE: "bold yellow", Presence.CHANGED: "bold"}


def render_changes_json(changes: Changes) -> bytes:
    """The changes, indented, with a final newline; the same input gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(changes, order="deterministic"), indent=1) + b"\n"


def render_changes(changes: Changes, *, width: int = 120, color: bool = False) -> str:
    """Notes first, then a table for each of new, gone and changed, then the numbers."""
    console = paper(width, color)
    for note in changes.notes:
        console.print(styled(f"! {note}", "yellow"))
    for presence, rows in by_presence(changes):
        console.print(styled(f"{TITLE[presence]} ({len(rows)})", _STYLE[presence]))
        console.print(_table(rows))
    console.print(styled(sentence(changes), "bold"))
    return output(console)


def render_changes_markdown(changes: Changes) -> str:
    """For the summary page of a job: at most `LIMIT` bytes, and what is left out is counted."""
    return changes_markdown(changes, "# What changed", LIMIT)


def changes_markdown(changes: Changes, heading: str, room: int) -> str:
    """The changes under a heading, in at most `room` bytes; what is left out is counted."""
    level = heading.partition(" ")[0]
    notes = [f"- {literal(note, 600)}" for note in changes.notes]
    lines = [heading, "", *notes, *([""] if notes else []), f"**{sentence(changes)}**", ""]
    used, left = sum(len(line.encode()) + 1 for line in lines) + 400, 0
    for presence, rows in by_presence(changes):
        lines += [
            f"{level}# {TITLE[presence]} ({len(rows)})",
            "",
            "| Address | Device | Status | What |",
            "|---|---|---|---|",
        ]
        for row in rows:
            cells = (row.host, row.label, row.status, "; ".join(remarks(row)))
            line = f"| {' | '.join(literal(cell, 400) for cell in cells)} |"
            used += len(line.encode()) + 1
            if used < room:
                lines.append(line)
            else:
                left += 1
        lines.append("")
    if left:
        lines.append(f"**{left} more are not shown here for want of room.**")
    return "\n".join(lines) + "\n"


def render_changes_html(changes: Changes) -> str:
    """One file without script or network."""
    sections = [(TITLE[presence], rows) for presence, rows in by_presence(changes)]
    from scanner.report.html import template

    return template("changes.html.j2").render(
        changes=changes, sections=sections, remarks=remarks, sentence=sentence(changes)
    )


def by_presence(changes: Changes) -> Iterator[tuple[Presence, Sequence[DeviceChange]]]:
    """Those of new, gone and changed that there are."""
    for presence in Presence:
        rows = [row for row in changes.rows if row.presence is presence]
        if rows:
            yield presence, rows


def sentence(changes: Changes) -> str:
    """The numbers in one sentence."""
    if not changes.rows:
        return f"Nothing changed: the {changes.after.devices} devices are as they were."
    parts = [f"{changes.counts.get(presence.value, 0)} {presence.value}" for presence in Presence]
    named = ((cause, changes.counts.get(f"changed by {cause.value}", 0)) for cause in Cause)
    causes = [f"{number}: {CAUSE[cause]}" for cause, number in named if number]
    return ", ".join(parts) + (f" ({'; '.join(causes)})" if causes else "") + "."


def remarks(row: DeviceChange) -> list[str]:
    """What is to be said of one device, in a few words each."""
    said = [REACH[row.reach]] if row.reach else []
    return said + [change_text(change) for change in row.changes]


def change_text(change: Change) -> str:
    """One change in a few words, with its cause."""
    nothing = "none" if change.field in ("instruments", "waivers") else "not established"
    return f"{change.field}: {change.before or nothing} → {change.after or nothing} ({CAUSE[change.cause]})"


def _table(rows: Sequence[DeviceChange]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("Address", overflow="fold", max_width=20, min_width=13)
    table.add_column("Maker", overflow="fold", max_width=14)
    table.add_column("Model", overflow="fold", max_width=20)
    table.add_column("Status", overflow="fold", max_width=12)
    table.add_column("What", overflow="fold", ratio=1, min_width=24)
    for row in rows:
        facts = (row.host, row.maker or "", row.model or "", row.status)
        table.add_row(*map(styled, facts), styled("\n".join(remarks(row)) if row.changes else "; ".join(remarks(row))))
    return table
