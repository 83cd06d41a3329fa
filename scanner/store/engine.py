"""The writing side of a store: SQLAlchemy's engine, the schema brought up to date, one transaction for one change.

Writers wait for each other: on SQLite at `BEGIN IMMEDIATE` (for at most `PATIENCE` seconds), on PostgreSQL at the row
of the site that they write.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.pool import NullPool

from scanner.models import UsageError
from scanner.store.place import Place
from scanner.store.schema import HEAD, VERSION_QUERY, newer

PATIENCE = 60.0
_MIGRATION_LOCK = 0x63616D63  # PostgreSQL's advisory lock of the schema: "camc"


class Store:
    """A store open for writing. Every foreign error leaves as UsageError, without the URL's password."""

    def __init__(self, place: Place, patience: float = PATIENCE) -> None:
        self.place = place
        with explained(place):
            self._engine = _sqlite(place.path, patience) if place.path is not None else postgresql_engine(place.url)
            _bring_up_to_date(self._engine, place)

    @contextlib.contextmanager
    def change(self) -> Iterator[Connection]:
        """One transaction: all of it, or nothing."""
        with explained(self.place), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()


@contextlib.contextmanager
def open_store(place: Place) -> Iterator[Store]:
    """A store, made where there is none, closed at the end."""
    store = Store(place)
    try:
        yield store
    finally:
        store.close()


def _sqlite(path: Path, patience: float) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Who owns which camera is nobody else's to read; SQLite gives its other files the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UsageError(f"can't write the store {path}: {error.strerror}") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool,
                           connect_args={"timeout": patience})  # fmt: skip

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # BEGIN is ours to say, below
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql_engine(url: str) -> Engine:
    try:
        import psycopg  # noqa: F401 - asked for here, where its absence can be explained
    except ImportError as error:
        raise UsageError(
            "PostgreSQL needs a driver that is not installed: pip install 'camcensus[postgresql]'"
        ) from error
    return create_engine(url, poolclass=NullPool)


def _bring_up_to_date(engine: Engine, place: Place) -> None:
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        found = _version(connection)
        foreign = found is None and sqlite and bool(inspect(connection).get_table_names())
        connection.rollback()
    if foreign:
        raise UsageError(f"{place} is a database of something else, and no store of camcensus")
    if found == HEAD:
        return
    if sqlite:
        _write_ahead(engine)
    from scanner.store.migrate import migrate

    with engine.begin() as connection:
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        if newer(_version(connection)):
            raise UsageError(f"the store {place} was made by a newer camcensus: use that one")
        migrate(connection)


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text(VERSION_QUERY)).scalar()


def _write_ahead(engine: Engine) -> None:
    """WAL, which stays with the file. SQLite does not wait by itself for the lock that this change needs."""
    import sqlite3
    import time

    deadline = time.monotonic() + PATIENCE
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
        finally:
            raw.close()


@contextlib.contextmanager
def explained(place: Place) -> Iterator[None]:
    """Foreign errors as one line that a user can act on."""
    try:
        yield
    except exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        said = " ".join(str(cause).split())[:300]
        if "locked" in said:
            said = f"another camcensus has been writing for more than {PATIENCE:.0f} s"
        raise UsageError(f"the store {place}: {said}") from error
