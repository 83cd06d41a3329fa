"""`camcensus registry`: what the lists are, and how sure we are of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.output import result

if TYPE_CHECKING:
    from scanner.registry import Company, Instrument, Sheet

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
    result(f"Registry of {registry.edition}: {len(registry.instruments)} instruments; problems: {len(problems)}\n")
    return Exit.GATE if problems else Exit.DONE


@app.command("list")
def list_all() -> None:
    """List the instruments: id, effect, jurisdiction, title."""
    from scanner.registry import list_instruments, load_registry

    for one in list_instruments(load_registry()):
        result(f"{one.id}  [{one.effect}]  {one.jurisdiction}: {one.title}\n")


@app.command()
def policies() -> None:
    """List the policies that can be named with --policy."""
    from scanner.registry import load_registry

    for policy in load_registry().policies.values():
        result(f"{policy.id}: {policy.title}\n")


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="ID", help="An instrument, or a company's name.")]) -> None:
    """Show one instrument or company, with dates and sources."""
    from scanner.registry import load_registry
    from scanner.registry import show as find

    sheet = find(name, load_registry())
    result("".join(f"{line}\n" for line in _sheet(sheet)))


def _sheet(sheet: Sheet) -> Iterator[str]:
    if sheet.instrument is not None:
        yield from _instrument(sheet.instrument)
    if sheet.company is not None:
        yield from _company(sheet.company)
    for listing in sheet.listings:
        until = f" to {listing.until}" if listing.until else ""
        yield f"  {listing.instrument}: “{listing.entity}” from {listing.since}{until} ({listing.source})"
    for label in sheet.labels:
        yield f"  label {label.brand}: {label.scope}, {label.certainty} ({label.source})"
    for part in sheet.parts:
        yield f"  see also {part.id}: {part.title}"


def _instrument(one: Instrument) -> Iterator[str]:
    yield f"{one.id}: {one.title}"
    facts = {
        "Jurisdiction": one.jurisdiction, "Status": one.legal_status, "Effect": one.effect, "In force": one.in_force,
        "Until": one.until, "Binds": one.binds, "Covers": one.covers, "To answer": one.purpose_test,
        "Exceptions": one.exceptions, "Edition read": one.edition, "Certainty": one.certainty, "Source": one.source,
    }  # fmt: skip
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)


def _company(one: Company) -> Iterator[str]:
    yield one.name
    facts = {"Legal names": "; ".join(one.legal_names), "Also": ", ".join(one.aliases), "Country": one.country}
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)
