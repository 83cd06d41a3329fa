"""Contract 2 as JSON. The same inventory gives the same bytes.

What many findings say alike (chain, sentence, title, …) is written once, under `wordings`, and each finding has the
number of its own: ten thousand cameras of one maker would else say the same nine findings ten thousand times.
The fields of the contract stand in every finding. One device a line (`jsonl`) is whole by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from scanner.models import Device, Finding, Inventory, Wording

_FIELDS = Wording.__struct_fields__
_SAID = {name: getattr(Wording(), name) for name in _FIELDS}


def render_json(inventory: Inventory) -> bytes:
    """The inventory, indented, with a final newline. Lone surrogates become U+FFFD, as JSON readers refuse them."""
    return msgspec.json.format(_encode(_shared(inventory)), indent=1) + b"\n"


def read_inventory(data: bytes) -> Inventory:
    """The inventory in `data`; unknown fields are ignored. msgspec.ValidationError says what is wrong."""
    return _whole(msgspec.json.decode(data, type=Inventory))


def render_jsonl(inventory: Inventory) -> bytes:
    """One device a line."""
    return b"".join(_encode(device) + b"\n" for device in inventory.devices)


def _encode(value: Inventory | Device) -> bytes:
    # Device words are cleaned when claims are made; a lone surrogate can only come from a hand-made inventory.
    return msgspec.json.encode(value, order="deterministic")


def _shared(inventory: Inventory) -> Inventory:
    """The inventory with each wording once, in the order in which findings use it first."""
    numbers: dict[bytes, int] = {}
    wordings: list[Wording] = []

    kept: dict[int, Finding] = {}  # devices that say the same share their findings: by number, as all of them stay

    def short(finding: Finding) -> Finding:
        if id(finding) not in kept:
            kept[id(finding)] = shortened(finding)
        return kept[id(finding)]

    def shortened(finding: Finding) -> Finding:
        wording = Wording(*(getattr(finding, name) for name in _FIELDS))
        key = msgspec.json.encode(wording)
        number = numbers.setdefault(key, len(wordings))
        if number == len(wordings):
            wordings.append(wording)
        return msgspec.structs.replace(finding, wording=number, **_SAID)

    devices = tuple(_with_findings(device, map(short, device.findings)) for device in inventory.devices)
    return msgspec.structs.replace(inventory, devices=devices, wordings=tuple(wordings))


def _whole(inventory: Inventory) -> Inventory:
    """The inventory with its wordings back in the findings; a number that is none is passed over."""
    wordings = [{name: getattr(wording, name) for name in _FIELDS} for wording in inventory.wordings]

    def full(finding: Finding) -> Finding:
        if finding.wording is None or not 0 <= finding.wording < len(wordings):
            return msgspec.structs.replace(finding, wording=None)
        return msgspec.structs.replace(finding, wording=None, **wordings[finding.wording])

    devices = tuple(_with_findings(device, map(full, device.findings)) for device in inventory.devices)
    return msgspec.structs.replace(inventory, devices=devices, wordings=())


def _with_findings(device: Device, findings: Iterable[Finding]) -> Device:
    return msgspec.structs.replace(device, findings=tuple(findings)) if device.findings else device
