"""`camcensus history`, `sites` and `trend`: what the store tells; nothing is sent."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from scanner.cli.output import colored, result, width
from scanner.cli.store_options import JsonOption, SiteOption, StoreOption, place_of, today, write_json


class By(StrEnum):
    """What a trend counts."""

    STATUS = "status"
    MAKER = "maker"


def history(
    device: Annotated[
        str | None,
        typer.Argument(metavar="DEVICE", help="An address, a MAC, a serial or an id, present or past; else every one."),
    ] = None,
    site: SiteOption = None,
    json: JsonOption = None,
    store: StoreOption = None,
) -> None:
    """When devices were first and last seen, what changed at which sweep, and what is gone."""
    from scanner.report.history import render_history, render_json
    from scanner.store.history import every_device, one_device
    from scanner.store.reader import open_reader

    with open_reader(place_of(store)) as reader:
        found = one_device(reader, device, site, today()) if device else every_device(reader, site, today())
    if json is not None:
        write_json(json, render_json(found))
    else:
        result(render_history(found, width=width(), color=colored()))


def sites(site: SiteOption = None, json: JsonOption = None, store: StoreOption = None) -> None:
    """Each site's latest sweep, what it reached, and what is known of its devices."""
    from scanner.report.history import render_json, render_sites
    from scanner.store.reader import open_reader
    from scanner.store.sites import every_site

    with open_reader(place_of(store)) as reader:
        found = every_site(reader, site, today())
    if json is not None:
        write_json(json, render_json(found))
    else:
        result(render_sites(found, width=width(), color=colored()))


def trend(
    site: SiteOption = None,
    by: Annotated[By, typer.Option("--by", help="Count devices by verdict, or cameras by maker.")] = By.STATUS,
    json: JsonOption = None,
    store: StoreOption = None,
) -> None:
    """How the numbers went from sweep to sweep; devices that a sweep did not ask count as last seen."""
    from scanner.report.history import render_json
    from scanner.report.trend import render_trend
    from scanner.store.reader import open_reader
    from scanner.store.trend import trend as read

    with open_reader(place_of(store)) as reader:
        found = read(reader, site, by.value)
    if json is not None:
        write_json(json, render_json(found))
    else:
        result(render_trend(found, width=width(), color=colored()))
