"""A finished sweep records itself in the store."""

from __future__ import annotations

from pathlib import Path

from scanner.cli.endings import Endings
from scanner.cli.output import say
from scanner.models import Inventory, UsageError


def record_run(inventory: Inventory, ends: Endings, run: Path | None) -> None:
    """Add the sweep, at the site that it names. UsageError where the user named the store and it fails; else a note."""
    place = ends.store
    if place is None:
        return
    from scanner.cli.run_files import asked_of
    from scanner.store.engine import open_store
    from scanner.store.record import record

    where = str(run.resolve()).encode("utf-8", "replace").decode() if run is not None else None
    try:
        with open_store(place) as store, store.change() as connection:
            done = record(connection, inventory, site=None, run=where, asking=asked_of)
    except UsageError as error:
        if ends.named:
            raise
        say(f"Not recorded in the history: {error}")
        return
    if not ends.quiet:
        known = f", {done.new} of them not known there before" if done.new else ""
        say(f"Recorded in {place}: site {done.site}, {done.devices} devices{known}")
