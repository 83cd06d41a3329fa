"""Decoded data, kept: made once when Camcensus is installed, else in the user's cache directory. Optional in every way.

Set `CAMCENSUS_CACHE` to another directory, or to an empty text for none. Values are msgpack, decoded against their
type, so a damaged or foreign file is simply not read. Only a directory that belongs to this user is trusted, and the
one beside the code (`scanner.precompile` fills it), which whoever can write there could do without. A key names all
that the value is made of: what is of other files is not found.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
_KEPT = 8
_INSTALLED = Path(__file__).resolve().parent / "_data" / "compiled"


def cache_directory(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the cache lies, or None where there shall be none."""
    chosen = environment.get("CAMCENSUS_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = environment.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "camcensus"
    except RuntimeError:
        return None


def read_cache(key: str, kind: type[T], folder: Path | None) -> T | None:
    """The value stored under `key`, or None. A checksum in front finds truncated and altered files."""
    return None if folder is None or not _ours(folder) else _read(folder, key, kind)


def read_installed(key: str, kind: type[T], folder: Path = _INSTALLED) -> T | None:
    """The value that was stored under `key` when this was installed, or None."""
    return _read(folder, key, kind)


def write_installed(values: Mapping[str, object], folder: Path = _INSTALLED) -> None:
    """Make `values` all that is found there."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.msgpack"):
        if old.stem not in values:
            old.unlink()
    for key, value in values.items():
        _write(folder, key, value)
        (folder / f"{key}.msgpack").chmod(0o644)  # for everybody who may run it


def _read(folder: Path, key: str, kind: type[T]) -> T | None:
    try:
        data = (folder / f"{key}.msgpack").read_bytes()
        if data[:32] != sha256(data[32:]).digest():
            return None
        return msgspec.msgpack.decode(memoryview(data)[32:], type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def write_cache(key: str, value: object, folder: Path | None) -> None:
    """Store `value` under `key`; silently does nothing where it can't. The oldest files make room."""
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(folder):
            return
        _write(folder, key, value)
        for old in sorted(folder.glob("*.msgpack"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink()


def _write(folder: Path, key: str, value: object) -> None:
    import tempfile  # seldom needed, and slow to load

    data = msgspec.msgpack.encode(value)
    handle, partial = tempfile.mkstemp(dir=folder, suffix=".partial")
    with os.fdopen(handle, "wb") as file:
        file.write(sha256(data).digest() + data)
    Path(partial).replace(folder / f"{key}.msgpack")


def _ours(folder: Path) -> bool:
    """Whether nobody else can have written there (always assumed where the system has no such owners)."""
    try:
        status = folder.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)
