"""`camcensus report`: render a finished run, or judge its evidence again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner.cli.choices import AsOfOption, Format, PolicyOption, read_date
from scanner.cli.finish import rendered
from scanner.cli.output import result, say
from scanner.cli.run_files import read_run, rejudge


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that a sweep wrote, or an inventory file.")],
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
    ] = None,
    judge_again: Annotated[
        bool,
        typer.Option("--rejudge", help="Judge the evidence again with today's fingerprints and lists; sends nothing."),
    ] = False,
    policy: PolicyOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Render a run again; with --rejudge (or --policy, --as-of) from its evidence."""
    inventory = read_run(run)
    if judge_again or policy or as_of:
        inventory = rejudge(run, inventory, policy, read_date(as_of))
    content = rendered(inventory, form)
    if output is None:
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(output, content)}")
