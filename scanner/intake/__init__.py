"""What others already saw, as evidence: captures, scans of other tools, leases, tables. Sends nothing.

`FORMATS` is the one explicit list; the first that recognises a file reads it.
"""

from __future__ import annotations

import difflib

from scanner.intake.contract import HEAD_BYTES, Format
from scanner.intake.scans import CAPTURES_AND_SCANNERS
from scanner.intake.tables import TABLES
from scanner.models import UsageError

__all__ = ["FORMATS", "HEAD_BYTES", "Format", "assemble", "find_format", "format_by_name"]


def assemble(*parts: tuple[Format, ...]) -> tuple[Format, ...]:
    """The parts as one list; ValueError when two formats share a name."""
    formats = tuple(each for part in parts for each in part)
    names = [each.name for each in formats]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two formats are called {', '.join(twice)}")
    return formats


FORMATS: tuple[Format, ...] = assemble(CAPTURES_AND_SCANNERS, TABLES)


def find_format(head: bytes, name: str, formats: tuple[Format, ...] = FORMATS) -> Format | None:
    """The first format that recognises a file called `name` which starts with `head`; None when none does."""
    head = head[:HEAD_BYTES]
    return next((each for each in formats if each.recognises(head, name)), None)


def format_by_name(name: str, formats: tuple[Format, ...] = FORMATS) -> Format:
    """The format that a user named; UsageError with the nearest names when there is none."""
    known = {each.name: each for each in formats}
    if found := known.get(name.strip().lower()):
        return found
    near = difflib.get_close_matches(name.strip().lower()[:64], known, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(sorted(known))}"
    raise UsageError(f"no format is called {name[:64]!r}: {hint}")
