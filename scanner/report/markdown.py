"""The inventory as GitHub-flavoured Markdown: for a wiki, a ticket, or the summary page of a CI job."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.models import Device, Inventory, Status
from scanner.report import words
from scanner.text import clean

LIMIT = 900 * 1024
"""Bytes. A job summary may have 1 MiB (docs.github.com, "Adding a job summary"); what is left out is counted."""
_CELL = 160
# An entity stands for the sign and never for markup (CommonMark 0.31.2 §6.2): no link, mention or tag comes of it.
_MARKUP = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_{}[]<>()#+!|@~&:$=^\"'"}
_FOUND = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED, Status.NOT_LISTED)


def render_markdown(inventory: Inventory) -> str:
    """What was not reached, the verdict, the cameras, the instruments; other devices only as a number."""
    head = "\n".join(_head(inventory)) + "\n"
    tail = "\n".join(_tail(inventory)) + "\n"
    room = LIMIT - len(head.encode()) - len(tail.encode())
    return head + _devices(inventory, room) + tail


def literal(text: str, limit: int = _CELL) -> str:
    """A device's words as words: no sign of them is markup."""
    return clean(text, limit).translate(_MARKUP)


def _head(inventory: Inventory) -> Iterator[str]:
    site = f": {literal(inventory.sweep.site)}" if inventory.sweep.site else ""
    yield f"# Camera inventory{site}"
    yield ""
    yield from reached_lines(inventory)
    yield from verdict_lines(inventory)


def reached_lines(inventory: Inventory) -> Iterator[str]:
    """What was reached, and what was not."""
    if not inventory.sweep.complete:
        yield "**The sweep is not complete.** What follows is what was found until it ended."
        yield ""
    yield f"**Reached:** {words.reach_line(inventory)}"
    yield ""
    for note in inventory.coverage.notes:
        yield f"- {literal(note, 600)}"
    yield ""


def verdict_lines(inventory: Inventory) -> Iterator[str]:
    """The verdict in a sentence, and by what it was judged."""
    yield f"**{words.headline(inventory)}**"
    yield ""
    policy = ", ".join(inventory.sweep.policy) or "every instrument that prohibits"
    yield f"Judged as of {inventory.sweep.as_of} by {literal(policy)}, registry of {inventory.tool.registry.edition}."
    yield ""


def _devices(inventory: Inventory, room: int) -> str:
    shown = [device for device in words.in_reading_order(inventory.devices) if device.status in _FOUND]
    if not shown:
        return "No camera was found. That says nothing about what was not reached.\n\n"
    lines = ["| Address | Brand | Maker | Model | Status | Why |", "|---|---|---|---|---|---|"]
    used, left = sum(len(line) + 1 for line in lines), 0
    for device in shown:
        row = _row(device)
        used += len(row.encode()) + 1
        if used > room - 200:
            left += 1
            continue
        lines.append(row)
    if left:
        lines += ["", f"**{left} more devices are not shown here for want of room; the inventory file has them all.**"]
    return "\n".join(lines) + "\n\n"


def _row(device: Device) -> str:
    named = words.instruments_text(device) or words.let_pass_text(device)
    why = f"{named}. {device.why}" if named else device.why
    cells = (device.host, device.brand or "", words.maker_text(device), device.model or "")
    texts = [literal(cell, 60) for cell in cells]
    status = words.status_text(device)
    shown = f"**{status}**" if device.status is Status.LISTED else status
    return f"| {' | '.join(texts)} | {shown} | {literal(why, 300)} |"


def _tail(inventory: Inventory) -> Iterator[str]:
    rows = words.instruments_met(inventory)
    if rows:
        yield "| Instrument | Devices | Whom it binds | A person still has to answer | Edition, source |"
        yield "|---|---|---|---|---|"
    for finding, devices in rows:
        cells = (
            literal(finding.instrument),
            str(devices),
            literal(finding.binds, 400),
            literal(finding.purpose_test, 400),
        )
        edition = words.edition_text(finding, inventory.sweep.as_of)
        yield f"| {' | '.join(cells)} | {literal(edition)}, {literal(finding.source, 300)} |"
    yield ""
    for line in (*words.upcoming_lines(inventory), *words.waiver_lines(inventory)):
        yield f"- {literal(line, 1000)}"
    yield ""
    yield (
        "A finding indicates that an instrument names the maker; whether it binds you is for a person to answer. "
        "Undetermined is an open question."
    )
