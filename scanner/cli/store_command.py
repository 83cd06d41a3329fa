"""`camcensus store`: runs into the history, the history made anew from runs, and whether it holds together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.cli.run_files import asked_of, read_run, rejudge
from scanner.cli.store_options import StoreOption, place_of
from scanner.models import Inventory, UsageError

if TYPE_CHECKING:
    from scanner.store.rebuild import Source

app = typer.Typer(
    help="Keep the history of all sweeps: record runs, make it anew, check it.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
RunSite = Annotated[
    str | None, typer.Option("--site", metavar="NAME", help="The site that they are of, where they do not say it.")
]


@app.command()
def add(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN…", help="Folders that sweeps wrote, or inventory files.")],
    site: RunSite = None,
    store: StoreOption = None,
) -> None:
    """Record finished runs. The same run twice is one; one that was continued since takes its own place."""
    from scanner.store.engine import open_store
    from scanner.store.record import record
    from scanner.store.values import DEFAULT_SITE

    with open_store(place_of(store)) as opened:
        for run in runs:
            inventory = read_run(run)
            with opened.change() as connection:
                done = record(connection, inventory, site=site, run=_path(run), asking=asked_of)
            known = f", {done.new} of them new there" if done.new else ""
            say(f"{run}: {done.outcome.value}, site {done.site}: {done.devices} devices{known}")
            if site is None and inventory.sweep.site is None:
                say(f"It names no site, so it counts to {DEFAULT_SITE!r}: say which with --site NAME")


@app.command()
def rebuild(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR…", help="Run folders, or folders that hold run folders or inventories.")
    ],
    site: RunSite = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Let go of recorded sweeps whose runs are in none of the folders.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Make the store anew from runs: their evidence judged again by this version, each as of its own day.

    Sweeps keep the site they were recorded at, and removals that were planned or done are carried over.
    """
    from scanner.store.engine import open_store
    from scanner.store.rebuild import rebuild as anew
    from scanner.store.rebuild import set_aside_damaged

    sources = [_source(run) for folder in folders for run in _runs(folder)]
    if not sources:
        raise UsageError(f"no finished run lies in {', '.join(map(str, folders))}")
    place = place_of(store)
    aside = set_aside_damaged(place.path) if place.path is not None else None
    if aside is not None:
        say(f"The old store can't be read: it is kept as {aside}. Sites given with --site and removals were in it.")
    with open_store(place) as opened:
        done = anew(opened, sources, asking=asked_of, site=site, forget=forget)
    say(f"The store {place} is new: {done.sweeps} sweeps, {done.removals} notes of removals carried over.")
    if done.unseen:
        say(f"{done.unseen} of them are of devices that none of these runs saw; they are kept.")


@app.command()
def check(store: StoreOption = None) -> int:
    """Prove that the store holds together: its files, its references, and that each sweep has its devices."""
    from scanner.store.check import problems
    from scanner.store.reader import open_reader

    place = place_of(store)
    with open_reader(place) as reader:
        found = list(problems(reader, place))
        ((sweeps,),) = reader.rows("SELECT count(*) FROM sweep")
    for problem in found:
        result(f"{problem}\n")
    result(f"Store {place}: {sweeps} sweeps; problems: {len(found)}\n")
    if found:
        say("Make it anew from the runs with camcensus store rebuild DIR")
    return Exit.GATE if found else Exit.DONE


def _runs(folder: Path) -> Iterator[Path]:
    """The finished runs under a folder, by name; itself where it is one."""
    from scanner.runs import INVENTORY

    if not folder.exists():
        raise UsageError(f"there is no {folder}")
    if folder.is_file():
        yield folder
        return
    for found in sorted(folder.rglob(INVENTORY)):
        yield found.parent


def _source(run: Path) -> Source:
    """What stands for a run until its turn: only its times are kept."""
    from scanner.store.rebuild import source_of
    from scanner.store.values import moment

    inventory = read_run(run)
    return source_of(inventory, moment(inventory.sweep.finished), _path(run), _judged(run))


def _judged(run: Path) -> Callable[[], Inventory]:
    """Reads a run when called: its evidence judged again, or the inventory as it is where no evidence lies by it."""

    def read() -> Inventory:
        from datetime import date

        from scanner.cli.judging_options import Judging
        from scanner.runs import EVIDENCE

        inventory = read_run(run)
        if (run / EVIDENCE).is_file():
            inventory = rejudge(run, inventory, Judging(as_of=date.fromisoformat(inventory.sweep.as_of)))
        return inventory

    return read


def _path(run: Path) -> str:
    return str(run.resolve()).encode("utf-8", "replace").decode()
