"""The store as a thing: schema, several writers at once, made anew, checked, and read by whom it shall not confuse."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from scanner.models import Inventory, UsageError
from scanner.models.history import RemovalState, Standing
from scanner.store.check import problems
from scanner.store.engine import Store, open_store
from scanner.store.history import every_device
from scanner.store.migrate import config
from scanner.store.place import Place, find_place
from scanner.store.reader import open_reader
from scanner.store.rebuild import Source, rebuild, set_aside_damaged, source_of
from scanner.store.removals import Kind, Word
from scanner.store.say import meant, say
from scanner.store.schema import HEAD
from scanner.store.sites import every_removal
from scanner.store.tables import METADATA
from scanner.store.values import moment
from tests.store.conftest import Add
from tests.store.nights import asking, camera, night
from tests.store.test_waivers import given, waived

TODAY = "2026-01-31"


def test_the_migrations_make_the_tables(store: Store) -> None:
    with store.change() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_a_store_of_a_later_version_is_left_alone(store: Store, add: Add) -> None:
    add(night(1, camera(1)))
    with store.change() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match="newer camcensus"):
        open_store(store.place).__enter__()
    with pytest.raises(UsageError, match="newer camcensus"), open_reader(store.place):
        pass


def test_several_writers_at_once_lose_nothing(place: Place) -> None:
    """Three processes: they make the store at the same moment, and record at one site, in turn and across."""
    url = str(place.path) if place.path else place.url
    command = [sys.executable, "-m", "tests.store.writer", url]
    writers = [
        subprocess.Popen([*command, str(number), "3", "5"], stderr=subprocess.PIPE, text=True) for number in range(3)
    ]
    for each in writers:
        _out, said = each.communicate(timeout=100)
        assert each.returncode == 0, said
    with open_reader(place) as reader:
        assert list(problems(reader, place)) == []
        for site in ("shared", "own-0", "own-1", "own-2"):
            found = every_device(reader, site, TODAY).devices
            assert len(found) == 2
            assert {one.sweeps for one in found} == {15 if site == "shared" else 5}, site
        assert all(one.changed == 14 for one in every_device(reader, "shared", TODAY).devices)
        assert reader.rows("SELECT count(*) FROM waiver_use") == [(15,)]
        assert reader.rows("SELECT count(*) FROM waiver") == [(1,)]


def sources(*nights: Inventory) -> list[Source]:
    def source(one: Inventory) -> Source:
        def read() -> Inventory:
            return one

        return source_of(one, moment(one.sweep.finished), f"/runs/{one.sweep.id}", read)

    return [source(one) for one in nights]


def test_made_anew_with_its_sites_and_removals(store: Store, add: Add) -> None:
    one, two = given(night(1, camera(1), camera(2, findings=(waived(),)))), night(2, camera(2))
    three = night(3, camera(7))
    add(one, site="east")
    add(two, site="east")
    add(three, site="west")
    for name, wanted in (("SN000001", "198.51.100.9"), ("SN000007", "SN000007")):
        with open_reader(store.place) as reader:
            number, _device = meant(reader, name, None, Kind.PLAN, TODAY)
        say(store, Word(number, Kind.PLAN, "2026-01-05", "old", wanted, number, "2026-01-04T00:00:00Z"))
    with open_reader(store.place) as reader:
        before = every_device(reader, None, TODAY)
    with pytest.raises(UsageError, match=r"1 sweeps of the store are in none of these folders.*night-1"):
        rebuild(store, sources(two, three), asking=asking, site=None, forget=False)
    done = rebuild(store, sources(three, two, one), asking=asking, site="elsewhere", forget=False)
    assert (done.sweeps, done.removals, done.unseen) == (3, 2, 0)
    with open_reader(store.place) as reader:
        assert every_device(reader, None, TODAY) == before
        assert list(problems(reader, store.place)) == []
    done = rebuild(store, sources(one, two), asking=asking, site=None, forget=True)
    assert (done.sweeps, done.removals, done.unseen) == (2, 2, 1)
    with open_reader(store.place) as reader:
        assert [one.state for one in every_removal(reader, "east", TODAY).removals] == [RemovalState.GONE]
        (kept,) = every_device(reader, "west", TODAY).devices
        assert (kept.standing, kept.serial, kept.removal is not None) == (Standing.NEVER, "SN000007", True)
    rebuild(store, sources(one, two, three), asking=asking, site="west", forget=False)
    with open_reader(store.place) as reader:
        assert every_device(reader, None, TODAY) == before


def test_a_rebuild_that_fails_leaves_the_store_as_it_was(store: Store, add: Add) -> None:
    add(night(1, camera(1)))
    (good,) = sources(night(1, camera(1)))

    def torn() -> Inventory:
        raise UsageError("the run can't be read")

    bad = Source("x", "2026-02-01T00:00:00Z", "/runs/bad", torn)
    with pytest.raises(UsageError, match="can't be read"):
        rebuild(store, [good, bad], asking=asking, site=None, forget=False)
    with open_reader(store.place) as reader:
        assert len(every_device(reader, None, TODAY).devices) == 1


def test_check_finds_what_is_wrong(store: Store, add: Add) -> None:
    add(night(1, camera(1), camera(2)))
    add(night(2, camera(1)))
    with store.change() as connection:
        connection.execute(text("DELETE FROM span WHERE device_id = 1"))
        connection.execute(text("UPDATE span SET last_id = 2 WHERE device_id = 2 AND state_id IS NULL"))
    with open_reader(store.place) as reader:
        found = list(problems(reader, store.place))
    assert "hq: sweep night-2 found 1 devices, and 0 are recorded" in found
    assert any("closed at the latest sweep" in problem for problem in found)


def test_a_damaged_file_is_set_aside_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    assert set_aside_damaged(file) is None
    with open_store(Place(path=file)):
        pass
    assert set_aside_damaged(file) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(b"torn" * 1000)
    with pytest.raises(UsageError, match="not a database"), open_reader(Place(path=file)):
        pass
    aside = set_aside_damaged(file)
    assert aside is not None
    assert aside.read_bytes() == b"torn" * 1000
    assert not file.exists()


def test_the_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE mine (id)")
    other.close()
    with pytest.raises(UsageError, match="something else"):
        Store(Place(path=file))
    with pytest.raises(UsageError, match="not a store"), open_reader(Place(path=file)):
        pass


def test_a_writer_that_waits_too_long_says_so(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    with (
        open_store(Place(path=file)) as first,
        first.change(),
        pytest.raises(UsageError, match="another camcensus"),
    ):
        Store(Place(path=file), patience=0.01)


def test_an_empty_store_and_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no store at .* yet"), open_reader(Place(path=tmp_path / "none.sqlite")):
        pass
    with pytest.raises(UsageError, match="can't write the store"):
        Store(Place(path=Path("/proc/none/store.sqlite")))


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        (None, {"XDG_DATA_HOME": "/data"}, "/data/camcensus/store.sqlite"),
        (None, {"CAMCENSUS_STORE": "/x.db"}, "/x.db"),
        ("/y.db", {"CAMCENSUS_STORE": "/x.db"}, "/y.db"),
        ("sqlite:////z.db", {}, "/z.db"),
        ("postgres://me:secret@db.example/cams?sslmode=require", {}, "postgresql://db.example/cams"),
        ("postgresql:///cams", {}, "postgresql:///cams"),
    ],
)
def test_where_the_store_is(option: str | None, environment: dict[str, str], expected: str) -> None:
    assert str(find_place(option, environment)) == expected


def test_another_database_is_refused_and_no_password_is_told() -> None:
    with pytest.raises(UsageError, match="mysql") as told:
        find_place("mysql://me:secret@db/cams", {})
    assert "secret" not in str(told.value)
    pytest.importorskip("psycopg")
    with pytest.raises(UsageError, match="the store postgresql://") as told:
        Store(find_place("postgresql://me:secret@127.0.0.1:9/cams?connect_timeout=2", {}))
    assert "secret" not in str(told.value)
