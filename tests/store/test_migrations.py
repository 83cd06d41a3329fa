"""A store that the first revision wrote, with what is in it, brought up to date by opening it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text

from scanner.models.history import RemovalState, Standing
from scanner.store.baseline import inventory_of, last_complete
from scanner.store.check import problems
from scanner.store.engine import open_store, postgresql_engine
from scanner.store.history import every_device, one_device
from scanner.store.migrate import config
from scanner.store.place import Place
from scanner.store.reader import open_reader
from scanner.store.record import Outcome, record
from scanner.store.schema import HEAD, VERSION_QUERY
from scanner.store.sites import every_removal, every_site
from scanner.store.tables import METADATA
from tests.store.nights import SCOPE, asking, camera, night
from tests.store.test_waivers import given, waived

_ROWS = Path(__file__).with_name("revision1.sql")
TODAY = "2026-02-01"


@pytest.fixture
def old(place: Place) -> Place:
    """Made by the first migration, filled with the rows that its version wrote."""
    if place.path is not None:
        place.path.parent.mkdir(parents=True)
    engine: Engine = create_engine(f"sqlite:///{place.path}") if place.path else postgresql_engine(place.url)
    rows = [line for line in _ROWS.read_text().splitlines() if line.startswith("INSERT")]
    with engine.begin() as connection:
        command.upgrade(config(connection), "0001")
        for row in rows:
            connection.execute(text(row.replace(":", r"\:")))
        if place.path is None:
            for table in {row.split()[2] for row in rows}:
                last = f"(SELECT max(id) FROM {table})"  # noqa: S608 - names of the file beside
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
    engine.dispose()
    return place


def test_everything_is_as_it_was(old: Place) -> None:
    with open_reader(old) as reader:  # a reader brings it up to date too
        assert reader.rows(VERSION_QUERY) == [(HEAD,)]
        assert list(problems(reader, old)) == []
        devices = every_device(reader, "hq", TODAY).devices
        told = [(one.host, one.standing, one.sweeps, one.changed, one.waivers) for one in devices]
        assert told == [
            ("198.51.100.2", Standing.SEEN, 4, 0, ()),
            ("198.51.100.3", Standing.GONE, 2, 0, ()),
            ("198.51.100.9", Standing.SEEN, 4, 2, ()),
        ]
        changes = [change.field for event in one_device(reader, "SN000001", None, TODAY).devices[0].events
                   for change in event.changes]  # fmt: skip
        assert changes == ["firmware", "host"]
        assert [one.state for one in every_removal(reader, "hq", TODAY).removals] == [RemovalState.PLANNED]
        found = last_complete(reader, "hq", [SCOPE])
        assert found is not None
        before = inventory_of(reader, found)
        assert (before.sweep.id, [one.host for one in before.devices]) == ("night-4", ["198.51.100.2", "198.51.100.9"])
        assert before.devices[0].findings[0].instrument == "US-NDAA-889"
    with open_store(old) as store, store.change() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_it_is_written_to_as_any_other(old: Place) -> None:
    fifth = given(night(5, camera(1, host=9, firmware="5.4"), camera(2, findings=(waived(),))))
    sixth = given(night(6, camera(1, host=9, firmware="5.4"), camera(2)), state="expired")
    with open_store(old) as store:
        for one in (fifth, sixth):
            with store.change() as connection:
                assert record(connection, one, site="hq", asking=asking).new == 0
        with store.change() as connection:  # told with more than the first revision kept
            again = night(4, camera(1, host=9, firmware="5.4"), camera(2, findings=(waived(),)))
            assert record(connection, given(again), site="hq", asking=asking).outcome is Outcome.REPLACED
    with open_reader(old) as reader:
        assert list(problems(reader, old)) == []
        states = reader.rows(
            "SELECT count(*) FROM state JOIN device ON device.id = device_id WHERE device.serial = 'SN000001'"
        )
        assert states == [(3,)]  # a device that nothing waives is in the state that it was in before
        (device,) = one_device(reader, "198.51.100.2", None, TODAY).devices
        told = [(change.before, change.after) for event in device.events for change in event.changes]
        assert told == [("W-1 (J. Doe, until 2026-06-30)", None)]  # that it began is not known: nothing is invented
        assert every_site(reader, "hq", TODAY).sites[0].waivers == {"expired": 1}
