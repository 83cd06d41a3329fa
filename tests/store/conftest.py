"""A store of each kind: a SQLite file, and a database of a PostgreSQL that runs for these tests on a socket file."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.models import Inventory
from scanner.store.engine import Store, open_store
from scanner.store.place import Place, find_place
from scanner.store.reader import Reader, open_reader
from scanner.store.record import Recorded, record
from tests.store.nights import in_scope


def _binaries() -> Path | None:
    """Debian keeps initdb and postgres off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def _as_postgres() -> list[str] | None:
    """What goes before a command: PostgreSQL refuses to run as root. None where there is nobody else to be."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if shutil.which("setpriv") else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty database; without a network, without a password, gone at the end."""
    binaries, before = _binaries(), _as_postgres()
    if binaries is None or before is None:
        pytest.skip("PostgreSQL is not installed (tools/system-packages.sh installs it where we are root)")
    folder = Path(tempfile.mkdtemp(prefix="camcensus-pg-"))  # short, for a socket's path, and open to its user
    try:
        if before:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        make = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run([*before, *map(str, make)], check=True, capture_output=True, cwd=folder)
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c shared_buffers=16MB"
        control = [*before, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
        log = str(folder / "log")
        subprocess.run([*control, "-l", log, "-o", settings, "start"], check=True, capture_output=True, cwd=folder)
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a store shall be; none is there yet."""
    if request.param == "sqlite":
        return find_place(str(tmp_path / "history" / "store.sqlite"), {})
    url = request.getfixturevalue("postgresql")
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return find_place(url, {})


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """An empty store, open for writing."""
    with open_store(place) as opened:
        yield opened


Add = Callable[..., Recorded]


@pytest.fixture
def add(store: Store) -> Add:
    """`add(inventory, site=…)` records one sweep."""

    def one(inventory: Inventory, site: str = "hq", **options: object) -> Recorded:
        with store.change() as connection:
            asked = options.get("asked", in_scope)
            return record(connection, inventory, site=site, asking=lambda _scope, _exclude: asked)  # type: ignore[arg-type,return-value]

    return one


@pytest.fixture
def reader(store: Store) -> Iterator[Callable[[], Reader]]:
    """`reader()` reads what is there at that moment."""
    import contextlib

    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(open_reader(store.place))
