"""Two sweeps: new, gone (and was it asked?), changed; and the four causes told apart."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from scanner.diff import Again, compare
from scanner.models import BasisFile, Device, Inventory, RegistryInfo, Status
from scanner.models.changes import Cause, Change, Changes, Presence
from scanner.models.reconciliation import Reach
from scanner.report.diff import (
    render_changes,
    render_changes_html,
    render_changes_json,
    render_changes_markdown,
    sentence,
)  # fmt: skip
from tests.samples import HOSTILE, device, inventory

PLAIN: dict[str, Any] = {"status": Status.NOT_LISTED, "findings": ()}


def judged_by(
    value: Inventory, *, rules: str = "f" * 64, lists: str = "e" * 64, policy: tuple[str, ...] = ()
) -> Inventory:
    tool = msgspec.structs.replace(value.tool, fingerprints=rules, registry=RegistryInfo("2026-12-01", lists))
    return msgspec.structs.replace(value, tool=tool, sweep=msgspec.structs.replace(value.sweep, policy=policy))


def changes_of(found: Changes) -> dict[str, Change]:
    (row,) = found.rows
    return {change.field: change for change in row.changes}


def test_the_same_twice_is_no_change() -> None:
    found = compare(inventory(device()), inventory(device()))
    assert found.rows == ()
    assert sentence(found).startswith("Nothing changed")


def test_new_and_gone_say_whether_the_place_was_asked() -> None:
    old, other = device(), device("203.0.113.9", id="o", mac="44:19:b6:00:00:77")
    new = device("198.51.100.99", id="n", mac="44:19:b6:00:00:99")
    found = compare(inventory(old, other), inventory(new), lambda address: address.startswith("198.51.100."))
    assert {(row.presence, row.host, row.reach) for row in found.rows} == {
        (Presence.NEW, "198.51.100.99", None),
        (Presence.GONE, "198.51.100.10", Reach.ASKED),
        (Presence.GONE, "203.0.113.9", Reach.OUTSIDE),
    }
    assert found.counts["new"] == 1
    assert found.counts["gone"] == 2


def test_gone_is_not_said_of_what_was_not_reached() -> None:
    cut = inventory()
    cut = msgspec.structs.replace(cut, sweep=msgspec.structs.replace(cut.sweep, complete=False))
    found = compare(inventory(device()), cut, lambda _: True)
    assert found.rows[0].reach is Reach.UNKNOWN
    assert any("not complete" in note for note in found.notes)
    assert compare(inventory(device()), inventory()).rows[0].reach is Reach.UNKNOWN


def test_another_device_at_the_place_of_one_that_is_gone() -> None:
    found = compare(inventory(device()), inventory(device(id="z", mac="44:19:b6:00:00:99")), lambda _: True)
    gone = next(row for row in found.rows if row.presence is Presence.GONE)
    assert gone.reach is Reach.OTHER


def test_the_device_changed() -> None:
    old, new = device(firmware="V5.4.5"), device("198.51.100.77", firmware="V5.7.3", id="id-198.51.100.10")
    found = changes_of(compare(inventory(old), inventory(new)))
    assert {field: change.cause for field, change in found.items()} == {
        "host": Cause.DEVICE, "firmware": Cause.DEVICE,
    }  # fmt: skip
    assert (found["firmware"].before, found["firmware"].after) == ("V5.4.5", "V5.7.3")


def test_the_lists_changed() -> None:
    before = inventory(device(**PLAIN))
    found = changes_of(compare(before, judged_by(inventory(device()), lists="0" * 64)))
    assert {change.cause for change in found.values()} == {Cause.LISTS}
    assert set(found) == {"status", "instruments"}


def test_the_policy_changed() -> None:
    before = inventory(device(**PLAIN))
    after = judged_by(inventory(device()), policy=("us-federal",))
    assert changes_of(compare(before, after))["status"].cause is Cause.POLICY


def test_a_policy_of_ones_own_changed_and_kept_its_name() -> None:
    before, after = (
        msgspec.structs.replace(value, sweep=msgspec.structs.replace(value.sweep, policy=("own",), basis=(file,)))
        for value, file in (
            (inventory(device(**PLAIN)), BasisFile("policy", "own.toml", "a" * 64, "")),
            (inventory(device()), BasisFile("policy", "own.toml", "b" * 64, "")),
        )
    )
    assert changes_of(compare(before, after))["status"].cause is Cause.POLICY


def test_lists_and_device_changed_and_only_judging_again_tells() -> None:
    old, new = device(firmware="V1", **PLAIN), device(firmware="V2")
    before, after = inventory(old), judged_by(inventory(new), lists="0" * 64)
    # What fits the device alone is not put down to the lists.
    assert changes_of(compare(before, after))["status"].cause is Cause.DEVICE

    def by_new_lists(one: Device) -> Device:
        return msgspec.structs.replace(one, status=new.status, findings=new.findings)

    settled = changes_of(compare(before, after, again=Again(judge=by_new_lists)))
    assert settled["status"].cause is Cause.LISTS
    assert settled["firmware"].cause is Cause.DEVICE
    same = changes_of(compare(before, after, again=Again(judge=lambda one: one)))
    assert same["status"].cause is Cause.DEVICE


def test_the_fingerprints_changed() -> None:
    old, new = device(maker=None, brand=None, status=Status.UNDETERMINED, findings=()), device(firmware="V2")
    before, after = inventory(old), judged_by(inventory(new), rules="0" * 64)
    unsettled = compare(before, after)
    assert changes_of(unsettled)["maker"].cause is Cause.UNKNOWN
    assert any("with its evidence, would tell" in note for note in unsettled.notes)
    understood = msgspec.structs.replace(new, firmware=None)
    settled = changes_of(compare(before, after, again=Again(devices=(understood,))))
    assert settled["maker"].cause is Cause.FINGERPRINTS
    assert settled["firmware"].cause is Cause.DEVICE


def test_what_this_sweep_could_not_learn_is_no_change() -> None:
    old = device(serial="S1234567", switch="sw1", switch_port="7")
    new = device(serial="S1234567", mac=None)
    assert compare(inventory(old), inventory(new)).rows == ()


@pytest.mark.parametrize("word", [HOSTILE, "a|b`c`[x](http://y)", "=1+1"])
def test_each_format_says_all_of_it_and_lets_nothing_act(word: str) -> None:
    old, new = device(model=word), device(model="other", firmware=word)
    gone = device("198.51.100.3", id="g", mac="44:19:b6:00:00:03", brand=word)
    found = compare(inventory(old, gone), inventory(new))
    for text in (render_changes(found, width=140), render_changes_markdown(found), render_changes_html(found)):
        assert "198.51.100.3" in text
        assert "firmware" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script>alert" not in render_changes_markdown(found) + render_changes_html(found)
    assert "](http" not in render_changes_markdown(found)
    flat = json.loads(render_changes_json(found))
    assert flat["schema"] == "camcensus.changes/1"
    assert flat["counts"]["gone"] == 1
