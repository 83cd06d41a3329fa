"""TOML files → Registry, validated: an unknown key, id or date is a DataError that names file, line and entry."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from scanner.cache import cache_directory, read_cache, read_installed, write_cache
from scanner.data import data_folder
from scanner.dates import day
from scanner.models import DataError
from scanner.registry.extend import by_company
from scanner.registry.facts import Company, Component, Instrument, Label, Listing, Policy, Question, Registry
from scanner.registry.names import index_companies, index_labels

CACHE_FORMAT = 1
"""Raised with every change of the structs in `facts`, so that what was kept before is not read."""

_T = TypeVar("_T", bound=msgspec.Struct)

FILES: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "instruments.toml": ("instrument", Instrument),
    "companies.toml": ("company", Company),
    "listings.toml": ("listing", Listing),
    "labels.toml": ("label", Label),
    "components.toml": ("component", Component),
    "policies.toml": ("policy", Policy),
    "questions.toml": ("question", Question),
}


def load_registry(folder: Path | None = None) -> Registry:
    """The registry in `folder`, by default the one shipped; DataError with file and line where it is not valid.

    The shipped one is kept decoded under a digest of its files, from the installation or in the user's cache.
    """
    if folder is not None:
        return _parsed(folder, _texts(folder))
    folder = data_folder("fingerprints") / "registry"
    texts, place = _texts(folder), cache_directory()
    key = _key(texts)
    found = read_installed(key, Registry) or read_cache(key, Registry, place)
    if found is None:
        found = _parsed(folder, texts)
        write_cache(key, found, place)
    return found


def compiled_registry() -> tuple[str, Registry]:
    """The shipped registry, read from its files, and the key that `load_registry` looks for it under."""
    folder = data_folder("fingerprints") / "registry"
    texts = _texts(folder)
    return _key(texts), _parsed(folder, texts)


def _key(texts: dict[str, str]) -> str:
    return f"registry-{CACHE_FORMAT}-{_digest(texts)}"


def _texts(folder: Path) -> dict[str, str]:
    return {name: _read(folder / name) for name in FILES}


def _parsed(folder: Path, texts: dict[str, str]) -> Registry:
    tables = {name: _tables(folder / name, text) for name, text in texts.items()}

    def entries(name: str, kind: type[_T]) -> list[_T]:
        return _entries(folder / name, texts[name], tables[name], kind)

    instruments = entries("instruments.toml", Instrument)
    companies = entries("companies.toml", Company)
    listings = entries("listings.toml", Listing)
    labels = entries("labels.toml", Label)
    policies = entries("policies.toml", Policy)
    registry = Registry(
        edition=_edition(folder / "instruments.toml", tables["instruments.toml"]),
        digest=_digest(texts),
        instruments=_by_key(folder / "instruments.toml", [(each.id, each) for each in instruments]),
        companies=_by_key(folder / "companies.toml", [(each.name, each) for each in companies]),
        listings=tuple(listings),
        labels=tuple(labels),
        components=tuple(entries("components.toml", Component)),
        policies=_by_key(folder / "policies.toml", [(each.id, each) for each in policies]),
        names=index_companies(companies),
        labelled=index_labels(labels),
        listed=by_company(listings),
        questions=tuple(entries("questions.toml", Question)),
    )
    _refuse(folder, texts, registry)
    return registry


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: can't be read: {error}") from error


def _tables(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # seldom needed

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: {error}") from error


def _entries(path: Path, text: str, tables: dict[str, Any], kind: type[_T]) -> list[_T]:
    """Every `[[…]]` of the file; a key that is not one is refused with the nearest that is."""
    from scanner.own_file import meant

    word = FILES[path.name][0]
    for key in tables:
        if key not in (word, "edition"):
            raise DataError(f"{path}: unknown key {key!r}{meant(key, [word])}")
    found = tables.get(word, [])
    if not isinstance(found, list):
        raise DataError(f"{path}: write [[{word}]], not [{word}]")
    try:
        return msgspec.convert(found, list[kind])  # type: ignore[valid-type] # the whole file at once: ten times faster
    except msgspec.ValidationError:
        return [_entry(path, text, number, entry, kind) for number, entry in enumerate(found)]


def _entry(path: Path, text: str, number: int, entry: Any, kind: type[_T]) -> _T:
    """One entry by itself, so that what is wrong with it can be told with its line."""
    from scanner.own_file import line_of, meant

    word = FILES[path.name][0]
    try:
        return msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        place = f"{path}, line {line_of(text, word, number)}: [[{word}]] number {number + 1}"
        known = [field.encode_name for field in msgspec.structs.fields(kind)]
        unknown = next((key for key in entry if key not in known), None) if isinstance(entry, dict) else None
        if unknown is not None:
            raise DataError(f"{place}: unknown key {unknown!r}{meant(unknown, known)}") from error
        raise DataError(f"{place}: {error}") from error


def _by_key(path: Path, pairs: list[tuple[str, _T]]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for key, value in pairs:
        if key in found:
            raise DataError(f"{path}: {key!r} is there twice")
        found[key] = value
    return found


def _edition(path: Path, tables: dict[str, Any]) -> str:
    edition = tables.get("edition")
    if not isinstance(edition, str):
        raise DataError(f'{path}: no edition: write edition = "YYYY-MM-DD" at the top')
    try:
        day(edition)
    except ValueError as error:
        raise DataError(f"{path}: edition: {error}") from error
    return edition


def _digest(texts: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    return digest.hexdigest()


def _refuse(folder: Path, texts: dict[str, str], registry: Registry) -> None:
    """DataError for the first problem that `check` calls an error."""
    from scanner.own_file import line_of
    from scanner.registry.check import check

    for problem in check(registry):
        if problem.error:
            line = line_of(texts[problem.file], FILES[problem.file][0], problem.number)
            raise DataError(f"{folder / problem.file}, line {line}: {problem.entry}: {problem.message}")
