"""Which device of one sweep is which of another: by serial number, MAC, id; by address only for want of them. Pure.

A serial number or MAC that several devices of one sweep have (cheap firmware puts one on every unit) counts only
together with the address.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from scanner.models import Device

Key = tuple[str, ...]


def pair(before: Sequence[Device], after: Sequence[Device]) -> list[tuple[Device | None, Device | None]]:
    """Every device of both once, as (before, after); None where the other sweep lacks it. In the order of `after`."""
    shared = _shared(before) | _shared(after)
    known: dict[Key, list[Device]] = defaultdict(list)
    for device in before:
        for key in _own_keys(device, shared):
            known[key].append(device)
    taken: set[int] = set()
    pairs: list[tuple[Device | None, Device | None]] = []
    for device in after:
        candidates = (each for key in _own_keys(device, shared) for each in known.get(key, ()))
        match = next((each for each in candidates if id(each) not in taken), None)
        if match is not None:
            taken.add(id(match))
        pairs.append((match, device))
    left = {device.host: device for device in before if id(device) not in taken}
    for number, (old, new) in enumerate(pairs):
        there = left.get(new.host) if old is None and new is not None else None
        if there is not None and new is not None and _may_be_one(there, new):
            pairs[number] = (left.pop(new.host), new)
    return pairs + [(device, None) for device in left.values()]


def _may_be_one(old: Device, new: Device) -> bool:
    """At one address, where one sweep learned nothing of its own (no right to ask for MACs), and nothing differs."""
    anonymous = any(device.serial is None and device.mac is None for device in (old, new))
    apart = any(
        one is not None and other is not None and one != other
        for one, other in ((old.maker, new.maker), (old.model, new.model), (old.serial, new.serial))
    )
    return anonymous and not apart


def _own_keys(device: Device, shared: set[Key]) -> list[Key]:
    """The strongest first."""
    keys = _keys(device)
    own = [key for key in keys if key not in shared]
    return own if len(own) == len(keys) else [*own, ("host", device.host)]


def _keys(device: Device) -> list[Key]:
    own: list[Key] = [("serial", device.serial)] if device.serial else []
    own += [("mac", device.mac)] if device.mac else []
    own.append(("id", device.id))
    return own if device.serial or device.mac else [*own, ("host", device.host)]


def _shared(devices: Iterable[Device]) -> set[Key]:
    counts = Counter(key for device in devices for key in _keys(device))
    return {key for key, count in counts.items() if count > 1}
