"""`camcensus reconcile`: a scan held against DHCP, switch tables and camera lists; the network is not touched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.exits import Exit
from scanner.cli.finish import check_json_file
from scanner.cli.output import colored, result, width
from scanner.cli.recorded import Problems
from scanner.cli.run_files import asked_by, read_run
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.models.reconciliation import Known


def reconcile(
    scan: Annotated[Path, typer.Argument(metavar="SCAN", help="A folder that a sweep wrote, or an inventory file.")],
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="Further files of what is known.")
    ] = None,
    known: Annotated[
        list[Path] | None,
        typer.Option("--known", metavar="FILE", help="What is known: any file that `import` reads; may be repeated."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="Read the known files as this format instead of recognising it."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON; - is standard output.")
    ] = None,
) -> int:
    """Say what was seen and is known, seen and unknown, known and unseen. Sends nothing."""
    check_json_file(json_file)
    files = [*(known or ()), *(more or ())]
    if not files:
        raise UsageError("say what is known: --known FILE, a lease file, switch table, or camera list")
    inventory = read_run(scan)
    from scanner.reconcile import reconcile as reconciled
    from scanner.report.reconcile import render_reconciliation, render_reconciliation_json
    from scanner.runs import write_whole

    found = reconciled(inventory, _known(files, form), asked_by(inventory))
    if json_file is not None and str(json_file) == "-":
        result(render_reconciliation_json(found))
        return Exit.DONE
    if json_file is not None:
        write_whole(json_file, render_reconciliation_json(found))
    result(render_reconciliation(found, width=width(), color=colored()))
    return Exit.DONE


def _known(files: list[Path], form: str | None) -> list[Known]:
    from scanner.cli.importing import open_sources, read_one
    from scanner.reconcile import gather

    problems = Problems()
    return [
        each for source in open_sources(files, form) for each in gather(read_one(source, problems), source.file.name)
    ]
