"""Recog's fingerprint databases (https://github.com/rapid7/recog, BSD-2-Clause), read and matched in Python with RE2.

A database is one XML file: what its texts are (`matches`), and entries with a pattern, examples and params. As in
Recog, the first entry of a database that matches a text is the answer; a param is a constant (`pos` 0) or a group, and
constants may name other params in braces. Constructs of Ruby's engine that RE2 lacks are reported, never skipped
silently: RE2's time is linear in the text, and that is why it is used.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import re2  # type: ignore[import-untyped]

from scanner.models import DataError, UsageError
from scanner.wire.errors import WireError
from scanner.wire.xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_FILE = 16 * 1024 * 1024
_FLAGS = {"REG_ICASE": "i", "REG_DOT_NEWLINE": "s", "REG_LINE_ANY_CRLF": "s", "REG_MULTILINE": "s"}
_TEMPORARY = "_tmp."
_HEX_CLASS = "0-9a-fA-F"


class Param(msgspec.Struct, frozen=True):
    """`name` gets group `pos`, or `value` where `pos` is 0."""

    name: str
    pos: int
    value: str = ""


class Example(msgspec.Struct, frozen=True):
    """A text that the pattern must match, and params that must come of it. `text` is None where its file is missing."""

    text: str | None
    expect: dict[str, str]


class Entry(msgspec.Struct, frozen=True):
    """One fingerprint of Recog. `pattern` is in RE2's syntax; `fault` says why it can't be used ("" if it can)."""

    pattern: str
    description: str
    params: tuple[Param, ...]
    examples: tuple[Example, ...]
    line: int
    certainty: float = 1.0
    fault: str = ""


class Database(msgspec.Struct, frozen=True):
    """One XML file. `key` is what its texts are, such as `http_header.server`."""

    key: str
    file: str
    protocol: str
    entries: tuple[Entry, ...]

    @property
    def faults(self) -> tuple[Entry, ...]:
        """The entries that RE2 can't take."""
        return tuple(entry for entry in self.entries if entry.fault)


class Verdict(msgspec.Struct, frozen=True):
    """One example that is not answered as Recog says."""

    file: str
    line: int
    reason: str


def read_folder(folder: Path) -> list[Database]:
    """All databases of Recog's `xml/` folder (or of a checkout), sorted by file name.

    UsageError for a folder without any; DataError names the file that is not valid.
    """
    root = folder / "xml" if (folder / "xml").is_dir() else folder
    paths = sorted(root.glob("*.xml"))
    if not paths:
        raise UsageError(f"--recog {folder}: no *.xml in it: name Recog's xml/ folder")
    found = [read_database(path) for path in paths]
    return [database for database in found if database is not None]


def read_database(path: Path) -> Database | None:
    """One file; None for XML that is no fingerprint database."""
    try:
        data = path.read_bytes()
        root = parse_xml(data, limit=MAX_FILE)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except WireError as error:
        raise DataError(f"{path}: {error}") from error
    if root.tag != "fingerprints":
        return None
    entries = tuple(_entry(path, element) for element in root if element.tag == "fingerprint")
    return Database(root.get("matches") or path.stem, path.name, root.get("protocol") or "", entries)


def _entry(path: Path, element: _Element) -> Entry:
    line = int(getattr(element, "sourceline", None) or 0)
    here = f"{path.name}:{line}"
    pattern, fault = element.get("pattern"), ""
    if pattern is None:
        raise DataError(f"{here}: a fingerprint without a pattern")
    flags = [flag.strip() for flag in (element.get("flags") or "").split(",") if flag.strip()]
    unknown = [flag for flag in flags if flag not in _FLAGS]
    translated = translate(pattern, flags)
    if unknown:
        fault = f"unknown flag {unknown[0]}"
    else:
        try:
            compiled(translated)
        except re2.error as error:
            fault = _said(error)
    return Entry(
        pattern=translated,
        description=" ".join("".join(_child(element, "description")).split()),
        params=tuple(_param(here, each) for each in element if each.tag == "param"),
        examples=tuple(_example(path, each) for each in element if each.tag == "example"),
        line=line,
        certainty=_number(element.get("certainty")),
        fault=fault,
    )


def translate(pattern: str, flags: Sequence[str] = ()) -> str:
    r"""A Ruby pattern in RE2's syntax: `^` and `$` stand at lines, `(?m` lets a dot match line ends, `\h` is hex."""
    letters = "".join(sorted({"m", *(_FLAGS.get(flag, "") for flag in flags)}))
    out: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            out.append(_escape(pattern[at : at + 2], in_class=in_class))
            at += 2
            continue
        if character == "(" and not in_class and pattern.startswith("(?", at):
            group = _inline(pattern, at)
            out.append(group)
            at += len(group)
            continue
        in_class = character == "[" or (in_class and character != "]")
        out.append(character)
        at += 1
    return f"(?{letters})" + "".join(out)


