"""What differs between registries, and what that changes on stored sweeps."""

from __future__ import annotations

from datetime import date

import msgspec

from scanner.models import Inventory
from scanner.registry import basis_file
from scanner.registry.diff import diff
from scanner.registry.extend import with_listings
from scanner.registry.facts import Registry
from scanner.registry.impact import impact
from scanner.registry.tell import diff_lines, impact_lines
from scanner.report.json import read_inventory, render_json
from tests.registry.devices import by_mac, camera, shipped
from tests.samples import inventory

DAY = date(2026, 11, 28)


def without(company: str, instrument: str) -> Registry:
    """The registry shipped without one listing."""
    kept = [e for e in shipped().listings if (e.company, e.instrument) != (company, instrument)]
    return with_listings(shipped(), kept)


def stored(*policies: str) -> Inventory:
    """A sweep that was written and read back, of a Uniview and an Axis."""
    devices = (camera("Uniview"), msgspec.structs.replace(camera("Axis"), host="198.51.100.11", id="a"))
    found = inventory(*devices)
    return msgspec.structs.replace(found, sweep=msgspec.structs.replace(found.sweep, policy=policies))


def test_the_same_has_no_difference() -> None:
    assert diff(shipped(), shipped()) == ()
    assert list(diff_lines(())) == ["No difference."]


def test_a_listing_less_is_one_difference() -> None:
    changes = diff(shipped(), without("Uniview", "US-TX-PROHIBITED"))
    assert [(each.what, each.change) for each in changes] == [("listing", "removed")]
    assert next(diff_lines(changes)).startswith("- listing US-TX-PROHIBITED / Uniview")


def test_a_changed_field_is_told_with_both_values_and_the_day_of_checking_is_not() -> None:
    texas = shipped().instruments["US-TX-PROHIBITED"]
    newer = msgspec.structs.replace(texas, edition="2026-11-20", checked="2026-11-28")
    registry = msgspec.structs.replace(shipped(), instruments={**shipped().instruments, texas.id: newer})
    changes = diff(shipped(), registry)
    assert [each.fields for each in changes] == [{"edition": (texas.edition, "2026-11-20")}]


def test_a_stored_sweep_is_judged_by_both_device_by_device() -> None:
    found = impact(without("Uniview", "US-TX-PROHIBITED"), shipped(), [("s.json", stored())], DAY, ("old", "new"))
    assert found.moved == 1
    moved = found.sweeps[0].moved[0]
    assert (moved.before.status, moved.after.status) == ("not-listed", "listed")
    assert moved.gained == ("US-TX-PROHIBITED (listed)",)
    assert moved.lost == ()
    assert "names Uniview since 2026-01-26" in moved.reasons[0]
    text = "\n".join(impact_lines(found))
    assert "not-listed → listed: 1" in text
    assert "Devices judged differently: 1." in text
    back = impact(shipped(), without("Uniview", "US-TX-PROHIBITED"), [("s.json", stored())], DAY, ("new", "old"))
    assert back.sweeps[0].moved[0].lost == ("US-TX-PROHIBITED (listed)",)


def test_the_policy_of_the_sweep_is_the_one_judged_by() -> None:
    one = without("Uniview", "US-TX-PROHIBITED")
    assert impact(one, shipped(), [("s", stored("us-federal"))], DAY, ("a", "b")).moved == 0
    own = basis_file("policy", "p.toml", 'name = "mine"\ninstruments = ["US-TX-PROHIBITED"]\n')
    sweep = stored("mine")
    sweep = msgspec.structs.replace(sweep, sweep=msgspec.structs.replace(sweep.sweep, basis=(own,)))
    assert impact(one, shipped(), [("s", sweep)], DAY, ("a", "b")).moved == 1


def test_a_day_before_the_change_sees_none() -> None:
    one = without("Uniview", "US-TX-PROHIBITED")
    found = impact(one, shipped(), [("s", stored())], date(2026, 1, 25), ("a", "b"))
    assert found.moved == 0
    assert "No device would be judged differently." in list(impact_lines(found))


def test_what_was_judged_before_is_judged_afresh() -> None:
    """An inventory from disk has findings and a hint of the first judgement: neither is doubled or kept."""
    first = impact(shipped(), shipped(), [("s", stored())], DAY, ("a", "b"))
    assert first.moved == 0
    weak = msgspec.structs.replace(by_mac("Hikvision"), why="MAC prefix registered to Hikvision")
    sweep = read_inventory(render_json(inventory(weak)))
    assert impact(shipped(), shipped(), [("s", sweep)], DAY, ("a", "b")).moved == 0
