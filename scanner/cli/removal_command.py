"""`camcensus removal`: what is to be removed, what was, and whether sweeps agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import colored, result, say, width
from scanner.cli.store_options import JsonOption, SiteOption, StoreOption, place_of, read_day, today, write_json

if TYPE_CHECKING:
    from scanner.store.removals import Kind

app = typer.Typer(
    help="Plan removals, record them, and see whether sweeps agree.", no_args_is_help=True, rich_markup_mode=None
)
DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE", help="An address, a MAC, a serial or an id.")]
ReplacedOption = Annotated[
    str | None,
    typer.Option("--replaced-by", metavar="DEVICE", help="What takes its place, as the store or you name it."),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with it.")]


@app.command()
def plan(
    device: DeviceArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day by which it shall be gone.")] = None,
    replaced_by: ReplacedOption = None,
    reason: ReasonOption = "",
    site: SiteOption = None,
    store: StoreOption = None,
) -> None:
    """Say that a device is to be removed; a later plan takes the place of an earlier one."""
    from scanner.store.removals import Kind

    _say(Kind.PLAN, device, read_day("--on", on), replaced_by, reason, site, store)


@app.command()
def done(
    device: DeviceArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day it went; today by default.")] = None,
    replaced_by: ReplacedOption = None,
    reason: ReasonOption = "",
    site: SiteOption = None,
    store: StoreOption = None,
) -> None:
    """Say that a device was removed; it counts as gone once a complete sweep that asks its address agrees."""
    from scanner.store.removals import Kind

    _say(Kind.DONE, device, read_day("--on", on) or today(), replaced_by, reason, site, store)


@app.command()
def cancel(
    device: DeviceArgument, reason: ReasonOption = "", site: SiteOption = None, store: StoreOption = None
) -> None:
    """Take a removal back."""
    from scanner.store.removals import Kind

    _say(Kind.CANCEL, device, None, None, reason, site, store)


@app.command("list")
def list_all(site: SiteOption = None, json: JsonOption = None, store: StoreOption = None) -> None:
    """Removals that are planned, overdue, confirmed by a sweep, or contradicted by one."""
    from scanner.report.history import render_json, render_removals
    from scanner.store.reader import open_reader
    from scanner.store.sites import every_removal

    with open_reader(place_of(store)) as reader:
        found = every_removal(reader, site, today())
    if json is not None:
        write_json(json, render_json(found))
    else:
        result(render_removals(found, width=width(), color=colored()))


def _say(
    kind: Kind, device: str, day: str | None, replaced_by: str | None, reason: str, site: str | None, store: str | None
) -> None:
    from scanner.store.engine import open_store
    from scanner.store.reader import open_reader
    from scanner.store.removals import Word
    from scanner.store.say import meant, replacement
    from scanner.store.say import say as keep
    from scanner.timestamps import now

    place = place_of(store)
    with open_reader(place) as reader:
        number, found = meant(reader, device, site, kind, today())
        if found.removal is not None and kind is not kind.CANCEL:
            replaced_by = replaced_by or found.removal.replaced_by
        other = replacement(reader, replaced_by, found.site, today()) if replaced_by else None
    with open_store(place) as opened:
        keep(opened, Word(number, kind, day, reason, replaced_by, other, now()))
    words = {"plan": "Planned", "done": "Recorded", "cancel": "Cancelled"}[kind.value]
    say(f"{words}: removal of {found.label}, site {found.site}" + (f", {day}" if day else ""))
    if replaced_by and other is None:
        say(f"The store does not know {replaced_by} yet; the name is kept as it is.")
