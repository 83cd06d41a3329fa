"""Scan × DHCP and switch tables × camera lists: seen and known, seen and unknown, known and unseen. Pure.

Devices are matched by serial number, then MAC, then address, and never against a stronger identity that both have and
that differs: another MAC at a listed address is another device.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from scanner.identify.assembly import telling
from scanner.identify.names import fold
from scanner.models import Device, Evidence, Inventory
from scanner.models.reconciliation import Count, Difference, Known, Reach, ReconciledRow, Reconciliation, Standing
from scanner.text import clean, is_ip, normalise_mac, sort_key

InScope = Callable[[str], bool | None]
"""Whether an address was asked; None where that can't be said."""
_LIMIT = 128
_ORDER = {standing: rank for rank, standing in enumerate(Standing)}


def gather(records: Iterable[Evidence], source: str) -> list[Known]:
    """What one source knows, a device each: rows of a list by serial, MAC or address; the rest by MAC or address."""
    found: dict[tuple[bool, str], Known] = {}
    for record in records:
        each = _known(record, source)
        if not (each.serial or each.mac or each.addresses):
            continue  # a thing known by its name alone, as a switch that was walked
        key = (each.listed, _serial(each.serial) or each.mac or record.host)
        found[key] = _joined(found[key], each) if key in found else each
    return list(found.values())


def reconcile(inventory: Inventory, known: Sequence[Known], in_scope: InScope | None) -> Reconciliation:
    """Every device of the scan and of the sources, once. `in_scope` says what was asked; None where nobody knows."""
    entries = _entries(known)
    seen = _Seen(inventory.devices)
    matches: dict[str, list[tuple[_Entry, str]]] = defaultdict(list)
    unmatched: list[_Entry] = []
    for entry in entries:
        device, how = seen.match(entry)
        if device is None:
            unmatched.append(entry)
        else:
            matches[device.host].append((entry, how))
    by_lists = any(each.listed for each in known)
    rows = [_seen_row(device, matches.get(device.host, []), by_lists) for device in inventory.devices]
    shown = [row for row in rows if row.is_camera is not False or row.lists or (row.network and not by_lists)]
    rows = shown + [_unseen_row(entry, seen, in_scope, by_lists) for entry in unmatched]
    rows.sort(key=lambda row: (_ORDER[row.standing], row.is_camera is not True, sort_key(row.host)))
    return Reconciliation(
        scan=inventory.sweep.id,
        scope=inventory.sweep.scope,
        complete=inventory.sweep.complete,
        sources=tuple(dict.fromkeys(each.source for each in known)),
        counts={str(standing): _count(rows, standing) for standing in Standing},
        rows=tuple(rows),
        others=len(inventory.devices) - len(shown),
        notes=tuple(_notes(inventory, in_scope, known)),
    )


class _Entry:
    """One device as all sources together know it."""

    def __init__(self, first: Known) -> None:
        self.parts = [first]

    @property
    def serials(self) -> set[str]:
        return {serial for part in self.parts if (serial := _serial(part.serial))}

    @property
    def macs(self) -> set[str]:
        return {part.mac for part in self.parts if part.mac}

    @property
    def addresses(self) -> list[str]:
        """Those of lists first."""
        ordered = sorted(self.parts, key=lambda part: not part.listed)
        return list(dict.fromkeys(address for part in ordered for address in part.addresses))

    def first(self, field: str) -> str | None:
        """The first value that a source has, lists first."""
        ordered = sorted(self.parts, key=lambda part: not part.listed)
        return next((value for part in ordered if (value := getattr(part, field))), None)

    def sources(self, *, listed: bool) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.source for part in self.parts if part.listed is listed))

    @property
    def channels(self) -> int:
        """The most that one list has: two lists of one camera do not make two channels."""
        return max(part.channels for part in self.parts)


def _entries(known: Sequence[Known]) -> list[_Entry]:
    """The sources joined, lists first, by the same identities as scan and sources."""
    entries: list[_Entry] = []
    index: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for part in sorted(known, key=lambda each: not each.listed):
        new = _Entry(part)
        target = next(
            (entry for key in _keys(new) for entry in index.get(key, ()) if _may_be_one(key[0], entry, new)), None
        )
        if target is None:
            entries.append(target := new)
        else:
            target.parts.append(part)
        for key in _keys(target):
            if all(entry is not target for entry in index[key]):
                index[key].append(target)
    return entries


