"""Which device of the store is which of a sweep: the rules of `scanner.pairing`, over all devices of one site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from scanner.models import Device
from scanner.pairing import pair


class Known(msgspec.Struct, frozen=True):
    """A device as the store knows it. `first_at`, `last_at`: when it was first seen, and when its facts were new."""

    number: int
    uid: str
    host: str
    addresses: tuple[str, ...]
    mac: str | None
    serial: str | None
    maker: str | None
    model: str | None
    first_at: str | None
    last_at: str | None


def match(known: Sequence[Known], devices: Sequence[Device]) -> list[Known | None]:
    """For each of `devices` the one that it is; None for a new one.

    A device keeps the serial and MAC it once told, so that it is known again after sweeps that could not ask for them.
    An address is its last holder's: who had it earlier is found by serial, MAC or id only.
    """
    holders = holder_of(known)
    before = [_identity(one, alone=holders[one.host] is one) for one in known]
    by_identity = {id(identity): one for identity, one in zip(before, known, strict=True)}
    found = {id(new): by_identity[id(old)] for old, new in pair(before, devices) if old and new}
    return [found.get(id(device)) for device in devices]


def holder_of(known: Iterable[Known]) -> dict[str, Known]:
    """Who had each address last."""
    return {one.host: one for one in sorted(known, key=lambda one: (one.last_at or "", one.number))}


def learned(one: Known, device: Device, finished: str, *, holds: bool) -> Known:
    """What is known once a sweep of that time saw it as `device`; the same value where nothing is new.

    An earlier sweep than the latest adds what was not known, and contradicts nothing.
    """
    first_at = min(one.first_at or finished, finished)
    if one.last_at is not None and finished < one.last_at:
        return msgspec.structs.replace(
            one, first_at=first_at, mac=one.mac or device.mac, serial=one.serial or device.serial,
            maker=one.maker or device.maker, model=one.model or device.model,
        )  # fmt: skip
    now = msgspec.structs.replace(
        one, uid=device.id, host=device.host, addresses=device.addresses, mac=device.mac or one.mac,
        serial=device.serial or one.serial, maker=device.maker or one.maker, model=device.model or one.model,
        first_at=first_at,
    )  # fmt: skip
    return one if now == one and holds else msgspec.structs.replace(now, last_at=finished)


def _identity(one: Known, *, alone: bool) -> Device:
    host = one.host if alone else f"{one.number} at {one.host}, of another by now"
    return Device(
        id=one.uid, host=host, mac=one.mac, serial=one.serial, maker=one.maker, model=one.model,
        addresses=one.addresses if alone else (),
    )  # fmt: skip
