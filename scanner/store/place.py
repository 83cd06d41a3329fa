"""Where the store is: `--store`, CAMCENSUS_STORE, or a file under the user's data folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from scanner.models import UsageError

VARIABLE = "CAMCENSUS_STORE"
_POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")


class Place(msgspec.Struct, frozen=True):
    """A SQLite file (`path`), or a PostgreSQL database (`url`, which may hold a password: never shown)."""

    path: Path | None = None
    url: str = ""

    def __str__(self) -> str:
        if self.path is not None:
            return str(self.path)
        scheme, _, rest = self.url.partition("://")
        return f"{scheme.partition('+')[0]}://{rest.partition('?')[0].rpartition('@')[2]}"


def find_place(option: str | None, environment: Mapping[str, str] | None = None) -> Place:
    """The place that is meant; UsageError for a URL of another database."""
    settings = os.environ if environment is None else environment
    text = option or settings.get(VARIABLE) or ""
    if not text:
        return Place(path=_default(settings))
    for start in _POSTGRESQL:
        if text.startswith(start):
            return Place(url="postgresql+psycopg://" + text.removeprefix(start))
    if text.startswith("sqlite:///"):
        return Place(path=Path(text.removeprefix("sqlite:///")))
    if "://" in text:
        scheme = text.partition("://")[0]
        raise UsageError(f"--store {scheme}://…: a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE is known")
    return Place(path=Path(text))


def _default(settings: Mapping[str, str]) -> Path:
    try:
        base = settings.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    except RuntimeError as error:  # a user without a home, as in many containers
        raise UsageError(f"there is no home folder for the store: name it with --store or {VARIABLE}") from error
    return Path(base) / "camcensus" / "store.sqlite"
