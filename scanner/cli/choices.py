"""Choices that several commands share: formats, dates, policies, gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.models import Inventory, UsageError
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.gates import Gate


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
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="An earlier inventory: gates look at what it does not have."),
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


@dataclass(frozen=True)
class Gates:
    """The gates asked for, and the baseline as it was before anything was written over it."""

    chosen: tuple[Gate, ...] = ()
    baseline: Inventory | None = None


def read_gates(names: list[str] | None, baseline: Path | None) -> Gates:
    """The gates by name, with the baseline; UsageError where either is not known or not readable."""
    from difflib import get_close_matches

    from scanner.gates import NEEDS_BASELINE, Gate

    gates = []
    for name in names or ():
        if name not in set(Gate):
            close = get_close_matches(name, [g.value for g in Gate], n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(f"--fail-on {name!r}: choose from {', '.join(g.value for g in Gate)}.{hint}")
        gate = Gate(name)
        if gate in NEEDS_BASELINE and baseline is None:
            raise UsageError(f"--fail-on {name} compares with an earlier inventory: give it with --baseline FILE")
        gates.append(gate)
    return Gates(tuple(gates), read_inventory_file(baseline) if baseline else None)


def read_inventory_file(path: Path) -> Inventory:
    """An inventory from disk; UsageError says what is wrong with it."""
    import msgspec

    from scanner.report.json import read_inventory

    try:
        return read_inventory(path.read_bytes())
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not an inventory: {error}") from error
