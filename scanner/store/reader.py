"""The reading side: constant SQL with bound parameters, the same text for both databases.

SQLite is read by the standard library: to load SQLAlchemy takes longer than to answer. One transaction a reader, so
that all its answers are of one moment.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from scanner.models import UsageError
from scanner.store.place import Place
from scanner.store.schema import HEAD, VERSION_QUERY, newer

Row = tuple[Any, ...]


class Reader(Protocol):
    """What the questions are asked of."""

    def rows(self, sql: str, **parameters: str | int | None) -> list[Row]:
        """Every row of a query; `:name` in it stands for the parameter."""
        ...


@contextlib.contextmanager
def open_reader(place: Place) -> Iterator[Reader]:
    """A store for reading, of an older version brought up to date first. UsageError where there is none."""
    with _open(place) as reader:
        found = reader.rows(VERSION_QUERY)[0][0]
        if found == HEAD:
            yield reader
            return
    if newer(found):
        raise UsageError(f"the store {place} was made by a newer camcensus: use that one")
    from scanner.store.engine import open_store

    with open_store(place):
        pass
    with _open(place) as reader:
        yield reader


def _open(place: Place) -> contextlib.AbstractContextManager[Reader]:
    if place.path is not None:
        return _file(place.path)
    from scanner.store.postgresql import reader

    return reader(place)


class _File:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **parameters: str | int | None) -> list[Row]:
        """As `Reader.rows`."""
        return self._connection.execute(sql, parameters).fetchall()


@contextlib.contextmanager
def _file(path: Path) -> Iterator[Reader]:
    if not path.is_file():
        raise UsageError(f"there is no store at {path} yet: a sweep makes it, or camcensus store add RUN")
    try:
        # Not read-only: a reader may have to make the shared-memory file that WAL needs
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("BEGIN")
            yield _File(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        if "no such table: alembic_version" in str(error):
            raise UsageError(f"{path} is not a store of camcensus") from error
        raise UsageError(f"the store {path}: {error}") from error
