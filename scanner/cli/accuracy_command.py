"""`camcensus fingerprints accuracy`: how well recorded cases are identified, as a page of Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import result, say
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.identify.rules import RuleSet


def accuracy(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="Recorded cases with their truth (JSON Lines).")],
    recog: Annotated[
        Path | None, typer.Option("--recog", metavar="DIR", help="Recog's XML files: measure them on the same cases.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the page there.")] = None,
    table: Annotated[
        Path | None,
        typer.Option("--fit", metavar="FILE", help="Also write the calibration table that these cases bear out."),
    ] = None,
) -> None:
    """Measure the packaged fingerprints on recorded cases whose truth is known."""
    from scanner.identify.accuracy import measure
    from scanner.identify.accuracy_page import calibration_file, page
    from scanner.identify.cases import read_cases

    if not cases.is_file():
        raise UsageError(f"{cases}: there is no such file")
    found = measure(read_cases(cases), recog=_recog(recog) if recog else None)
    if table is not None:
        table.write_text(calibration_file(found), encoding="utf-8")
        say(f"{table} written")
    if out is None:
        result(page(found))
    else:
        out.write_text(page(found), encoding="utf-8")
        say(f"{out} written")


def _recog(folder: Path) -> RuleSet:
    """Recog's patterns as rules."""
    from scanner.identify.recog_rules import load_recog

    return load_recog(folder)
