"""The reading side of a PostgreSQL store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

from scanner.models import UsageError
from scanner.store.engine import explained, postgresql_engine
from scanner.store.place import Place
from scanner.store.reader import Reader, Row


class _Database:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **parameters: str | int | None) -> list[Row]:
        """As `Reader.rows`."""
        return [tuple(row) for row in self._connection.execute(text(sql), parameters)]


@contextlib.contextmanager
def reader(place: Place) -> Iterator[Reader]:
    """A reader of one snapshot."""
    engine = postgresql_engine(place.url)
    with explained(place), engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        if not connection.dialect.has_table(connection, "alembic_version"):
            raise UsageError(f"there is no store at {place} yet: a sweep makes it, or camcensus store add RUN")
        yield _Database(connection)
