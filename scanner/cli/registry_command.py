"""`camcensus registry`: what the lists are, how sure we are of them, how they are refreshed, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import AsOfOption, read_date
from scanner.cli.exits import Exit
from scanner.cli.judging_options import OverlayOption
from scanner.cli.output import result, say
from scanner.cli.registry_files import checked_files, known_makers, read_text, registry_at, with_overlays
from scanner.cli.run_files import read_inventory_file
from scanner.text import clean

if TYPE_CHECKING:
    from scanner.registry import Company, Instrument, Sheet

app = typer.Typer(help="Look at the lists, check and refresh them.", no_args_is_help=True, rich_markup_mode=None)

_LONGEST_LINE = 4000
_SPEC = "`shipped`, a folder of registry files, or an overlay file."
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="As JSON.")]


class DossierFormat(StrEnum):
    """How a dossier is written."""

    MARKDOWN = "markdown"
    HTML = "html"


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="Policies, waivers and overlays to check besides.")
    ] = None,
    registry: Annotated[
        Path | None, typer.Option("--registry", metavar="DIR", help="Check the data in this folder.")
    ] = None,
) -> int:
    """Prove the data: sources and dates present, references right, dates in order; warn of old editions."""
    from scanner.registry import load_registry
    from scanner.registry.check import check as check_registry

    today = date.today()  # noqa: DTZ011 - the user's day
    data = load_registry(registry)
    problems = check_registry(data, today)
    for problem in problems:
        kind = "error" if problem.error else "warning"
        result(f"{kind}: {problem.file}: {problem.entry}: {problem.message}\n")
    _tell(f"warning: {line}" for line in checked_files(list(files or ()), today))
    errors = sum(1 for problem in problems if problem.error)
    warnings = f", {len(problems) - errors} warnings" if len(problems) > errors else ""
    result(f"Registry of {data.edition}: {len(data.instruments)} instruments; problems: {errors}{warnings}\n")
    if files:
        result(f"Valid: {', '.join(str(path) for path in files)}\n")
    return Exit.GATE if errors else Exit.DONE


@app.command("list")
def list_all(overlay: OverlayOption = None) -> None:
    """List the instruments: id, effect, jurisdiction, title, edition."""
    from scanner.registry import list_instruments

    for one in list_instruments(with_overlays(overlay)):
        result(f"{one.id}  [{one.effect}]  {one.jurisdiction}: {one.title} (edition {one.edition})\n")


@app.command()
def policies() -> None:
    """List the policies that can be named with --policy."""
    from scanner.registry import load_registry

    for policy in load_registry().policies.values():
        result(f"{policy.id}: {policy.title}\n")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An instrument, or a company's name.")],
    overlay: OverlayOption = None,
) -> None:
    """Show one instrument or company, with dates and sources."""
    from scanner.registry import show as find

    sheet = find(name, with_overlays(overlay))
    _tell(_sheet(sheet))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help=_SPEC)],
    new: Annotated[str, typer.Argument(metavar="B", help=_SPEC)],
    json: JsonFlag = False,
) -> None:
    """Say what differs between two registries."""
    import msgspec

    from scanner.registry.diff import diff as differences
    from scanner.registry.tell import diff_lines

    found = differences(registry_at(old), registry_at(new))
    if json:
        result(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return
    _tell(diff_lines(found))


@app.command()
def impact(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_SPEC)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_SPEC)],
    inventories: Annotated[
        list[Path], typer.Argument(metavar="INVENTORY…", help="Inventories, or folders that a sweep wrote.")
    ],
    as_of: AsOfOption = None,
    json: JsonFlag = False,
) -> None:
    """Say what other lists would change on stored sweeps, device by device. Sends nothing."""
    import msgspec

    from scanner.registry.impact import impact as impact_of
    from scanner.registry.tell import impact_lines
    from scanner.runs import INVENTORY

    notes: list[str] = []
    sides = registry_at(old, notes), registry_at(new, notes)
    for note in notes:
        say(note)
    read = ((str(path), read_inventory_file(path / INVENTORY if path.is_dir() else path)) for path in inventories)
    day = read_date(as_of) or date.today()  # noqa: DTZ011 - the user's day
    found = impact_of(*sides, read, day, (old, new))
    if json:
        result(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return
    _tell(impact_lines(found))


@app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Official files that you downloaded (docs/registry.md).")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The overlay to write, for you to sign off.")
    ],
    edition: Annotated[
        str | None, typer.Option("--edition", metavar="DATE", help="The day of files that do not say theirs.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Read every file as this instead of recognising it.")
    ] = None,
) -> None:
    """Compare official files with the registry, and write what they change as an overlay. Sends nothing."""
    from scanner.registry import load_registry
    from scanner.registry.importing import import_lists
    from scanner.registry.overlay import render_overlay
    from scanner.registry.tell import overlay_lines
    from scanner.runs import write_whole

    given = read_date(edition)
    today = date.today()  # noqa: DTZ011 - the user's day
    overlay = import_lists(files, load_registry(), today, edition=given.isoformat() if given else None, form=form)
    write_whole(output, render_overlay(overlay))
    _tell(overlay_lines(overlay))
    say(f"Wrote {output}. Nothing of it counts until it is signed off: camcensus registry sign-off {output} --by NAME")


@app.command("sign-off")
def sign_off(
    file: Annotated[Path, typer.Argument(metavar="OVERLAY", help="What `camcensus registry import` wrote.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who looked at every entry and answers for it.")],
) -> None:
    """Sign an overlay off: who, today, and a digest of all that was decided. Refused while an entry is undecided."""
    from scanner.models import UsageError
    from scanner.registry import load_registry
    from scanner.registry.overlay import sign_off as signed
    from scanner.runs import write_whole

    if not by.strip():
        raise UsageError("--by: say who signs it off")
    today = date.today()  # noqa: DTZ011 - the user's day
    write_whole(file, signed(file.name, read_text(file), load_registry(), by.strip(), today))
    say(f"{file} is signed off by {by.strip()} on {today}; use it with --registry-overlay {file}")


@app.command()
def dossier(
    maker: Annotated[str, typer.Argument(metavar="MAKER", help="A company or brand, by any of its names.")],
    form: Annotated[DossierFormat, typer.Option("--format", help="How to write it.")] = DossierFormat.MARKDOWN,
    output: OutputOption = None,
    overlay: OverlayOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Write what is known of a maker, what a buyer is asked to find out, and what is not known."""
    from scanner.registry.dossier import dossier as dossier_of
    from scanner.report.document import render_document_html, render_markdown
    from scanner.runs import write_whole

    day = read_date(as_of) or date.today()  # noqa: DTZ011 - the user's day
    document = dossier_of(maker, with_overlays(overlay), day, known_makers())
    text = render_document_html(document) if form is DossierFormat.HTML else render_markdown(document)
    if output is None:
        result(text)
        return
    say(f"Wrote {write_whole(output, text)}")


def _tell(lines: Iterable[str]) -> None:
    """Lines of a result; what a file or a device says in them has no control characters left."""
    result("".join(f"{_cleaned(line)}\n" for line in lines))


def _cleaned(line: str) -> str:
    """The line, clean, with its indent."""
    text = line.lstrip(" ")
    return f"{' ' * (len(line) - len(text))}{clean(text, _LONGEST_LINE)}"


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
        "Of the site": one.site_test,
        "Exceptions": one.exceptions, "Edition read": one.edition, "Certainty": one.certainty, "Source": one.source,
    }  # fmt: skip
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)
    yield from (f"  From {stage.since}: {stage.text} ({stage.source})" for stage in one.stages)


def _company(one: Company) -> Iterator[str]:
    yield one.name
    facts = {
        "Legal names": "; ".join(one.legal_names), "Also": ", ".join(one.aliases), "Country": one.country,
        "Certainty": one.certainty, "Source": one.source,
    }  # fmt: skip
    yield from (f"  {name}: {value}" for name, value in facts.items() if value)
    for owner in one.owners:
        period = f"{owner.since or '?'} to {owner.until or 'now'}"
        yield f"  {owner.relation} of {owner.name}, {period}, {owner.certainty} ({owner.source})"
