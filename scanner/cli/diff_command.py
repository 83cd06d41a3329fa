"""`camcensus diff`: two sweeps of one place."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import colored, result, say, width
from scanner.cli.run_files import as_now, asked_by, read_run

if TYPE_CHECKING:
    from scanner.models.changes import Changes


class DiffFormat(StrEnum):
    """How the changes are written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="The earlier run: its folder, or an inventory file.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The later run: its folder, or an inventory file.")],
    form: Annotated[DiffFormat, typer.Option("--format", help="How to write it.")] = DiffFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
    ] = None,
) -> None:
    """Say what is new, gone or changed, and whether the device, the fingerprints or the lists made the change."""
    from scanner.diff import compare

    old, new = read_run(before), read_run(after)
    changes = compare(old, new, asked_by(new), as_now(before, old, new))
    content = _rendered(changes, form)
    if output is None:
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(output, content)}")


def _rendered(changes: Changes, form: DiffFormat) -> str | bytes:
    from scanner.report import diff as renderers

    if form is DiffFormat.JSON:
        return renderers.render_changes_json(changes)
    if form is DiffFormat.MARKDOWN:
        return renderers.render_changes_markdown(changes)
    if form is DiffFormat.HTML:
        return renderers.render_changes_html(changes)
    return renderers.render_changes(changes, width=width(), color=colored())
