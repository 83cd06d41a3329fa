"""What the commands of the store share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.output import result, say
from scanner.models import UsageError

if TYPE_CHECKING:
    from scanner.store.place import Place

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="URL",
        help="A SQLite file, or postgresql://USER@HOST/DATABASE; CAMCENSUS_STORE, or a file of your own, by default.",
    ),
]  # fmt: skip
NoStoreOption = Annotated[bool, typer.Option("--no-store", help="Do not record the sweep in the history.")]
SiteOption = Annotated[str | None, typer.Option("--site", metavar="NAME", help="This site only.")]
JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write it as JSON; - is standard output.")
]


def place_of(option: str | None) -> Place:
    """The store that is meant."""
    from scanner.store.place import find_place

    return find_place(option)


def today() -> str:
    """The day in UTC, as the times of the store are."""
    from scanner.timestamps import now

    return now()[:10]


def read_day(name: str, text: str | None) -> str | None:
    """A day as the user wrote it; UsageError says what a date looks like."""
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{name} {text!r}: a date looks like 2026-11-22") from error


def write_json(path: Path, content: bytes) -> None:
    """JSON to a file, or (`-`) to standard output."""
    if str(path) == "-":
        result(content)
        return
    from scanner.runs import write_whole

    say(f"Wrote {write_whole(path, content)}")
