"""Waivers: findings that somebody answers for, until a day. A finding that is waived stays, and says so.

```toml
[[waiver]]
id = "W-2026-014"
instrument = "UK-WMS-2022-11-24"     # or instruments = ["…", "…"]
device = "198.51.100.10"             # or devices = ["198.51.100.0/28", "44:19:b6:00:00:01", "a serial number"]
reason = "Replaced with the refurbishment of the east wing"
owner = "J. Doe, Head of Estates"
expires = 2027-03-31                 # holds through this day
```
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from scanner.dates import begun, day
from scanner.models import DataError, Device, Finding, Strength, Waived, WaiverRecord
from scanner.own_file import OwnFile, read_own
from scanner.registry.facts import Registry
from scanner.registry.where import Where, read_where

State = Literal["in use", "unused", "expired", "not begun"]


class Waiver(msgspec.Struct, frozen=True):
    """One entry, read: for these instruments on these devices, from `since` through `expires`."""

    id: str
    instruments: tuple[str, ...]
    devices: tuple[Where, ...]
    reason: str
    owner: str
    expires: str
    since: str | None = None
    note: str = ""

    def expired(self, as_of: date) -> bool:
        """Whether the day lies after its last."""
        return day(self.expires) < as_of

    def is_for(self, device: Device, finding: Finding) -> bool:
        """Whether it names the finding's instrument and the device; only a finding that counts can be waived."""
        return (
            finding.strength is not Strength.CONTEXT
            and finding.instrument in self.instruments
            and any(where.matches(device) for where in self.devices)
        )


class _Entry(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """The keys of a `[[waiver]]`."""

    reason: str
    owner: str
    expires: str
    id: str = ""
    instrument: str = ""
    instruments: tuple[str, ...] = ()
    device: str = ""
    devices: tuple[str, ...] = ()
    since: str | None = None
    note: str = ""


def read_waivers(name: str, text: str, registry: Registry) -> tuple[Waiver, ...]:
    """The waivers in `text`, the content of the file `name`; DataError with file and line for what is wrong."""
    file = read_own(name, text)
    file.known_keys(["waiver"])
    found = [_waiver(file, number, entry, registry) for number, entry in enumerate(file.entries("waiver", _Entry))]
    ids = [waiver.id for waiver in found]
    for number, each in enumerate(ids):
        if each in ids[:number]:
            raise file.refusal(f"the id {each!r} is there twice", "waiver", number, "id")
    return tuple(found)


def waive(device: Device, waivers: Sequence[Waiver], as_of: date) -> Device:
    """The device with its findings marked; an expired waiver is shown beside its finding and excuses nothing."""
    if not waivers or not device.findings:
        return device
    return msgspec.structs.replace(
        device, findings=tuple(_marked(device, finding, waivers, as_of) for finding in device.findings)
    )


def records(devices: Sequence[Device], waivers: Sequence[Waiver], as_of: date) -> tuple[WaiverRecord, ...]:
    """Each waiver with what it was applied to; one for nothing is told too."""
    return tuple(_record(devices, waiver, as_of) for waiver in waivers)


def _marked(device: Device, finding: Finding, waivers: Sequence[Waiver], as_of: date) -> Finding:
    mine = [each for each in waivers if begun(each.since, as_of) and each.is_for(device, finding)]
    if not mine:
        return finding
    best = next((each for each in mine if not each.expired(as_of)), mine[0])
    waived = Waived(best.id, best.reason, best.owner, best.expires, expired=best.expired(as_of))
    return msgspec.structs.replace(finding, waiver=waived)


def _record(devices: Sequence[Device], waiver: Waiver, as_of: date) -> WaiverRecord:
    hits = [
        (device.host, finding) for device in devices for finding in device.findings if waiver.is_for(device, finding)
    ]
    state: State = "in use" if hits else "unused"
    if not begun(waiver.since, as_of):
        state = "not begun"
    if waiver.expired(as_of):
        state = "expired"
    return WaiverRecord(
        id=waiver.id, instruments=waiver.instruments, devices=tuple(each.text for each in waiver.devices),
        reason=waiver.reason, owner=waiver.owner, expires=waiver.expires, state=state,
        findings=len(hits), hosts=len({host for host, _ in hits}),
    )  # fmt: skip


def _waiver(file: OwnFile, number: int, entry: _Entry, registry: Registry) -> Waiver:
    for key in ("reason", "owner"):
        if not getattr(entry, key).strip():
            raise file.refusal(f"{key}: a waiver needs one", "waiver", number, key)
    expires = file.checked_date(entry.expires, "waiver", number, "expires")
    if entry.since is not None and file.checked_date(entry.since, "waiver", number, "from") > expires:
        raise file.refusal(f"expires ({entry.expires}) before it begins ({entry.since})", "waiver", number, "expires")
    return Waiver(
        id=entry.id.strip() or f"{file.name}#{number + 1}",
        instruments=_instruments(file, number, entry, registry),
        devices=_devices(file, number, entry),
        reason=entry.reason,
        owner=entry.owner,
        expires=entry.expires,
        since=entry.since,
        note=entry.note,
    )


def _instruments(file: OwnFile, number: int, entry: _Entry, registry: Registry) -> tuple[str, ...]:
    names = _one_or_more(file, number, entry.instrument, entry.instruments, "instrument")
    for name in names:
        key = "instrument" if entry.instrument else "instruments"
        file.checked_name(name, registry.instruments, "instrument", "waiver", number, key)
        whole = registry.instruments[name].part_of
        if whole:
            raise file.refusal(f"{name} is told with {whole}: waive that", "waiver", number, key, name)
    return names


def _devices(file: OwnFile, number: int, entry: _Entry) -> tuple[Where, ...]:
    texts = _one_or_more(file, number, entry.device, entry.devices, "device")
    found = []
    for text in texts:
        try:
            found.append(read_where(text))
        except ValueError as error:
            key = "device" if entry.device else "devices"
            raise file.refusal(f"{key}: {error}", "waiver", number, key, text) from error
    return tuple(found)


def _one_or_more(file: OwnFile, number: int, one: str, more: tuple[str, ...], key: str) -> tuple[str, ...]:
    """What stands in `key` or in `keys`; DataError where it is both or neither."""
    if bool(one.strip()) == bool(more):
        raise _neither(file, number, key)
    return (one,) if one.strip() else more


def _neither(file: OwnFile, number: int, key: str) -> DataError:
    return file.refusal(f"a waiver needs either {key} or {key}s", "waiver", number, key)
