"""What a notice says: only what changed, what was not reached first, capped and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from scanner.diff import Again
from scanner.models import Device, Inventory, Status
from scanner.notify import notice_of, trial_notice
from scanner.notify.content import SHOWN
from scanner.notify.words import chat, document, headline, plain
from tests.notify.samples import EVIL, by_other_lists, hostile_notice, many
from tests.samples import device, inventory

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "notice-1.schema.json"
UNLISTED: dict[str, Any] = {"status": Status.NOT_LISTED, "findings": ()}


def everywhere(_: str) -> bool:
    return True


def incomplete(value: Inventory) -> Inventory:
    return msgspec.structs.replace(value, sweep=msgspec.structs.replace(value.sweep, complete=False))


def test_nothing_changed_is_no_notice() -> None:
    assert notice_of(inventory(device()), inventory(device()), []) is None
    assert notice_of(None, inventory(), []) is None


def test_other_days_and_fewer_answers_alone_are_no_notice() -> None:
    later = by_other_lists(inventory(device()), as_of="2026-11-23")
    quieter = msgspec.structs.replace(later, coverage=msgspec.structs.replace(later.coverage, answered=0))
    assert notice_of(inventory(device()), quieter, []) is None


def test_the_first_sweep_is_all_new() -> None:
    notice = notice_of(None, inventory(device()), [])
    assert notice is not None
    assert notice.before is None
    assert [each.host for each in notice.new.devices] == ["198.51.100.10"]
    assert headline(notice) == "Camcensus: 1 new, first sweep"


def test_new_changed_and_gone() -> None:
    kept, gone = device(firmware="1"), device("198.51.100.20", id="g", mac="44:19:b6:00:00:20")
    new = device("198.51.100.30", id="n", mac="44:19:b6:00:00:30")
    notice = notice_of(inventory(kept, gone), inventory(device(firmware="2"), new), [], in_scope=everywhere)
    assert notice is not None
    told = {name: getattr(notice, name) for name in ("newly_listed", "new", "changed", "gone")}
    assert {name: [each.host for each in group.devices] for name, group in told.items()} == {
        "newly_listed": [], "new": ["198.51.100.30"], "changed": ["198.51.100.10"], "gone": ["198.51.100.20"],
    }  # fmt: skip
    assert notice.new.devices[0].instruments == ("US-NDAA-889",)
    assert notice.changed.devices[0].said == ("firmware: 1 → 2 (the device changed)",)
    assert "did not answer" in notice.gone.devices[0].said[0]


def test_gone_is_not_said_of_what_was_not_asked() -> None:
    away = device("203.0.113.9", id="g", mac="44:19:b6:00:00:20")
    before, after = inventory(device(), away), inventory(device(firmware="2"))
    notice = notice_of(before, after, [], in_scope=lambda host: host.startswith("198."))
    assert notice is not None
    assert (notice.gone.total, notice.not_asked) == (0, 1)
    assert "1 camera of the sweep before" in notice.not_reached.lines[0]
    # It is no news by itself: the scope is the user's choice.
    assert notice_of(before, inventory(device()), [], in_scope=lambda host: host.startswith("198.")) is None


def test_a_sweep_that_broke_off_is_told_of_once() -> None:
    whole, cut = inventory(device()), incomplete(inventory(device()))
    notice = notice_of(whole, cut, [])
    assert notice is not None
    assert notice.not_reached.lines[0].startswith("The sweep is not complete")
    assert headline(notice) == "Camcensus: not complete"
    assert notice_of(cut, cut, []) is None


def test_a_gate_is_told_of_though_nothing_changed() -> None:
    notice = notice_of(inventory(device()), inventory(device()), ["registry: 40 days old"])
    assert notice is not None
    assert notice.gates.lines == ("registry: 40 days old",)
    assert headline(notice) == "Camcensus: gate hit"


def test_newly_listed_by_the_lists_is_told_apart() -> None:
    before, after = inventory(device(**UNLISTED)), by_other_lists(inventory(device()))
    notice = notice_of(before, after, [])
    assert notice is not None
    assert (notice.newly_listed.total, notice.changed.total) == (1, 0)
    assert "the lists changed" in notice.newly_listed.devices[0].said[0]
    # With other firmware at the same time it is the device that changed, as far as this tells.
    changed = notice_of(before, by_other_lists(inventory(device(firmware="9"))), [])
    assert changed is not None
    assert (changed.newly_listed.total, changed.changed.total) == (0, 1)


def test_lists_and_day_are_others_and_judging_again_says_which_it_was() -> None:
    old, new = device(**UNLISTED), device()
    before, after = inventory(old), by_other_lists(inventory(new), as_of="2026-12-02")

    def listed(one: Device) -> Device:
        return msgspec.structs.replace(one, status=new.status, findings=new.findings)

    def as_it_was(one: Device) -> Device:
        return one

    for then, word in ((listed, "the lists changed"), (as_it_was, "not known"), (None, "not known")):
        notice = notice_of(before, after, [], again=Again(judge=listed, then=then))
        assert notice is not None
        assert word in notice.newly_listed.devices[0].said[0]


def test_what_is_no_camera_is_counted_and_no_news() -> None:
    printer = device("198.51.100.77", id="p", mac="44:19:b6:00:00:77", is_camera=False, status=Status.NOT_A_CAMERA)
    assert notice_of(inventory(device()), inventory(device(), printer), []) is None
    notice = notice_of(inventory(device()), inventory(device(firmware="2"), printer), [])
    assert notice is not None
    assert (notice.new.total, notice.others) == (0, 1)
    turned = msgspec.structs.replace(printer, is_camera=True, status=Status.REVIEW)
    found = notice_of(inventory(printer), inventory(turned), [])
    assert found is not None
    assert found.changed.total == 1


def test_much_is_capped_and_counted_with_the_worst_first() -> None:
    reasons = [f"gate {n}" for n in range(40)]
    notice = notice_of(None, many(600), reasons)
    assert notice is not None
    assert (notice.new.total, len(notice.new.devices)) == (600, SHOWN)
    assert notice.new.devices[0].status == "listed"
    assert f"and {600 - SHOWN} more" in plain(notice)
    assert "and 592 more" in chat(notice)
    assert "and 32 more" in chat(notice)
    assert len(chat(notice)) < 3000
    assert len(msgspec.json.encode(notice)) < 64 * 1024


def test_the_same_content_has_the_same_id() -> None:
    one, other = (notice_of(None, inventory(device()), []) for _ in range(2))
    assert one is not None
    assert one == other
    third = notice_of(None, inventory(device(model="x")), [])
    assert third is not None
    assert third.id != one.id


def test_the_schema_describes_it() -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_bytes()))
    for notice in (hostile_notice(), trial_notice("2026-11-28T05:00:00Z", "0.1.0"), notice_of(None, many(2), ["x"])):
        assert [error.message for error in validator.iter_errors(json.loads(msgspec.json.encode(notice)))] == []


def test_no_control_sign_of_a_device_is_left_in_any_form() -> None:
    notice = hostile_notice()
    for text in (headline(notice), *plain(notice).split("\n"), *chat(notice).split("\n"), str(document(notice))):
        assert text.isprintable()
    assert "\\u001b" not in msgspec.json.encode(notice).decode()
    assert len(plain(notice).split("\n")) == 1 + len(plain(notice).splitlines())


def test_no_chat_finds_markup_mention_or_link_in_a_devices_words() -> None:
    text = chat(hostile_notice())
    assert not set("<>&@[]*`~|\\#") & set(text)
    assert "://" not in text
    assert "://" not in plain(hostile_notice())
    assert "AC_200" in chat(notice_of(None, inventory(device(model="AC_200")), []))  # type: ignore[arg-type]
    assert "_i_" not in text


def test_no_word_of_a_device_is_in_the_headline() -> None:
    assert headline(hostile_notice()) == "Camcensus hq: 1 new, 1 changed, 1 gone, gate hit"
    assert "\n" not in headline(hostile_notice(site=EVIL))
