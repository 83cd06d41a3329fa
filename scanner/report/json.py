"""Contract 2 as JSON. The same inventory gives the same bytes."""

from __future__ import annotations

import msgspec

from scanner.models import Device, Inventory


def render_json(inventory: Inventory) -> bytes:
    """The inventory, indented, with a final newline. Lone surrogates become U+FFFD, as JSON readers refuse them."""
    return msgspec.json.format(_encode(inventory), indent=1) + b"\n"


def read_inventory(data: bytes) -> Inventory:
    """The inventory in `data`; unknown fields are ignored. msgspec.ValidationError says what is wrong."""
    return msgspec.json.decode(data, type=Inventory)


def render_jsonl(inventory: Inventory) -> bytes:
    """One device a line."""
    return b"".join(_encode(device) + b"\n" for device in inventory.devices)


def _encode(value: Inventory | Device) -> bytes:
    # Device words are cleaned when claims are made; a lone surrogate can only come from a hand-made inventory.
    return msgspec.json.encode(value, order="deterministic")
