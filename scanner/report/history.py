"""What the store tells of devices, sites and removals: for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.models import Status
from scanner.models.history import (
    DeviceHistory,
    Happening,
    History,
    HistoryEvent,
    Removal,
    Removals,
    RemovalState,
    Sites,
    SiteState,
    Standing,
    Trend,
)
from scanner.report.diff import change_text
from scanner.report.table import STATUS_STYLE, output, paper, styled
from scanner.report.words import STATUS_LABEL, count

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_HAPPENED = {
    Happening.FIRST_SEEN: "first seen",
    Happening.CHANGED: "changed",
    Happening.GONE: "gone",
    Happening.BACK: "back",
    Happening.PLANNED: "removal planned",
    Happening.DONE: "said to be removed",
    Happening.CANCELLED: "removal cancelled",
}
_STATE = {
    RemovalState.PLANNED: ("planned", ""),
    RemovalState.OVERDUE: ("overdue: its day has passed, and no sweep found it gone", "bold red"),
    RemovalState.DONE: ("said to be removed; no sweep has confirmed it", "yellow"),
    RemovalState.GONE: ("gone: a complete sweep asked its address and did not find it", "green"),
    RemovalState.SEEN_AFTER: ("SEEN AGAIN after it was said to be removed", "bold red"),
}
_NARROW = 90


def render_json(value: History | Sites | Trend | Removals) -> bytes:
    """Any of them, indented, with a final newline; the same input gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def render_history(history: History, *, width: int = 120, color: bool = False) -> str:
    """A table of devices; of devices that were asked for, each in full."""
    console = paper(width, color)
    for note in history.notes:
        console.print(styled(f"! {note}", "yellow"))
    if history.wanted is None:
        console.print(_devices(history.devices, several=len({d.site for d in history.devices}) > 1, width=width))
        console.print(styled(_sentence(history.devices), "bold"))
        return output(console)
    for at, device in enumerate(history.devices):
        if at:
            console.print()
        _print_device(console, device)
    return output(console)


def render_sites(sites: Sites, *, width: int = 120, color: bool = False) -> str:
    """What is not complete or overdue first, then a line a site."""
    console = paper(width, color)
    for site in sites.sites:
        for note in _site_notes(site):
            console.print(styled(f"! {site.site}: {note}", "yellow"))
    if not sites.sites:
        console.print(
            styled("The store holds no sweep yet: a sweep records itself, an older run by camcensus store add RUN")
        )
        return output(console)
    heads = ["Site", "Latest sweep", "Reached", "Cameras", *(STATUS_LABEL[status] for status in _SHOWN), "Gone"]
    table = _table(heads, right=range(3, len(heads)))
    for site in sites.sites:
        counts = [str(site.statuses[status.value]) for status in _SHOWN]
        cells = [site.site, _latest(site), _reached(site), str(site.cameras), *counts, str(site.gone)]
        table.add_row(*map(styled, cells))
    console.print(table)
    sweeps = sum(site.sweeps for site in sites.sites)
    listed = sum(site.statuses[Status.LISTED.value] > 0 for site in sites.sites)
    numbers = f"{count(len(sites.sites), 'site')}, {count(sweeps, 'sweep')}; {listed} with a listed device."
    console.print(styled(numbers, "bold"))
    return output(console)


_SHOWN = (Status.LISTED, Status.REVIEW, Status.UNDETERMINED, Status.NOT_LISTED)


def render_removals(removals: Removals, *, width: int = 120, color: bool = False) -> str:
    """A line a removal, by site and day."""
    console = paper(width, color)
    if not removals.removals:
        console.print(styled("No removal is planned or recorded."))
        return output(console)
    table = _table(["Site", "Day", "Device", "State", "Replaced by", "Reason"])
    for one in removals.removals:
        words, style = _STATE[one.state]
        table.add_row(
            styled(one.site), styled(one.day or "no day"), styled(one.label), styled(words, style),
            styled(_replacement(one)), styled(one.reason),
        )  # fmt: skip
    console.print(table)
    return output(console)


def _devices(devices: Sequence[DeviceHistory], *, several: bool, width: int) -> RenderableType:
    wide = width >= _NARROW
    heads = [*(["Site"] if several else []), "Address", "Device", "Status", "Standing"]
    heads += ["First seen", "Last seen", "Changes"] if wide else ["Last seen"]
    table = _table(heads, right=[len(heads) - 1] if wide else [])
    for device in devices:
        status = Status(device.status) if device.status else None
        cells = [styled(device.site)] if several else []
        cells += [styled(device.host), styled(_what(device))]
        cells += [styled(STATUS_LABEL[status], STATUS_STYLE[status]) if status else styled("")]
        cells += [styled(_standing(device))]
        dates = [_day(device.first_seen), _day(device.last_seen)] if wide else [_day(device.last_seen)]
        cells += [styled(text) for text in (*dates, *([str(device.changed)] if wide else []))]
        table.add_row(*cells)
    return table


