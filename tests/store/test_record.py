"""Sweeps into both databases: whose history is whose, in any order, whatever devices say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scanner.models import Status, UsageError
from scanner.models.history import Happening, Standing
from scanner.store.check import problems
from scanner.store.history import every_device, one_device
from scanner.store.place import Place
from scanner.store.reader import Reader
from scanner.store.record import Outcome
from tests.samples import HOSTILE, device, finding
from tests.store.conftest import Add
from tests.store.nights import camera, night

Read = Callable[[], Reader]
TODAY = "2026-01-31"


def told(reader: Reader, wanted: str) -> list[list[str]]:
    """What happened to each device of a name, as words."""
    return [
        [f"{event.at[8:10]} {event.what.value}" for event in one.events]
        for one in one_device(reader, wanted, None, TODAY).devices
    ]


def test_the_same_sweep_twice_is_one(add: Add, reader: Read) -> None:
    assert add(night(1, camera(1))).outcome is Outcome.ADDED
    assert add(night(1, camera(1))).outcome is Outcome.SAME
    (one,) = every_device(reader(), None, TODAY).devices
    assert (one.sweeps, one.changed) == (1, 0)
    with pytest.raises(UsageError, match="'hq' already"):
        add(night(1, camera(1)), site="branch")


def test_a_sweep_that_was_continued_takes_its_own_place(add: Add, reader: Read, place: Place) -> None:
    add(night(1, camera(1), camera(2)))
    add(night(2, camera(1), complete=False))
    add(night(3, camera(1), camera(2)))
    done = add(night(2, camera(1, firmware="6"), camera(3), finished="05:00:00Z"))
    assert (done.outcome, done.devices, done.new) == (Outcome.REPLACED, 2, 1)
    assert told(reader(), "198.51.100.2") == [["01 first-seen", "02 gone", "03 back"]]
    assert told(reader(), "198.51.100.1") == [["01 first-seen", "02 changed", "03 changed"]]
    assert list(problems(reader(), place)) == []
    add(night(2, camera(1), finished="06:00:00Z"))
    with pytest.raises(UsageError, match="no device"):  # which only the replaced sweep had seen
        one_device(reader(), "198.51.100.3", None, TODAY)
    assert list(problems(reader(), place)) == []


def test_a_camera_that_moves_keeps_its_history(add: Add, reader: Read) -> None:
    add(night(1, camera(1, 10, mac=None), camera(2, 11)))
    add(night(2, camera(1, 20, mac=None), camera(2, 12, serial=None)))
    assert told(reader(), "198.51.100.10") == [["01 first-seen", "02 changed"]]
    (one,) = one_device(reader(), "198.51.100.12", None, TODAY).devices  # by its MAC, though the serial was not told
    assert one.serial == "SN000002"
    assert one.events[1].changes[0].field == "host"
    (one,) = one_device(reader(), "44-19-B6-00-00-02", None, TODAY).devices
    assert one.host == "198.51.100.12"


def test_two_cameras_that_share_a_bogus_mac_stay_two(add: Add, reader: Read) -> None:
    same = {"mac": "00:11:22:33:44:55", "serial": None, "id": "00112233"}
    for day in (1, 2, 3):
        add(night(day, *(device(f"198.51.100.{n}", **same, firmware=f"{n}.{day}") for n in (1, 2))))
    devices = every_device(reader(), None, TODAY).devices
    assert [(one.host, one.changed) for one in devices] == [("198.51.100.1", 2), ("198.51.100.2", 2)]


def test_the_same_address_at_two_sites_is_two_devices(add: Add, reader: Read) -> None:
    add(night(1, camera(1)), site="east")
    add(night(2, camera(1)), site="west")
    found = one_device(reader(), "198.51.100.1", None, TODAY)
    assert [one.site for one in found.devices] == ["west", "east"]
    assert "2 devices" in found.notes[0]
    assert [one.sweeps for one in one_device(reader(), "198.51.100.1", "east", TODAY).devices] == [1]
    with pytest.raises(UsageError, match="east, west"):
        one_device(reader(), "198.51.100.1", "north", TODAY)


def test_gone_is_said_only_of_what_was_asked(add: Add, reader: Read) -> None:
    add(night(1, camera(1)))
    add(night(2, complete=False))
    add(night(3, scope=("203.0.113.0/24",)), asked=lambda address: address.startswith("203."))
    add(night(4, scope=("office.example",)), asked=lambda address: None)
    (one,) = every_device(reader(), None, TODAY).devices
    assert (one.standing, one.since) == (Standing.SEEN, None)  # by the latest sweep of its own scope
    add(night(5, camera(2, 1)))
    gone = one_device(reader(), "SN000001", None, TODAY).devices[0]
    assert (gone.standing, gone.since, gone.now_there) == (
        Standing.GONE, "2026-01-05T02:00:00Z", "LTS CMIP1042 at 198.51.100.1",
    )  # fmt: skip
    add(night(6, camera(1, 9)))
    assert told(reader(), "SN000001") == [["01 first-seen", "05 gone", "06 back"]]


def test_a_later_partial_sweep_leaves_open_what_it_did_not_see(add: Add, reader: Read) -> None:
    add(night(1, camera(1), complete=False))
    add(night(2, complete=False))
    history = every_device(reader(), None, TODAY)
    assert history.devices[0].standing is Standing.NOT_ASKED
    assert "not complete" in history.notes[0]


def test_sweeps_may_come_in_any_order(add: Add, reader: Read, place: Place) -> None:
    nights = [
        night(1, camera(1), camera(2)), night(2, camera(1, 5), camera(2)), night(3, camera(2)),
        night(4, camera(2), complete=False), night(5, camera(1, 5, firmware="9"), camera(2)),
        night(6, camera(1, 5, firmware="9")),
    ]  # fmt: skip
    for each in nights:
        add(each, site="hq")
    expected = [told(reader(), f"SN00000{number}") for number in (1, 2)]
    assert expected == [
        [["01 first-seen", "02 changed", "03 gone", "05 back"]], [["01 first-seen", "06 gone"]],
    ]  # fmt: skip
    for seed, order in enumerate(([5, 4, 3, 2, 1, 0], [2, 0, 4, 1, 5, 3], [3, 5, 0, 4, 2, 1])):
        for each in (nights[at] for at in order):
            complete, name = each.sweep.complete, f"{seed}-{each.sweep.id}"
            renamed = night(int(each.sweep.id[6:]), *each.devices, complete=complete, id=name)
            add(renamed, site=f"hq{seed}")
        for number in (1, 2):
            (one,) = one_device(reader(), f"SN00000{number}", f"hq{seed}", TODAY).devices
            assert [f"{e.at[8:10]} {e.what.value}" for e in one.events] == expected[number - 1][0], seed
    assert list(problems(reader(), place)) == []


def test_without_root_the_mac_is_not_heard_and_that_is_no_change(add: Add, reader: Read) -> None:
    add(night(1, device(id="a", mac="44:19:b6:00:00:01")))
    add(night(2, device(id="b", mac=None)))
    add(night(3, device(id="a", mac="44:19:b6:00:00:01")))
    add(night(4, device("198.51.100.99", id="a", mac="44:19:b6:00:00:01")))
    (one,) = every_device(reader(), None, TODAY).devices
    assert (one.sweeps, one.changed, one.host) == (4, 1, "198.51.100.99")


@pytest.mark.parametrize(
    "words", ["a\x00b", "a\ud800b", "x" * 1_000_000, HOSTILE, "'; DROP TABLE site; --", ":site %s {0} ?", "\x00"]
)
def test_hostile_words_are_made_safe(add: Add, reader: Read, words: str) -> None:
    hostile = device(
        "198.51.100.1", id="1", serial=words, model=words, firmware=words, product=words, brand=words, name=words,
        switch=words, switch_port=words, addresses=(words, "198.51.100.1"), findings=(finding(entity=words),),
    )  # fmt: skip
    inventory = night(1, hostile, device(words, id="2", serial=None, mac=None), id=words, policy=(words,))
    add(inventory, site="hq")
    assert add(inventory, site="hq").outcome is Outcome.SAME
    found = one_device(reader(), "198.51.100.1", None, TODAY).devices[0]
    assert found.model is None or (len(found.model) <= 256 and found.model.isprintable())
    assert len(every_device(reader(), None, TODAY).devices) == 2
    with pytest.raises(UsageError, match="no device"):
        one_device(reader(), f"?{words}", None, TODAY)
    with pytest.raises(UsageError, match="no site"):
        every_device(reader(), f"?{words}", TODAY)


def test_what_is_no_time_is_refused(add: Add) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        add(night(1, started="yesterday"))
    with pytest.raises(UsageError, match="can't be empty"):
        add(night(1), site="\x00\u202e")


def test_a_device_is_found_by_all_its_names(add: Add, reader: Read) -> None:
    add(night(1, camera(1, addresses=("198.51.100.1", "2001:db8::1"), id="abcdef0123456789")))
    for name in ("198.51.100.1", "2001:db8::1", "SN000001", "44:19:b6:00:00:01", "abcdef", "abcdef0123456789"):
        assert len(one_device(reader(), name, None, TODAY).devices) == 1, name
    for name in ("abcde", "198.51.100", "%", "2001:db8::", "_" * 12):
        with pytest.raises(UsageError):
            one_device(reader(), name, None, TODAY)


def test_events_are_what_they_say(add: Add, reader: Read) -> None:
    add(night(1, camera(1, status=Status.REVIEW, maker=None, findings=())))
    add(night(2, camera(1)))
    (one,) = one_device(reader(), "198.51.100.1", None, TODAY).devices
    assert [event.what for event in one.events] == [Happening.FIRST_SEEN, Happening.CHANGED]
    changes = {change.field: (change.before, change.after) for change in one.events[1].changes}
    assert changes == {
        "maker": (None, "Hikvision"), "status": ("review", "listed"), "instruments": (None, "US-NDAA-889"),
    }  # fmt: skip
    assert one.events[1].sweep == "night-2"
