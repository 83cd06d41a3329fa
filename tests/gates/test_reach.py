"""The coverage gate names the part of the scope that fell silent, and what was lost with it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from scanner.gates import Against, Gate, check, reasons
from scanner.gates.reach import silent_segments
from scanner.models import Coverage, Device, Inventory
from tests.samples import device, inventory


def camera(host: str, **changes: Any) -> Device:
    return device(host, **({"mac": None, "serial": f"SN-{host}"} | changes))


def cameras(network: str, *numbers: int, **changes: Any) -> list[Device]:
    return [camera(f"{network}.{number}", **changes) for number in numbers]


def places(before: list[Device], after: list[Device]) -> list[tuple[str, str, int, str]]:
    return [(one.first, one.last, one.addresses, one.whole) for one in silent_segments(before, after)]


OTHER = cameras("203.0.113", 1, 2)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (cameras("198.51.100", 10, 11), [], [("198.51.100.10", "198.51.100.11", 2, "198.51.100.0/24")]),
        (cameras("198.51.100", 10, 20, 30, 40), cameras("198.51.100", 10), [("198.51.100.20", "198.51.100.40", 3, "")]),
        # Two in a row are no segment, nor are three with somebody who answers between
        (cameras("198.51.100", 10, 20, 30), cameras("198.51.100", 10), []),
        (cameras("198.51.100", 10, 20, 30, 40), cameras("198.51.100", 20, 40), []),
        # Laptops go home
        (cameras("198.51.100", 10, 20, 30, 40, is_camera=False), cameras("198.51.100", 10), []),
        ([camera("2001:db8::5")], [camera("2001:db8:1::5")], [("2001:db8::5", "2001:db8::5", 1, "2001:db8::/64")]),
    ],
)
def test_what_is_a_segment(
    before: list[Device], after: list[Device], expected: list[tuple[str, str, int, str]]
) -> None:
    assert places([*before, *OTHER], [*after, *OTHER]) == expected


def test_what_moved_or_has_another_at_its_place_is_not_silent() -> None:
    before = cameras("198.51.100", 10, 11, 12)
    moved = [msgspec.structs.replace(one, host=f"198.51.100.1{one.host[-1]}0", addresses=()) for one in before]
    assert places(before, moved) == []
    assert places(before, [camera(one.host, serial="of another", id="other" + one.host) for one in before]) == []


def swept(devices: list[Device], *, complete: bool = True, **changes: Any) -> Inventory:
    coverage = Coverage(addresses=254, answered=len(devices), silent=254 - len(devices), **changes)
    made = inventory(*devices, coverage=coverage)
    return msgspec.structs.replace(made, sweep=msgspec.structs.replace(made.sweep, complete=complete))


BEFORE = swept([*cameras("198.51.100", *range(64, 72)), camera("198.51.100.72", is_camera=False), *OTHER])
NOW = swept(OTHER)


def line(now: Inventory, before: Inventory = BEFORE, **against: Any) -> str:
    (result,) = (one for one in check(now, [Gate.COVERAGE], Against(before, **against)) if one.gate == "coverage")
    return next(line for line in result.lines if "segment" in line)


def test_a_silent_segment_in_one_line() -> None:
    assert line(NOW) == (
        "coverage: segment 198.51.100.0/24 (198.51.100.64-72) is silent: 9 addresses answered in the baseline, none "
        "does now; lost from sight: 8 cameras (LTS CMIP1042 at 198.51.100.64, LTS CMIP1042 at 198.51.100.65, "
        "LTS CMIP1042 at 198.51.100.66, LTS CMIP1042 at 198.51.100.67, LTS CMIP1042 at 198.51.100.68 and 3 more), "
        "and 1 other device"
    )


def test_it_says_why_nothing_is_known_of_it() -> None:
    assert "was not asked: 9 addresses" in line(NOW, asked=lambda _address: False)
    assert "was not reached before the sweep ended" in line(swept(OTHER, complete=False))
    assert "is silent" in line(NOW, asked=lambda _address: True)


def test_as_many_new_ones_elsewhere_do_not_hide_it() -> None:
    grown = swept([*OTHER, *cameras("203.0.113", *range(10, 19))])
    assert grown.coverage.answered == BEFORE.coverage.answered
    assert len(reasons(grown, [Gate.COVERAGE], BEFORE)) == 1


def test_many_segments_are_counted_beyond_the_first() -> None:
    wide = [camera(f"198.18.{number}.1") for number in range(30)]
    found = reasons(swept(OTHER), [Gate.COVERAGE], swept([*wide, *OTHER]))
    assert sum("segment" in each for each in found) == 20
    assert "10 more ranges" in found[-1]


def closed(host: str, **changes: Any) -> Device:
    """Something that is there and refuses every question, or lets none through."""
    return Device(id="c" + host, host=host, addresses=(host,), protocols=("port", "mac"), **changes)


def test_a_segment_behind_a_firewall_that_refuses() -> None:
    refusing = [closed(f"198.51.100.{number}") for number in range(64, 73)]
    before = [msgspec.structs.replace(one, serial=None) for one in BEFORE.devices]
    found = line(swept([*refusing, *OTHER]), swept(before))
    assert "198.51.100.0/24 (198.51.100.64-72) tells nothing any more" in found
    assert "9 addresses answered in the baseline, and each refuses or drops every question now" in found
    found = line(swept([*refusing[:4], *OTHER]), swept(before))
    assert "now 5 are silent and 4 refuse every question; lost from sight: 8 cameras" in found
    open_port = [msgspec.structs.replace(one, ports=(80,)) for one in refusing]
    assert not reasons(swept([*open_port, *OTHER]), [Gate.COVERAGE], swept(before))


def test_a_camera_that_lets_nothing_be_asked_any_more() -> None:
    before = swept([camera("203.0.113.3", mac="44:19:b6:00:00:03", serial=None), *OTHER])
    now = swept([closed("203.0.113.3", mac="44:19:b6:00:00:03", maker="Hikvision"), *OTHER])
    (found,) = reasons(now, [Gate.COVERAGE], before)
    assert "1 camera of the baseline let nothing be asked any more" in found
    assert "203.0.113.3" in found
    assert reasons(now, [Gate.COVERAGE], now) == []


def test_what_told_nothing_before_is_new_once_it_speaks() -> None:
    before = swept([closed("203.0.113.3"), *OTHER])
    now = swept([camera("203.0.113.3", serial=None), *OTHER])
    found = reasons(now, [Gate.NEW, Gate.LISTED], before)
    assert found == [
        "new: 203.0.113.3 (LTS CMIP1042) is not in the baseline; what was at its address then told nothing",
        "listed: 203.0.113.3 (LTS CMIP1042) is listed (US-NDAA-889); what was at its address then told nothing",
    ]


def test_the_first_night_has_nothing_to_compare() -> None:
    (_waivers, result) = check(NOW, [Gate.COVERAGE], Against(None))
    assert (result.hit, result.passed) == (False, "there is nothing to compare with yet")
    assert reasons(swept([], complete=False), [Gate.COVERAGE], None) == ["coverage: this sweep is not complete"]
