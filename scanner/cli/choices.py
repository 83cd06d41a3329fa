"""Choices that several commands share: formats, dates, policies, gates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from scanner.models import UsageError
from scanner.report.formats import Format


class ProgressMode(StrEnum):
    """What is told while it runs, on standard error."""

    AUTO = "auto"
    NONE = "none"
    JSON = "json"


PolicyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="ID",
        help="Policy to judge by, or FILE.toml of your own; may be repeated. See `camcensus registry policies`.",
    ),
]
InterfaceOption = Annotated[
    list[str] | None, typer.Option("--interface", metavar="NAME", help="Use this interface; may be repeated.")
]
NoIpv6Option = Annotated[bool, typer.Option("--no-ipv6", help="Leave IPv6 multicast on the interfaces used out.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Judge by the lists of this day (YYYY-MM-DD); today by default."),
]
RateOption = Annotated[
    float | None, typer.Option("--rate", metavar="PPS", min=1, help="Packets a second in all; 1000 by default.")
]
HostRateOption = Annotated[
    float | None,
    typer.Option("--host-rate", metavar="PPS", min=1, help="Packets a second to one device; 40 by default."),
]
BudgetOption = Annotated[
    float | None,
    typer.Option("--budget", metavar="SECONDS", min=1, help="End by then with what was found (exit 3)."),
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="Exit 1 at: listed, review, undetermined (each includes those before it), new, coverage.",
    ),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="FILE|DIR|store|git:REV:PATH",
        help="An earlier inventory or run, the store's last complete sweep, or a file of a commit: gates look at what "
        "it does not have.",
    ),
]
RegistryAgeOption = Annotated[
    int | None,
    typer.Option("--max-registry-age", metavar="DAYS", min=0, help="Exit 1 when the lists are older than that."),
]
SummaryOption = Annotated[
    Path | None,
    typer.Option("--summary", metavar="FILE", help="Append a summary in Markdown, as $GITHUB_STEP_SUMMARY wants it."),
]
OutputOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output", metavar="FORMAT=FILE", help="Write a report besides, as in sarif=camcensus.sarif; may be repeated."
    ),
]
PortMapOption = Annotated[
    Path | None,
    typer.Option("--port-map", metavar="FILE", help="A simulated site's ports (see `camcensus demo --serve`)."),
]
FormatOption = Annotated[
    Format, typer.Option("--format", metavar="NAME", help=f"How to write it: {', '.join(Format)}.")
]
MaybeFormatOption = Annotated[
    Format | None, typer.Option("--format", metavar="NAME", help=f"How to write it: {', '.join(Format)}.")
]
JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the inventory as JSON; - is standard output.")
]


def read_date(text: str | None) -> date | None:
    """A date, or None for none; UsageError says what a date looks like."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text!r}: a date looks like 2026-11-22") from error
