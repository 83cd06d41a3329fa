"""`camcensus portfolio`: many sites in one report; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import colored, result, say, width
from scanner.cli.run_files import read_run

if TYPE_CHECKING:
    from scanner.models.portfolio import Portfolio


class PortfolioFormat(StrEnum):
    """How a portfolio is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"


def portfolio(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN…", help="Folders that sweeps wrote, or inventory files; a site each.")
    ],
    form: Annotated[PortfolioFormat, typer.Option("--format", help="How to write it.")] = PortfolioFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
    ] = None,
) -> None:
    """Sites and devices of many sweeps. A run without a site's name is the site of its folder's (or file's) name."""
    from scanner.portfolio import gather
    from scanner.report import portfolio as renderers

    inventories = ((run, read_run(run)) for run in runs)
    found = gather((one.sweep.site or _name(run), one) for run, one in inventories)
    content: str | bytes
    if form is PortfolioFormat.TABLE:
        content = renderers.render_portfolio(found, width=width(), color=colored())
    else:
        render: dict[PortfolioFormat, Callable[[Portfolio], str | bytes]] = {
            PortfolioFormat.JSON: renderers.render_portfolio_json, PortfolioFormat.CSV: renderers.render_portfolio_csv,
            PortfolioFormat.MARKDOWN: renderers.render_portfolio_markdown,
            PortfolioFormat.HTML: renderers.render_portfolio_html,
        }  # fmt: skip
        content = render[form](found)
    if output is None:
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(output, content)}")


def _name(run: Path) -> str:
    whole = run.resolve()
    return whole.name if whole.is_dir() else whole.stem
