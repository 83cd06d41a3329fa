"""Which registry a word of the command line means, and what a file of the user's is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.models import DataError, UsageError

if TYPE_CHECKING:
    from scanner.models import BasisFile
    from scanner.registry import Registry

SHIPPED = "shipped"
_LARGEST = 4 << 20


def registry_at(word: str, note: list[str] | None = None) -> Registry:
    """`shipped`, a folder of registry files, or an overlay file (on the registry shipped, signed off or not).

    An overlay that is not signed off is taken as far as it is decided, and `note` gets a line that says so.
    """
    from scanner.registry import load_registry
    from scanner.registry.overlay import apply_overlay, parse_overlay

    if word == SHIPPED:
        return load_registry()
    path = Path(word)
    if path.is_dir():
        return load_registry(path)
    registry = load_registry()
    overlay = parse_overlay(path.name, read_text(path), registry)
    if not overlay.signed_off_by and note is not None:
        note.append(f"{word} is not signed off; {len(overlay.undecided)} entries of it are undecided and left out.")
    return apply_overlay(registry, overlay, path.name)


def with_overlays(files: list[Path] | None) -> Registry:
    """The registry shipped with signed-off overlays."""
    from scanner.cli.judging_options import judging
    from scanner.registry import load_registry, read_basis

    return read_basis(load_registry(), judging(overlay=files).files).registry


def read_text(path: Path) -> str:
    """The text of a file of the user's; UsageError where it can't be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"{path}: larger than {_LARGEST >> 20} MiB")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error


def own_file(kind: str, path: Path) -> BasisFile:
    """A file of the user's, whole."""
    from scanner.registry import basis_file

    return basis_file(kind, path.name, read_text(path))


def kind_of(path: Path) -> str:
    """`overlay`, `waivers` or `policy`, by what stands in the file."""
    from scanner.own_file import read_own

    tables = read_own(path.name, read_text(path)).tables
    if "format" in tables:
        return "overlay"
    if "waiver" in tables:
        return "waivers"
    if "name" in tables:
        return "policy"
    raise DataError(f"{path.name}:1: no policy (name = …), no waivers ([[waiver]]), no overlay (format = …)")


def checked_files(files: list[Path], today: date) -> list[str]:
    """What is wrong with, or to be told of, each file; an overlay may still be unsigned. DataError is told."""
    from scanner.registry import load_registry, read_basis
    from scanner.registry.overlay import parse_overlay

    registry, told = load_registry(), []
    kinds = {path: kind_of(path) for path in files}
    for path in sorted(files, key=lambda each: ("overlay", "policy", "waivers").index(kinds[each])):
        if kinds[path] == "overlay":
            overlay = parse_overlay(path.name, read_text(path), registry)
            if not overlay.signed_off_by:
                told.append(f"{path.name}: not signed off; undecided: {len(overlay.undecided)}")
                continue
        own = read_basis(registry, [own_file(kinds[path], path)], known_makers())
        registry = own.registry
        told += [f"{path.name}: waiver {w.id} expired on {w.expires}" for w in own.waivers if w.expired(today)]
    return told


def known_makers() -> list[str]:
    """Makers that the fingerprints know."""
    from scanner.identify.rules import load_fingerprints

    return [file.name for file in load_fingerprints().files if file.name]
