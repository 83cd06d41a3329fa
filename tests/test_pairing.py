"""Devices of two sweeps find each other by what is their own."""

from __future__ import annotations

from scanner.pairing import pair
from tests.samples import device


def hosts(pairs: list) -> list[tuple[str | None, str | None]]:  # type: ignore[type-arg]
    return [(old and old.host, new and new.host) for old, new in pairs]


def test_a_serial_outweighs_a_mac_and_an_address() -> None:
    old = device("198.51.100.10", id="a", serial="S1234567", mac="44:19:b6:00:00:01")
    moved = device("198.51.100.20", id="b", serial="S1234567", mac="44:19:b6:00:00:99")
    assert hosts(pair([old], [moved])) == [("198.51.100.10", "198.51.100.20")]


def test_another_device_at_the_address_is_another_device() -> None:
    old = device(id="a", mac="44:19:b6:00:00:01")
    new = device(id="b", mac="44:19:b6:00:00:02")
    assert hosts(pair([old], [new])) == [(None, "198.51.100.10"), ("198.51.100.10", None)]


def test_a_number_that_several_share_counts_with_the_address_only() -> None:
    one, other = (device(f"198.51.100.{n}", id=f"x{n}", serial="12345", mac=None) for n in (1, 2))
    third = device("198.51.100.3", id="x3", serial="12345", mac=None)
    assert hosts(pair([one, other], [other, third])) == [
        ("198.51.100.2", "198.51.100.2"), (None, "198.51.100.3"), ("198.51.100.1", None),
    ]  # fmt: skip


def test_a_sweep_without_the_right_to_ask_for_macs_knows_them_by_address() -> None:
    with_mac, without = device(id="m", mac="44:19:b6:00:00:01"), device(id="h", mac=None)
    assert hosts(pair([with_mac], [without])) == [("198.51.100.10", "198.51.100.10")]
    other_model = device(id="h", mac=None, model="DS-7608")
    assert len(pair([with_mac], [other_model])) == 2


def test_each_is_paired_once() -> None:
    old = [device(f"198.51.100.{n}", id=f"o{n}", mac=f"44:19:b6:00:00:{n:02x}") for n in range(1, 20)]
    pairs = pair(old, list(reversed(old)))
    assert all(one is other for one, other in pairs)
    assert len(pairs) == len(old)
