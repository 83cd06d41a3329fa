"""Lists that many rules share: `{{labels}}` in a pattern stands for every label of `[words]`, `{{names}}` in `where`
for every place of `[places]`.

The lists stand in one file of a set, `words.toml`, so that a name or a place is added once for all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

from scanner.models import DataError

WORDS_FILE = "words.toml"
_OPEN, _CLOSE = "{{", "}}"


class Lists(msgspec.Struct, frozen=True):
    """`words`: each list as a group of RE2 alternatives. `places`: each list as the places in it, as spelt."""

    words: dict[str, str] = {}
    places: dict[str, tuple[str, ...]] = {}

    def __or__(self, other: Lists) -> Lists:
        """Both; a list of `other` stands in for one of the same name."""
        return Lists({**self.words, **other.words}, {**self.places, **other.places})


def read_lists(sources: Iterable[tuple[str, bytes]]) -> Lists:
    """What the `words.toml` among (name, content) say."""
    import tomllib  # seldom needed

    found = Lists()
    for name, data in sources:
        if PurePath(name).name != WORDS_FILE:
            continue
        try:
            table = tomllib.loads(data.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{name}: not valid TOML: {error}") from error
        found |= checked_lists(name, table)
    return found


def checked_lists(file: str, table: Mapping[str, Any]) -> Lists:
    """The lists of a file's `[words]` and `[places]`; DataError for what is no list of texts."""
    words = _lists(file, "words", table.get("words", {}))
    return Lists(
        {key: f"(?:{'|'.join(value)})" for key, value in words.items()},
        {key: tuple(value) for key, value in _lists(file, "places", table.get("places", {})).items()},
    )


def _lists(file: str, name: str, table: object) -> dict[str, list[str]]:
    if not isinstance(table, dict):
        raise DataError(f"{file}: [{name}] is not a table")
    for key, value in table.items():
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            raise DataError(f"{file}: [{name}] {key} must be a list of texts that are not empty")
        twice = sorted({each for each in value if value.count(each) > 1})
        if twice:
            raise DataError(f"{file}: [{name}] {key} has {twice[0]!r} twice")
    return table


def expanded(here: str, pattern: str, words: Mapping[str, str]) -> str:
    """`pattern` with its `{{name}}` written out; DataError where there is no such list."""
    pieces = pattern.split(_OPEN)
    out = [pieces[0]]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition(_CLOSE)
        if not closed or name not in words:
            raise DataError(f"{here}: there is no list {name!r} in {WORDS_FILE}")
        out += [words[name], rest]
    return "".join(out)


def places_of(here: str, where: object, places: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The places of a rule's `where`, in lower case, each once; DataError where it is no place, or names no list."""
    entries = [where] if isinstance(where, str) else where
    if not isinstance(entries, list) or not entries or not all(isinstance(each, str) for each in entries):
        raise DataError(f"{here}: where must be a place or a list of places")
    found: dict[str, None] = {}  # an ordered set
    for entry in entries:
        if not (entry.startswith(_OPEN) and entry.endswith(_CLOSE)):
            found[entry.lower()] = None
            continue
        name = entry[len(_OPEN) : -len(_CLOSE)]
        if name not in places:
            raise DataError(f"{here}: there is no list of places {name!r} in {WORDS_FILE}")
        found |= dict.fromkeys(place.lower() for place in places[name])
    return list(found)
