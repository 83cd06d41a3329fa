"""Several hosts that are one device: joined by serial, then endpoint UUID, then MAC; nothing of them is dropped.

A wrong join hides a device, a missed one lists it twice: in doubt they stay apart, and a shared MAC is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from scanner.identify.assembly import build_device, device_id, telling
from scanner.identify.channels import joined
from scanner.identify.fuse import Statement
from scanner.identify.knowledge import MAC_REGISTRANT, knowledge
from scanner.identify.names import fold
from scanner.identify.rules import RuleSet
from scanner.models import Conflict, Device
from scanner.text import sort_key

_MAX_IPV4_A_MAC = 2
"""More IPv4 hosts behind one MAC than this are a router that answers ARP for others."""


def merge_devices(devices: Iterable[Device], rules: RuleSet | None = None) -> list[Device]:
    """The devices with those joined that are one, sorted by address.

    A joined device has the lowest address as `host`, all `addresses`, and the claims of all, fused anew; its claims'
    `evidence` counts through the hosts' records in address order. Findings are left to the registry.
    """
    groups = [[device] for device in sorted(devices, key=lambda each: sort_key(each.host))]
    groups = _join(groups, _serial, _agree)
    groups = _join(groups, _uuid, _agree_with_mac)
    crowded = _crowded_macs(groups)
    groups = _join(groups, lambda device: "" if _mac(device) in crowded else _mac(device), _agree_on_link)
    joined = [group[0] if len(group) == 1 else _one(group, rules) for group in groups]
    return _with_own_ids(_show_shared_macs(sorted(joined, key=lambda each: sort_key(each.host))))


def _with_own_ids(devices: list[Device]) -> list[Device]:
    """Devices that stay apart though they state one identity get each an id of their own, by their address."""
    counts = Counter(device.id for device in devices)
    return [
        msgspec.structs.replace(device, id=device_id(f"{device.id} {device.host}", {}))
        if counts[device.id] > 1
        else device
        for device in devices
    ]


def _join(
    groups: list[list[Device]],
    key_of: Callable[[Device], str],
    may_join: Callable[[Sequence[Device], Sequence[Device]], bool],
) -> list[list[Device]]:
    by_key: dict[str, list[list[Device]]] = {}
    kept: list[list[Device]] = []
    for group in groups:
        keys = sorted({key for device in group if (key := key_of(device))})
        target = next((each for key in keys for each in by_key.get(key, ()) if may_join(each, group)), None)
        if target is None:
            target = list(group)
            kept.append(target)
        else:
            target.extend(group)
        for key in keys:
            if all(each is not target for each in by_key.setdefault(key, [])):
                by_key[key].append(target)
    return kept


def _serial(device: Device) -> str:
    """Serials are a maker's own numbers: they are compared within a maker."""
    serial = device.serial or ""
    return f"{fold(device.maker or device.brand or '')} {fold(serial)}" if telling(serial) else ""


def _uuid(device: Device) -> str:
    found = sorted(claim.value for claim in device.claims if claim.field == "uuid" and telling(claim.value))
    return found[0] if found else ""


def _mac(device: Device) -> str:
    return device.mac if device.mac and telling(device.mac) else ""


def _agree(first: Sequence[Device], second: Sequence[Device]) -> bool:
    """No two of them state different serials, makers or models."""
    return not any(_contradict(one, other) for one in first for other in second)


def _agree_with_mac(first: Sequence[Device], second: Sequence[Device]) -> bool:
    """Cheap firmware ships one UUID on every unit: different MACs keep devices apart."""
    different = any(_mac(one) and _mac(other) and _mac(one) != _mac(other) for one in first for other in second)
    return not different and _agree(first, second)


def _crowded_macs(groups: Sequence[Sequence[Device]]) -> set[str]:
    """MACs of more IPv4 devices (as far as they are told apart by now) than one device has addresses."""
    counts = Counter(mac for group in groups for mac in {_mac(device) for device in group if ":" not in device.host})
    return {mac for mac, count in counts.items() if count > _MAX_IPV4_A_MAC}


def _agree_on_link(first: Sequence[Device], second: Sequence[Device]) -> bool:
    if any(all(_is_bare_face(device) for device in side) for side in (first, second)):
        return True
    if not _agree(first, second):
        return False
    both_ipv4 = all(any(":" not in device.host for device in side) for side in (first, second))
    return not both_ipv4 or any(_same_thing(one, other) for one in first for other in second)


def _is_bare_face(device: Device) -> bool:
    """An IPv6 address of which nothing but the MAC is known: what its prefix hints at contradicts nothing."""
    return ":" in device.host and device.protocols == ("mac",)


def _same_thing(one: Device, other: Device) -> bool:
    """Whether they say the same of themselves, so that a shared MAC is more than a router or repeater before both.

    Two units of one maker often stand behind one repeater: the model has to be the same too, and the MAC the maker's.
    """
    same = all(
        mine and mine == theirs
        for mine, theirs in ((one.maker or one.brand, other.maker or other.brand), (one.model, other.model))
    )
    return same and any(
        claim.fingerprint == MAC_REGISTRANT and claim.value in (one.maker, one.brand) for claim in one.claims
    )


def _contradict(one: Device, other: Device) -> bool:
    serials = {fold(serial) for serial in (one.serial, other.serial) if serial and telling(serial)}
    if len(serials) > 1:
        return True
    if one.maker and other.maker and one.maker != other.maker:
        return True
    mine, theirs = fold(one.model or ""), fold(other.model or "")
    return bool(mine and theirs) and mine not in theirs and theirs not in mine


def _one(group: list[Device], rules: RuleSet | None) -> Device:
    """The devices of one group as one: all claims, fused anew."""
    group = sorted(group, key=lambda each: sort_key(each.host))
    statements: list[Statement] = []
    listed = []
    offset = 0
    for device in group:
        statements += statements_of(device, offset)
        listed.append((device.channels, offset))
        offset += device.evidence_count
    return build_device(
        group[0].host,
        tuple(statements),
        knowledge(rules).names,
        evidence_count=offset,
        ports=tuple(sorted({port for device in group for port in device.ports})),
        protocols=tuple(sorted({name for device in group for name in device.protocols})),
        addresses=tuple(sorted({each for device in group for each in device.addresses}, key=sort_key)),
        channels=joined(listed),
    )


def statements_of(device: Device, offset: int = 0) -> list[Statement]:
    """The claims of a device as statements again, their evidence counted from `offset`."""
    said = {(claim.fingerprint, claim.evidence): claim.value for claim in device.claims if claim.field == "maker"}
    return [
        Statement(
            claim.field,
            claim.value,
            claim.weight,
            claim.fingerprint,
            claim.evidence + offset,
            claim.where,
            claim.text,
            said.get((claim.fingerprint, claim.evidence), ""),
        )
        for claim in device.claims
    ]


def _show_shared_macs(devices: list[Device]) -> list[Device]:
    holders: dict[str, list[Device]] = {}
    for device in devices:
        if _mac(device):
            holders.setdefault(_mac(device), []).append(device)
    return [_with_conflict(device, holders.get(_mac(device), [])) for device in devices]


def _with_conflict(device: Device, holders: Sequence[Device]) -> Device:
    others = [each.host for each in holders if each is not device]
    if not others or device.mac is None:
        return device
    shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    ids = tuple(claim.id for claim in device.claims if claim.field == "mac" and claim.value == device.mac)
    conflict = Conflict("mac", device.mac, f"also the MAC of {shown}", ids)
    return msgspec.structs.replace(device, conflicts=(*device.conflicts, conflict))
