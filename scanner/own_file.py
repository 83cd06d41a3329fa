"""A TOML file that a user writes (policy, waivers, overlay, sites): read strictly, every mistake told with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from scanner.dates import day
from scanner.models import DataError

MAX_CHARACTERS = 4 << 20
_MAX_DEPTH = 200

_HINTS = {
    "Expected `str`": '; write it in quotes, "…"',
    "Expected `array`": '; write a list, ["…"]',
    "Expected `float`,": "; write a number, without quotes",
    "Expected `bool`": "; write true or false, without quotes",
}

_T = TypeVar("_T", bound=msgspec.Struct)


class OwnFile(msgspec.Struct, frozen=True):
    """`text` of the file called `name`, and its parsed `tables`. Dates without quotes have become text."""

    name: str
    text: str
    tables: dict[str, Any]

    def refusal(self, message: str, table: str = "", number: int = 0, key: str = "", value: object = None) -> DataError:
        """An error that names file and line: of the `number`th (from 0) `table`, of its `key`, of a value in that."""
        return DataError(f"{self.name}:{line_of(self.text, table, number, key, value)}: {message}")

    def known_keys(
        self, known: Iterable[str], table: str = "", number: int = 0, row: dict[str, Any] | None = None
    ) -> None:
        """DataError for a key that is none of `known`, with the nearest that is."""
        names = list(known)
        for key in self.tables if row is None else row:
            if key not in names:
                hint = meant(key, names) or f"; known: {', '.join(names)}"
                raise self.refusal(f"unknown key {key!r}{hint}", table, number, key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The entries of `[[table]]`, none where there is none."""
        found = self.tables.get(table, [])
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise self.refusal(f"write [[{table}]] above each entry", table, 0, table)
        return found

    def entries(self, table: str, kind: type[_T]) -> list[_T]:
        """The entries of `[[table]]` as `kind`, whose field names are the keys allowed."""
        return [self.entry(table, number, row, kind) for number, row in enumerate(self.rows(table))]

    def entry(self, table: str, number: int, row: dict[str, Any], kind: type[_T]) -> _T:
        """One table as `kind`; DataError says which key is wrong, and where."""
        self.known_keys([field.encode_name for field in msgspec.structs.fields(kind)], table, number, row)
        try:
            return msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            said, _, path = str(error).partition(" - at `$.")
            key = path.rstrip("`").partition("[")[0].partition(".")[0]
            said = said.replace(" | null", "")
            said += next((hint for wrong, hint in _HINTS.items() if said.startswith(wrong)), "")
            told = f"{key}: {said}" if key else said
            raise self.refusal(told[0].lower() + told[1:] if not key else told, table, number, key) from error

    def checked_date(self, text: str, table: str, number: int, key: str) -> date:
        """The day that `text` means; DataError where it is none."""
        try:
            return day(text)
        except ValueError as error:
            raise self.refusal(f"{key}: {error}", table, number, key) from error

    def checked_name(self, name: str, known: Iterable[str], what: str, table: str, number: int, key: str) -> None:
        """DataError, with the nearest, where `name` is none of `known`."""
        names = list(known)
        if name not in names:
            raise self.refusal(f"unknown {what} {name!r}{meant(name, names)}", table, number, key, name)


