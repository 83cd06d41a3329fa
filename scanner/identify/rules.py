"""The fingerprints as values, and how they are read from TOML (format: fingerprints/README.md).

The packaged folder's decoded form is kept under the digest of the files' contents, from the installation or in the
user's cache; one that is absent, unwritable or damaged costs time, never correctness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from scanner.cache import cache_directory, read_cache, read_installed, write_cache
from scanner.data import data_folder
from scanner.identify import rule_check
from scanner.identify.calls import Calls, calls_of
from scanner.identify.literals import common_pieces
from scanner.identify.rule_tables import CalibrationRow, CapabilityWords, calibration, capabilities
from scanner.identify.words import WORDS_FILE, Lists, checked_lists, expanded, read_lists
from scanner.models import CLAIM_FIELDS, DataError, Weight

CACHE_FORMAT = 12
"""Raised with every change of the structs below, so that an old cache is not read."""


_HEADING = b"[[fingerprint]]"


class Example(msgspec.Struct, frozen=True):
    """A text that the pattern must match, and the values that its captures must have, by claim field."""

    text: str
    expect: dict[str, str] = {}


class Fingerprint(msgspec.Struct, frozen=True):
    """One rule. `owner` is the `[maker] name` of its file ("" in generic files); `where` is in lower case.

    Of the rules with one `group` only the first that matches a text counts. A text that `unless` matches too is left
    alone. `line` is where it begins in its file.
    """

    id: str
    where: tuple[str, ...]
    pattern: str
    claims: dict[str, str]
    weights: dict[str, Weight]
    source: str
    examples: tuple[Example, ...] = ()
    rejects: tuple[str, ...] = ()
    path: str | None = None
    port: int | None = None
    owner: str = ""
    file: str = ""
    line: int = 0
    group: str = ""
    unless: str = ""

    @property
    def place(self) -> str:
        """Its file and line, for messages."""
        return f"{self.file}:{self.line}" if self.line else self.file


class MakerFile(msgspec.Struct, frozen=True):
    """What a file says of its name. `role` is "maker", "brand", "other", or "" for a file without `[maker]`."""

    file: str
    name: str = ""
    role: str = ""
    spellings: tuple[str, ...] = ()
    mac_registrants: tuple[str, ...] = ()
    mac_cameras_only: bool = False
    snmp_enterprises: tuple[int, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    calibration: tuple[CalibrationRow, ...] = ()
    capabilities: tuple[CapabilityWords, ...] = ()
    lists: Lists = Lists()


class RuleSet(msgspec.Struct, frozen=True, eq=False):
    """All files, sorted by name. `digest` is a SHA-256 over their contents, whatever their order.

    Without `calls`, which tell by number what rules a text calls for, all are asked of every text: slow, not wrong.
    """

    files: tuple[MakerFile, ...]
    digest: str = ""
    calls: Calls | None = None

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Every rule, in file order."""
        return tuple(rule for file in self.files for rule in file.fingerprints)

    @property
    def calibration(self) -> tuple[CalibrationRow, ...]:
        """What confidences were worth on cases; of several files' tables the last."""
        return next((file.calibration for file in reversed(self.files) if file.calibration), ())

    @property
    def capabilities(self) -> dict[str, CapabilityWords]:
        """Every capability that a rule may claim, by its id."""
        return {each.id: each for file in self.files for each in file.capabilities}

    @property
    def lists(self) -> Lists:
        """What patterns and `where` may name (scanner/identify/words.py)."""
        found = Lists()
        for file in self.files:
            found |= file.lists
        return found


def load_fingerprints(folder: Path | None = None) -> RuleSet:
    """All `*.toml` of `folder` and its `makers/` (default: the packaged fingerprints).

    DataError names the file and the rule of the first thing that is wrong.
    """
    sources = _sources(folder if folder is not None else data_folder("fingerprints"))
    if folder is not None:
        return _parsed(sources)
    return _sharing(read_installed(_key(sources), RuleSet) or _cached(sources, cache_directory()))


def _sharing(rules: RuleSet) -> RuleSet:
    """The same rules; those that look in the same places have one tuple of them, and not thousands of strings."""
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for rule in rules.fingerprints:
        force_setattr(rule, "where", known.setdefault(rule.where, rule.where))
    return rules


def compiled_fingerprints() -> tuple[str, RuleSet]:
    """The packaged fingerprints, read from their files, and the key that `load_fingerprints` looks for them under."""
    sources = _sources(data_folder("fingerprints"))
    return _key(sources), _parsed(sources)


def load_files(paths: Iterable[Path], cache: Path | None = None) -> RuleSet:
    """The given files as one rule set; ids must be unique over all of them. `cache` is a folder to keep it in.

    Their patterns may name the packaged lists, and those of a `words.toml` among the files.
    """
    words = data_folder("fingerprints") / WORDS_FILE
    return _cached([(path.name, _read(path)) for path in paths], cache, [(WORDS_FILE, _read(words))])


def _sources(root: Path) -> list[tuple[str, bytes]]:
    """(name, content) of each file, in the order of their names."""
    paths = sorted(root.glob("*.toml")) + sorted((root / "makers").glob("*.toml"))
    if not paths:
        raise DataError(f"{root}: no fingerprint files")
    return [(path.name, _read(path)) for path in paths]


