"""`camcensus registry`: what the lists are, and how sure we are of them."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.output import result

app = typer.Typer(help="Look at the lists, and check them.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def check() -> int:
    """Prove the registry's data: sources and dates present, references right, dates in order."""
    from scanner.registry import check as check_registry
    from scanner.registry import load_registry

    registry = load_registry()
    problems = check_registry(registry)
    for problem in problems:
        result(f"{problem}\n")
    result(f"Registry of {registry.edition}: {len(problems)} problems\n")
    return Exit.GATE if problems else Exit.DONE


@app.command("list")
def list_instruments() -> None:
    """List the instruments: id, effect, jurisdiction, title."""
    from scanner.registry import load_registry

    registry = load_registry()
    for one in registry.instruments:
        result(f"{one.id}  [{one.effect}]  {one.jurisdiction}: {one.title}\n")


@app.command()
def policies() -> None:
    """List the policies that can be named with --policy."""
    from scanner.registry import load_registry

    for policy in load_registry().policies:
        result(f"{policy.id}: {policy.title}\n")


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="ID", help="An instrument, a company, or a brand.")]) -> None:
    """Show one instrument, company or brand, with dates and sources."""
    from scanner.registry import describe, load_registry

    result(describe(load_registry(), name))