def _keys(entry: _Entry) -> Iterator[tuple[str, str]]:
    """(identity, value), the strongest first."""
    yield from (("serial", serial) for serial in sorted(entry.serials))
    yield from (("mac", mac) for mac in sorted(entry.macs))
    yield from (("address", address) for address in entry.addresses)


def _may_be_one(how: str, one: _Entry, other: _Entry) -> bool:
    return not _apart(how, one.serials, other.serials, one.macs, other.macs)


def _apart(how: str, serials: set[str], others: set[str], macs: set[str], other_macs: set[str]) -> bool:
    """Whether a stronger identity than `how` differs on the two sides."""
    by_serial = bool(serials and others) and not serials & others
    by_mac = bool(macs and other_macs) and not macs & other_macs
    return (how != "serial" and by_serial) or (how == "address" and by_mac)


class _Seen:
    """The scan's devices by their identities."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self._index: dict[tuple[str, str], list[Device]] = defaultdict(list)
        for device in devices:
            for serial in _serials(device):
                self._index["serial", serial].append(device)
            for mac in _macs(device):
                self._index["mac", mac].append(device)
            for address in {device.host, *device.addresses}:
                self._index["address", address].append(device)

    def match(self, entry: _Entry) -> tuple[Device | None, str]:
        """The device that an entry is, and by what; a MAC that several share counts only with the address."""
        for how, value in _keys(entry):
            candidates = [
                device
                for device in self._index.get((how, value), ())
                if not _apart(how, entry.serials, _serials(device), entry.macs, _macs(device))
            ]
            if len(candidates) > 1:
                candidates = [each for each in candidates if set(entry.addresses) & {each.host, *each.addresses}]
            if len(candidates) == 1:
                return candidates[0], how
        return None, ""

    def at(self, address: str) -> Device | None:
        """Who answers at an address."""
        return next(iter(self._index.get(("address", address), ())), None)


def _seen_row(device: Device, found: Sequence[tuple[_Entry, str]], by_lists: bool) -> ReconciledRow:
    entries = [entry for entry, _ in found]
    lists = tuple(dict.fromkeys(s for entry in entries for s in entry.sources(listed=True)))
    network = tuple(dict.fromkeys(s for entry in entries for s in entry.sources(listed=False)))
    place = f"{device.switch_port} @ {device.switch}" if device.switch_port else None
    return ReconciledRow(
        standing=Standing.SEEN_KNOWN if lists or (network and not by_lists) else Standing.SEEN_UNKNOWN,
        host=device.host,
        addresses=device.addresses,
        device=device.id,
        is_camera=device.is_camera,
        status=str(device.status),
        name=next((name for entry in entries if (name := entry.first("name"))), device.name),
        maker=device.maker or device.brand,
        model=device.model,
        serial=device.serial,
        mac=device.mac,
        matched_by=next((how for key in ("serial", "mac", "address") for _, how in found if how == key), ""),
        lists=lists,
        network=network,
        channels=sum(entry.channels for entry in entries),
        place=place or next((said for entry in entries if (said := entry.first("place"))), None),
        differences=tuple(dict.fromkeys(each for entry in entries for each in _differences(device, entry))),
    )


def _unseen_row(entry: _Entry, seen: _Seen, in_scope: InScope | None, by_lists: bool) -> ReconciledRow:
    lists, network = entry.sources(listed=True), entry.sources(listed=False)
    addresses = entry.addresses
    there = [device for address in addresses if (device := seen.at(address)) is not None]
    instead = (each for device in there for each in _differences(device, entry))
    return ReconciledRow(
        standing=Standing.KNOWN_UNSEEN if lists or not by_lists else Standing.NETWORK_ONLY,
        host=(addresses or [entry.first("mac") or entry.first("serial") or ""])[0],
        addresses=tuple(addresses),
        name=entry.first("name"),
        maker=entry.first("maker"),
        model=entry.first("model"),
        serial=entry.first("serial"),
        mac=entry.first("mac"),
        lists=lists,
        network=network,
        channels=entry.channels,
        place=entry.first("place"),
        reach=_reach(addresses, bool(there), in_scope),
        differences=tuple(dict.fromkeys(each for each in instead if each.field != "address")),
    )


def _reach(addresses: Sequence[str], there: bool, in_scope: InScope | None) -> Reach:
    if there:
        return Reach.OTHER
    if not addresses or in_scope is None:
        return Reach.UNKNOWN
    asked = [in_scope(address) for address in addresses]
    if any(asked):
        return Reach.ASKED
    return Reach.UNKNOWN if None in asked else Reach.OUTSIDE


def _differences(device: Device, entry: _Entry) -> Iterator[Difference]:
    """Where a source contradicts the device; a source that is silent contradicts nothing."""
    for part in entry.parts:
        if part.serial and device.serial and _serial(part.serial) not in {"", *_serials(device)}:
            yield Difference("serial", device.serial, part.serial, part.source)
        if part.mac and device.mac and part.mac not in _macs(device):
            yield Difference("mac", device.mac, part.mac, part.source)
        if part.addresses and not set(part.addresses) & {device.host, *device.addresses} and is_ip(device.host):
            yield Difference("address", device.host, ", ".join(part.addresses[:3]), part.source)
        makers = [name for name in (device.maker, device.brand) if name]
        if part.maker and makers and not any(_alike(part.maker, name) for name in makers):
            yield Difference("maker", makers[0], part.maker, part.source)
        if part.model and device.model and not _alike(part.model, device.model):
            yield Difference("model", device.model, part.model, part.source)


def _alike(one: str, other: str) -> bool:
    first, second = fold(one), fold(other)
    return not first or not second or first in second or second in first


def _serials(device: Device) -> set[str]:
    return {serial} if (serial := _serial(device.serial)) else set()


def _macs(device: Device) -> set[str]:
    said = {device.mac, *(claim.value for claim in device.claims if claim.field == "mac")}
    return {mac for mac in said if mac and telling(mac)}


def _serial(text: str | None) -> str:
    """A serial number as it is compared; "" for a placeholder."""
    return fold(text) if text and telling(text) else ""


def _known(record: Evidence, source: str) -> Known:
    listed = record.protocol == "inventory-list"
    said = record.get("fields") if listed else record.fields
    said = said if isinstance(said, dict) else {}

    def text(name: str) -> str | None:
        value = said.get(name)
        return clean(value, _LIMIT) or None if isinstance(value, str) else None

    place = None
    if record.protocol == "switch-port" and text("port"):
        place = f"{text('port')} @ {text('switch_name') or text('switch') or 'a switch'}"
    return Known(
        source=source,
        listed=listed,
        serial=text("serial") if listed else None,
        mac=normalise_mac(text("mac") or ""),
        addresses=(record.host,) if is_ip(record.host) else (),
        name=text("name") or text("hostname") if listed or record.protocol == "dhcp" else None,
        maker=text("manufacturer") if listed else None,
        model=text("model") if listed else None,
        channels=1 if listed else 0,
        place=place,
    )


def _joined(one: Known, other: Known) -> Known:
    filled = {name: getattr(one, name) or getattr(other, name) for name in msgspec.structs.asdict(one)}
    filled["addresses"] = tuple(dict.fromkeys((*one.addresses, *other.addresses)))
    filled["channels"] = one.channels + other.channels
    return Known(**filled)


def _count(rows: Sequence[ReconciledRow], standing: Standing) -> Count:
    mine = [row for row in rows if row.standing is standing]
    return Count(len(mine), sum(row.channels for row in mine))


def _notes(inventory: Inventory, in_scope: InScope | None, known: Sequence[Known]) -> Iterator[str]:
    if not inventory.sweep.complete:
        yield "The scan did not end: what it has not seen may not have been asked."
    if in_scope is None:
        yield "The scan recorded no scope, so it is not known whether what is unseen was asked."
    if known and not any(each.listed for each in known):
        yield "No list of cameras was given: known is what the network tables hold."
    if not known:
        yield "The files hold no device: everything that was seen is unknown to them."