def _print_device(console: Console, device: DeviceHistory) -> None:
    console.print(styled(f"{device.label}, site {device.site}", "bold"))
    if device.status:
        status = Status(device.status)
        named = f" ({', '.join(device.instruments)})" if device.instruments else ""
        console.print(styled(STATUS_LABEL[status] + named, STATUS_STYLE[status]))
    for line in _lines(device):
        console.print(styled(line, limit=1000))
    table = _table(["When", "What", "", "Sweep"])
    for event in device.events:
        table.add_row(
            styled(event.at[:16].replace("T", " ")), styled(_HAPPENED[event.what]),
            styled("\n".join(_details(event)), limit=2000) if len(_details(event)) < 2 else _stack(event),
            styled(event.sweep or ""),
        )  # fmt: skip
    console.print(table)


def _stack(event: HistoryEvent) -> RenderableType:
    from rich.text import Text

    return Text("\n").join(styled(line) for line in _details(event))


def _details(event: HistoryEvent) -> list[str]:
    return [*([event.note] if event.note else []), *(change_text(change) for change in event.changes)]


def _lines(device: DeviceHistory) -> Iterator[str]:
    facts = (
        ("maker", device.maker if device.maker != device.brand else None), ("firmware", device.firmware),
        ("serial", device.serial), ("MAC", device.mac), ("id", device.device),
    )  # fmt: skip
    yield ", ".join(f"{name} {value}" for name, value in facts if value)
    if device.first_seen and device.last_seen:
        times = count(device.sweeps, "sweep")
        yield f"First seen {_day(device.first_seen)}, last seen {_day(device.last_seen)}, by {times} in all."
    if device.waivers:
        yield f"Waived in part or whole: {'; '.join(device.waivers)}."
    if device.standing is Standing.GONE:
        there = f" {device.now_there} is there now." if device.now_there else ""
        yield f"Gone since {_day(device.since)}: its address was asked, and it did not answer.{there}"
    if device.standing is Standing.NOT_ASKED:
        yield "Not seen by the latest sweep, which can't say that it is gone: not complete, or its address not asked."
    if device.standing is Standing.NEVER:
        yield "No sweep of this store has seen it: only its removal is recorded."
    if device.removal:
        day = f" for {device.removal.day}" if device.removal.day else ""
        replaced = _replacement(device.removal)
        yield f"Removal{day}: {_STATE[device.removal.state][0]}" + (f"; replaced by {replaced}" if replaced else "")


def _replacement(one: Removal) -> str:
    if one.replacement and one.replaced_by and one.replaced_by not in one.replacement:
        return f"{one.replaced_by} ({one.replacement})"
    return one.replacement or one.replaced_by or ""


def _what(device: DeviceHistory) -> str:
    return device.label.removesuffix(f" at {device.host}").removesuffix(f"at {device.host}") or device.kind


def _standing(device: DeviceHistory) -> str:
    if device.standing is Standing.GONE:
        return f"gone {_day(device.since)}"
    if device.standing is Standing.NEVER:
        return "never seen"
    overdue = device.removal is not None and device.removal.state is RemovalState.OVERDUE
    words = "there" if device.standing is Standing.SEEN else "not asked since"
    return f"{words}, removal overdue" if overdue else words


def _sentence(devices: Sequence[DeviceHistory]) -> str:
    gone = sum(device.standing is Standing.GONE for device in devices)
    open_ones = sum(device.standing is Standing.NOT_ASKED for device in devices)
    changed = sum(device.changed > 0 for device in devices)
    more = f", {open_ones} not asked by the latest sweep" if open_ones else ""
    return f"{count(len(devices), 'device')}: {gone} gone{more}; {changed} changed at some time."


def _site_notes(site: SiteState) -> Iterator[str]:
    if not site.complete:
        last = f"the last complete one is of {_day(site.last_complete)}" if site.last_complete else "none ever was"
        yield f"the latest sweep is not complete ({last}): what it did not see may not have been asked."
    if site.addresses > site.answered:
        yield f"{site.addresses - site.answered} of {site.addresses} addresses did not answer."
    if site.not_asked:
        yield f"{count(site.not_asked, 'device')} not asked by the latest sweep: counted as last seen."
    if site.overdue:
        yield f"{site.overdue} planned removals are overdue."
    if site.waivers.get("expired"):
        yield f"{site.waivers['expired']} waivers had expired when it was swept last."


def _latest(site: SiteState) -> str:
    number = f"{site.sweeps} in all" if site.sweeps > 1 else "the only one"
    return f"{site.latest[:16].replace('T', ' ')} ({number})"


def _reached(site: SiteState) -> str:
    reach = f"{site.answered} of {site.addresses}" if site.addresses else "recorded evidence"
    return reach if site.complete else f"{reach}, NOT complete"


def _day(at: str | None) -> str:
    return at[:10] if at else ""


def _table(heads: Sequence[str], right: Sequence[int] = ()) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for at, head in enumerate(heads):
        table.add_column(head, overflow="fold", justify="right" if at in right else "left")
    return table