def _cached(
    sources: Sequence[tuple[str, bytes]], cache: Path | None, words: Sequence[tuple[str, bytes]] = ()
) -> RuleSet:
    key = _key([*words, *sources])
    found = read_cache(key, RuleSet, cache)
    if found is None:
        found = _parsed(sources, words)
        write_cache(key, found, cache)
    return found


def _parsed(sources: Sequence[tuple[str, bytes]], more_words: Sequence[tuple[str, bytes]] = ()) -> RuleSet:
    lists = read_lists([*more_words, *sources])
    rules = rule_set([parse_file(name, data, lists) for name, data in sources], _digest(sources))
    unique_ids(rules)
    return rules


def rule_set(files: Sequence[MakerFile], digest: str) -> RuleSet:
    """`files` with what calls for their rules; their examples tell which pieces of texts are rare."""
    rules = [rule for file in files for rule in file.fingerprints]
    common = common_pieces({example.text for rule in rules for example in rule.examples})
    return RuleSet(tuple(files), digest, calls_of([rule.pattern for rule in rules], common))


def joined(rules: RuleSet, more: RuleSet, digest: str) -> RuleSet:
    """The files of both; each keeps what calls for its rules."""
    calls = None
    if rules.calls is not None and more.calls is not None:
        calls = rules.calls.joined(more.calls, len(rules.fingerprints))
    return RuleSet((*rules.files, *more.files), digest, calls)


def _digest(sources: Sequence[tuple[str, bytes]]) -> str:
    return sha256(b"".join(sorted(sha256(data).digest() for _, data in sources))).hexdigest()


def _key(sources: Sequence[tuple[str, bytes]]) -> str:
    names = sha256("\0".join(name for name, _ in sources).encode("utf-8", "replace")).hexdigest()[:16]
    return f"fingerprints-{CACHE_FORMAT}-{_digest(sources)}-{names}"


@lru_cache(maxsize=1)
def default_rules() -> RuleSet:
    """The packaged fingerprints, read once in a process."""
    return load_fingerprints()


def parse_file(name: str, data: bytes, lists: Lists | None = None) -> MakerFile:
    """One file's bytes; `lists` are what its rules may name. DataError says `name`, the rule and the fault."""
    import tomllib  # seldom needed

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: not valid TOML: {error}") from error
    rule_check.keys(name, table, {"maker", "fingerprint", "calibration", "capability", "words", "places"})
    maker = table.get("maker", {})
    rule_check.maker(name, maker)
    owner = str(maker.get("name", ""))
    rows = table.get("fingerprint", [])
    if not isinstance(rows, list):
        raise DataError(f"{name}: write [[fingerprint]], with double brackets")
    return MakerFile(
        file=name,
        name=owner,
        role=str(maker.get("role", "")),
        spellings=tuple(maker.get("spellings", ())),
        mac_registrants=tuple(maker.get("mac_registrants", ())),
        mac_cameras_only=bool(maker.get("mac_cameras_only", False)),
        snmp_enterprises=tuple(maker.get("snmp_enterprises", ())),
        fingerprints=tuple(
            _fingerprint(name, owner, number, row, line, lists or Lists())
            for number, (row, line) in enumerate(zip(rows, _lines_of(data, len(rows)), strict=True), start=1)
        ),
        calibration=calibration(name, table.get("calibration", [])),
        capabilities=capabilities(name, table.get("capability", [])),
        lists=checked_lists(name, table),
    )


def _lines_of(data: bytes, count: int) -> list[int]:
    """The line at which each [[fingerprint]] begins; zeros where that can't be told (it is spelt another way)."""
    lines = [number for number, line in enumerate(data.split(b"\n"), 1) if line.strip().startswith(_HEADING)]
    return lines if len(lines) == count else [0] * count


def _fingerprint(file: str, owner: str, number: int, row: dict[str, Any], line: int, lists: Lists) -> Fingerprint:
    place = f"{file}:{line}" if line else file
    where = rule_check.fingerprint(place, number, row, lists)
    here = f"{place}: {row['id']}"
    claims: dict[str, str] = row["claims"]
    return Fingerprint(
        id=row["id"],
        where=tuple(where),
        pattern=expanded(here, row["pattern"], lists.words),
        claims=claims,
        weights=_weights(row["weight"], claims),
        source=row["source"],
        examples=tuple(
            Example(text=each["text"], expect={key: value for key, value in each.items() if key != "text"})
            for each in row["examples"]
        ),
        rejects=tuple(row.get("rejects", ())),
        path=row.get("path"),
        port=row.get("port"),
        owner=owner,
        file=file,
        line=line,
        unless=expanded(here, row.get("unless", ""), lists.words),
    )


def _weights(weight: str | dict[str, str], claims: dict[str, str]) -> dict[str, Weight]:
    """One weight a claimed field. A field that a table leaves out has the table's lowest weight."""
    if isinstance(weight, str):
        return dict.fromkeys(claims, Weight(weight))
    order = (Weight.WEAK, Weight.MEDIUM, Weight.STRONG)
    lowest = min((Weight(value) for value in weight.values()), key=order.index)
    return {field: Weight(weight.get(field, lowest)) for field in CLAIM_FIELDS if field in claims}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from error


def unique_ids(rules: RuleSet) -> None:
    """DataError where two rules share an id: claims point to it."""
    seen: dict[str, str] = {}
    for rule in rules.fingerprints:
        if rule.id in seen:
            raise DataError(f"{rule.place}: fingerprint id {rule.id!r} is already used in {seen[rule.id]}")
        seen[rule.id] = rule.place