def _escape(escape: str, *, in_class: bool) -> str:
    if escape == r"\h":
        return _HEX_CLASS if in_class else f"[{_HEX_CLASS}]"
    return r"\z" if escape == r"\Z" and not in_class else escape


def _inline(pattern: str, at: int) -> str:
    """The opening of a group with inline flags, Ruby's `m` as `s`; of any other group its first two characters."""
    end = at + 2
    while end < len(pattern) and pattern[end] in "imx-":
        end += 1
    if end > at + 2 and pattern[end : end + 1] in (":", ")"):
        return pattern[at:end].replace("m", "s")
    return pattern[at : at + 2]


def _child(element: _Element, name: str) -> Iterator[str]:
    for child in element:
        if child.tag == name:
            yield from (str(text) for text in child.itertext())


def _param(here: str, element: _Element) -> Param:
    name, pos = element.get("name") or "", element.get("pos") or "0"
    if not name or not pos.isdigit():
        raise DataError(f"{here}: a param without a name, or with a position that is no number")
    return Param(name, int(pos), element.get("value") or "")


def _example(path: Path, element: _Element) -> Example:
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    text: str | None = "".join(str(part) for part in element.itertext())
    if name := attributes.pop("_filename", ""):
        text = _from_file(path, name)
    if attributes.pop("_encoding", "") == "base64" and text is not None:
        try:
            text = base64.b64decode(text).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            text = None
    return Example(text, attributes)


def _from_file(path: Path, name: str) -> str | None:
    """The text of an example that lies in a file of the database's own folder; nothing outside of it is read."""
    folder = (path.parent / path.stem).resolve()
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        return None
    return file.read_bytes()[:MAX_FILE].decode("latin-1")


def _number(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 1.0


@lru_cache(maxsize=8192)
def compiled(pattern: str) -> Any:
    """The compiled pattern; `re2.error` for what RE2 lacks."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _said(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def match(database: Database, text: str) -> dict[str, str] | None:
    """The params of the first entry that matches, with `matched` (its description); None where none does."""
    for entry in database.entries:
        found = params_of(entry, text)
        if found is not None:
            return {"matched": entry.description, **found}
    return None


def params_of(entry: Entry, text: str) -> dict[str, str] | None:
    """What one entry says of a text; None where it does not match. Params of empty groups are left out."""
    if entry.fault:
        return None
    hit = compiled(entry.pattern).search(text.encode("utf-8", "replace"))
    if hit is None:
        return None
    groups = [group.decode("utf-8", "replace") if group is not None else "" for group in hit.groups()]
    raw = {}
    for param in entry.params:
        value = param.value if param.pos == 0 else groups[param.pos - 1] if param.pos <= len(groups) else ""
        if value:
            raw[param.name] = value
    found = {name: filled for name, value in raw.items() if (filled := interpolate(name, value, raw))}
    return {name: value for name, value in found.items() if not name.startswith(_TEMPORARY)}


def interpolate(name: str, value: str, params: Mapping[str, str]) -> str:
    """`value` with `{param}` replaced; "" where one is not known, but for a version within a CPE, which is then "-"."""
    out, rest = "", value
    while True:
        before, brace, after = rest.partition("{")
        inner, closed, tail = after.partition("}")
        if not brace or not closed or not inner or any(character.isspace() for character in inner):
            return out + rest
        known = params.get(inner, "")
        if not known and ".cpe23" in name and inner.endswith(".version"):
            known = "-"
        if not known:
            return ""
        out, rest = out + before + known, tail


def verify(databases: Sequence[Database]) -> tuple[int, list[Verdict]]:
    """(number of examples, those that their own entry does not answer as they state)."""
    count, wrong = 0, []
    for database in databases:
        for entry in database.entries:
            for example in entry.examples:
                count += 1
                if reason := _wrong(entry, example):
                    wrong.append(Verdict(database.file, entry.line, reason))
    return count, wrong


def _wrong(entry: Entry, example: Example) -> str:
    if entry.fault:
        return f"RE2 lacks a construct of its pattern: {entry.fault}"
    if example.text is None:
        return "its example lies in a file that is missing"
    found = params_of(entry, example.text)
    if found is None:
        return f"does not match its example {example.text[:80]!r}"
    for name, value in example.expect.items():
        if found.get(name, "") != value:
            return f"{name} is {found.get(name)!r}, not {value!r}"
    return ""
