"""Facts that a person pinned: they win, they show, and they are never the device's own word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scanner.identify.engine import identify
from scanner.identify.names import Names
from scanner.identify.pins import PINNED, apply_pins, parse_pins, pinned, read_pins, unused
from scanner.models import DataError, Device, UsageError, Weight
from tests.identify.support import ACME_MAC, ACME_RTSP, realm, rtsp, said, small_rules, title

RULES = small_rules()
NAMES = Names(RULES)
TODAY = date(2026, 11, 22)
PIN = """
[[pin]]
device = "198.51.100.10"
set = { maker = "BOLT Electronics GmbH", model = "B-1" }
reason = "name plate read on site"
who = "A. Lovelace"
date = 2026-11-20
"""


def device(*evidence: object) -> Device:
    return identify(evidence or (rtsp(ACME_RTSP), said("mac", mac=ACME_MAC)), RULES)  # type: ignore[arg-type]


def one(text: str = PIN, **changes: str) -> str:
    for key, value in changes.items():
        line = next(each for each in text.splitlines() if each.startswith(key))
        text = text.replace(line, f"{key} = {value}" if value else "")
    return text


def applied(text: str, *devices: Device, as_of: date = TODAY) -> tuple[list[Device], list[str]]:
    return apply_pins(devices or (device(),), parse_pins("pins.toml", text.encode()), NAMES, as_of)


def test_a_pin_wins_and_is_told() -> None:
    (found,), notes = applied(PIN)
    assert notes == []
    assert (found.maker, found.model, found.firmware) == ("Bolt", "B-1", "2.1.0")
    claim = next(each for each in found.claims if each.fingerprint == PINNED)
    assert (claim.field, claim.value, claim.weight, claim.where) == ("maker", "Bolt", Weight.STRONG, "pin.maker")
    assert claim.text == "pinned by A. Lovelace on 2026-11-20: name plate read on site"
    assert claim.evidence < 0
    assert len({each.id for each in found.claims}) == len(found.claims)


def test_what_it_contradicts_is_a_conflict() -> None:
    (found,), _ = applied(PIN)
    told = {each.field: each for each in found.conflicts}
    assert (told["maker"].chosen, told["maker"].other) == ("Bolt", "Acme")
    assert (told["model"].chosen, told["model"].other) == ("B-1", "AC-200")
    ids = {each.id for each in found.claims}
    assert set(told["maker"].claims) < ids
    assert len(told["maker"].claims) > 1
    assert found.confidence == 0.8


def test_what_the_evidence_says_too_keeps_its_confidence() -> None:
    before = device()
    (found,), _ = applied(one(set='{ maker = "ACME" }'), before)
    assert (found.maker, found.confidence, found.why) == ("Acme", before.confidence, before.why)
    assert not found.conflicts


def test_what_nothing_contradicts() -> None:
    (found,), _ = applied(one(set='{ maker = "Bolt", kind = "nvr" }'), device(title("nothing")))
    assert (found.maker, found.kind, found.is_camera, found.conflicts) == ("Bolt", "nvr", True, ())
    assert found.confidence == 0.9
    assert found.why.startswith("pinned by A. Lovelace")


@pytest.mark.parametrize(
    "name",
    ["198.51.100.10", ACME_MAC, ACME_MAC.upper().replace(":", "-"), "WXYZ123456", "wxyz123456",
     "12345678-1234-4234-8234-123456789abc", "urn:uuid:12345678-1234-4234-8234-123456789ABC"],
)  # fmt: skip
def test_how_a_device_is_named(name: str) -> None:
    xml = "<ProbeMatch><EndpointReference><Address>urn:uuid:12345678-1234-4234-8234-123456789abc</Address>"
    full = device(
        realm("Acme login WXYZ123456"),
        said("mac", mac=ACME_MAC),
        said("ws-discovery", xml=f"{xml}</EndpointReference><Types>x</Types></ProbeMatch>"),
    )
    (found,), notes = applied(one(device=f'"{name}"'), full)
    assert (found.maker, notes) == ("Bolt", [])


def test_an_unused_pin_is_told() -> None:
    (found,), notes = applied(one(device='"198.51.100.77"'))
    assert found.maker == "Acme"
    assert notes == [
        "The pin of 198.51.100.77 (A. Lovelace, 2026-11-20) was not used: no device here has that identity."
    ]


def test_an_expired_pin_is_told_and_not_used() -> None:
    text = PIN + "until = 2026-11-21\n"
    (found,), notes = applied(text)
    assert found.maker == "Acme"
    assert "expired on 2026-11-21" in notes[0]
    assert applied(text, as_of=date(2026, 11, 21))[0][0].maker == "Bolt"


def test_a_pin_of_two_devices_is_used_on_none() -> None:
    twins = [identify([realm("Acme login WXYZ123456", host)], RULES) for host in ("198.51.100.1", "198.51.100.2")]
    found, notes = applied(one(device='"WXYZ123456"'), *twins)
    assert [each.maker for each in found] == ["Acme", "Acme"]
    assert "more than one device" in notes[0]


def test_a_pinned_serial_does_not_make_its_own_pin_unused() -> None:
    text = one(device='"WXYZ123456"', set='{ serial = "ABCD999999" }')
    pins = parse_pins("pins.toml", text.encode())
    found, _ = apply_pins([device(realm("Acme login WXYZ123456"))], pins, NAMES, TODAY)
    assert found[0].serial == "ABCD999999"
    assert unused(found, pins, NAMES, TODAY) == []
    assert len(unused([device()], pins, NAMES, TODAY)) == 1


def test_pinning_twice_changes_nothing_more() -> None:
    (pin,) = parse_pins("pins.toml", PIN.encode())
    once = pinned(device(), pin, NAMES)
    assert pinned(once, pin, NAMES).maker == once.maker


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (one(who=""), "'who' is missing"),
        (one(reason='" "'), "'reason' is missing"),
        (one(date=""), "'date' must be a date"),
        (one(date='"yesterday"'), "'date' must be a date"),
        (one(date="2026-11-20T10:00:00Z"), "'date' must be a date"),
        (one(set=""), "say what is so"),
        (one(set='{ mac = "x" }'), "'mac' can't be pinned"),
        (one(set="{ maker = 7 }"), "maker must be a text"),
        (one(set='{ kind = "toaster" }'), "kind 'toaster'"),
        (PIN + 'color = "red"\n', "unknown key 'color'"),
        (PIN + PIN, "already pinned at line 2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, word: str) -> None:
    with pytest.raises(DataError, match=word) as caught:
        parse_pins("pins.toml", text.encode())
    assert str(caught.value).startswith(("pins.toml:2: ", "pins.toml:9: "))


@pytest.mark.parametrize("text", ["pin = 3", "[pin]\na = 1", "x = 1", "[[pin", "pin = [1]"])
def test_what_is_no_file_of_pins(text: str) -> None:
    with pytest.raises(DataError, match=r"pins\.toml"):
        parse_pins("pins.toml", text.encode())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--pins"):
        read_pins(tmp_path / "none.toml")


def test_an_iso_date_as_text_will_do() -> None:
    (pin,) = parse_pins("pins.toml", one(date='"2026-11-20"').encode())
    assert pin.day == date(2026, 11, 20)
