"""Lists of alternatives that many patterns share: `{{labels}}` in a pattern stands for every label of `[words]`.

A list stands in one file of a set, `words.toml`, so that a name is added in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from scanner.models import DataError

WORDS_FILE = "words.toml"
_OPEN, _CLOSE = "{{", "}}"


def read_words(sources: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """What the `words.toml` among (name, content) says: each list as a group of RE2 alternatives."""
    import tomllib  # seldom needed

    found: dict[str, str] = {}
    for name, data in sources:
        if PurePath(name).name != WORDS_FILE:
            continue
        try:
            table = tomllib.loads(data.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{name}: not valid TOML: {error}") from error
        found |= checked_words(name, table.get("words", {}))
    return found


def checked_words(file: str, table: object) -> dict[str, str]:
    """The lists of a `[words]` table; DataError for what is no list of texts."""
    if not isinstance(table, dict):
        raise DataError(f"{file}: [words] is not a table")
    found = {}
    for key, value in table.items():
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            raise DataError(f"{file}: [words] {key} must be a list of texts that are not empty")
        twice = sorted({each for each in value if value.count(each) > 1})
        if twice:
            raise DataError(f"{file}: [words] {key} has {twice[0]!r} twice")
        found[key] = f"(?:{'|'.join(value)})"
    return found


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