def read_own(name: str, text: str) -> OwnFile:
    """Parse; DataError with the line where it is no TOML, or larger than any such file can need to be."""
    if len(text) > MAX_CHARACTERS:
        raise DataError(f"{name}:1: larger than {MAX_CHARACTERS} characters")
    if _depth(text) > _MAX_DEPTH:
        raise DataError(f"{name}:1: nested deeper than {_MAX_DEPTH}")
    try:
        return OwnFile(name, text, _plain(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        said, _, place = str(error).partition(" (at line ")
        line = place.partition(",")[0] if place.partition(",")[0].isdigit() else str(text.count("\n") + 1)
        told = _bad_date(text, int(line)) or f"not valid TOML: {said[:1].lower()}{said[1:]}"
        raise DataError(f"{name}:{line}: {told}") from error


def _bad_date(text: str, line: int) -> str:
    """What is wrong with the date without quotes on this line, if that is it: a TOML reader does not say."""
    lines = text.split("\n")
    for word in lines[line - 1].partition("=")[2].split()[:1] if line <= len(lines) else []:
        if len(word) == 10 and not set(word) - set("0123456789-"):
            try:
                day(word)
            except ValueError as error:
                return str(error)
    return ""


def _depth(text: str) -> int:
    """Of brackets, or of dots in one key: what tomllib reads by recursion, or in the square of its length."""
    deepest = depth = dots = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
        if character == ".":
            dots += 1
            deepest = max(deepest, dots)
        elif character in "\n=,[{#":
            dots = 0
    return deepest


def _plain(value: Any) -> Any:
    """The same with TOML's own dates and times as text, so that one may be written with or without quotes."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" with the nearest of `known`, or nothing."""
    names = list(known)
    by_fold = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f"; did you mean {by_fold[near[0]]!r}?" if near else ""


def line_of(text: str, table: str = "", number: int = 0, key: str = "", value: object = None) -> int:
    """The line (from 1) of the `number`th (from 0) `[[table]]` (or `[table]`), of `key` in it, of `value` after that.

    `table` may be one within it: "site.schedule" is that of the `number`th `[[site]]`, whether it has a header of its
    own or stands in one line. What is not found falls back to what encloses it, and at last to line 1.
    """
    lines = text.split("\n")  # not splitlines(), which knows line ends that TOML does not
    start, end = _section(lines, table, number)
    found = start
    if key:
        head = None if table else next((at for at, line in enumerate(lines) if _head_name(line) == key), None)
        names = (key, f"{table.rpartition('.')[2]}.{key}")
        found = next((at for at in range(start, end) if _is_key(lines[at], *names)), start if head is None else head)
    if value is not None:
        quoted = next((at for at in range(found, end) if f'"{value}"' in lines[at] or f"'{value}'" in lines[at]), None)
        found = next((at for at in range(found, end) if str(value) in lines[at]), found) if quoted is None else quoted
    return found + 1


def _section(lines: list[str], table: str, number: int) -> tuple[int, int]:
    """The first line of a table, and the line after its last; the lines before any header without a table."""
    heads = [at for at, line in enumerate(lines) if _head_name(line)]
    if not table:
        return 0, heads[0] if heads else len(lines)
    outer, dot, inner = table.rpartition(".")
    if dot:
        return _inner_section(lines, heads, table, _section(lines, outer, number), inner)
    own = [at for at in heads if _head_name(lines[at]) == table]
    if number >= len(own):
        inline = next((at for at, line in enumerate(lines) if _is_key(line, table)), None)
        return (0, 1) if inline is None else (inline, len(lines))
    return own[number], next((at for at in heads if at > own[number]), len(lines))


def _inner_section(
    lines: list[str], heads: list[int], table: str, outer: tuple[int, int], inner: str
) -> tuple[int, int]:
    """The lines of `[outer.inner]` after the outer section, of `inner = {…}` or `inner.key = …` in it, or all of it."""
    start, end = outer
    for at in heads:
        if at > start and _head_name(lines[at]) == table:
            return at, next((each for each in heads if each > at), len(lines))
        if at > start and not _head_name(lines[at]).startswith(table.rpartition(".")[0] + "."):
            break
    inline = [at for at in range(start, end) if _is_key(lines[at], inner)]
    return (inline[0], end) if inline else (start, end)


def _head_name(line: str) -> str:
    """The name in a line that is `[name]` or `[[name]]`; "" for any other."""
    bare = line.partition("#")[0].strip()
    return bare.strip("[]").strip() if bare.startswith("[") and bare.endswith("]") else ""


def _is_key(line: str, *keys: str) -> bool:
    name, equals, _ = line.partition("=")
    return bool(equals) and name.strip().strip("\"'") in keys
