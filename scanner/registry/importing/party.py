"""What an official list says of one party, and what a whole file is: the same for every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

MAX_NAME = 300


class Party(msgspec.Struct, frozen=True):
    """One row: `name` exactly as listed, other names, where it stands in the file, from when to when it is listed.

    `instrument` "" with a `listed_by`: on a list that the registry has no instrument for. `name` "": a row that names
    no party (`text` is what it says). `source`: an address of the row's own, where it has one.
    """

    instrument: str
    name: str
    row: str
    others: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    listed_by: str = ""
    text: str = ""
    date_note: str = ""
    source: str = ""


class Reading(msgspec.Struct, frozen=True):
    """A file, recognised: its `kind`, what it is called, the instruments whose whole list it holds, and its parties.

    `edition` is "" where the file does not say of which day it is.
    """

    kind: str
    title: str
    instruments: tuple[str, ...]
    source: str
    edition: str
    edition_from: str
    parties: tuple[Party, ...]


def one_day(text: str | None, *forms: str) -> str | None:
    """`text` as YYYY-MM-DD by the first of `forms` (as strptime has them) that it follows; None for none."""
    for form in forms:
        try:
            return datetime.strptime((text or "").strip(), form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def iso(text: str | None) -> str | None:
    """The day at the beginning of an ISO 8601 text; None where it has none."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


def newest(days: Iterable[str | None]) -> str:
    """The last of the days; "" for none."""
    return max((each for each in days if each), default="")


def spellings(name: str) -> Iterator[str]:
    """`name`, and what is left of it without what lists glue to names: "(Short)*", ", a.k.a., …", ". Affiliated …"."""
    yield name
    bare = name.rstrip("* .").removesuffix(")")
    for mark in (" (", ", a.k.a", ", f.k.a", " a.k.a", " f.k.a", ". Affiliated Entit"):
        head = bare.partition(mark)[0]
        if head != bare and head.strip():
            yield head.strip(" ,")
