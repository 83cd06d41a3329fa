"""Pinned facts: what a person corrected on one device, with a reason, a name and a day (docs/learning.md).

A pin wins over the evidence, stands among the claims as what it is, and shows what it contradicts as a conflict. It is
a statement of a person and never the device's own word: alone it can't make a finding that counts as `listed`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from scanner.identify.names import Names, fold
from scanner.identify.numbers import uuid_in
from scanner.models import CAMERA_KINDS, KINDS, Claim, Conflict, DataError, Device, UsageError, Weight
from scanner.text import clean, is_ip, normalise_mac

PINNED = "pinned"
"""The fingerprint id of a pin's claims; their `where` is `pin.<field>`, their text names who, when and why."""
NO_EVIDENCE = -1
"""`evidence` of a claim that rests on none."""
CONFIDENCE = 0.9
"""Of a maker that only a person names; a convention, not measured. Evidence for the same maker keeps its own."""
CONTRADICTED = 0.8
FIELDS = ("maker", "brand", "model", "firmware", "kind", "product", "family", "chip", "serial", "name")
_KEYS = {"device", "set", "reason", "who", "date", "until"}
_LIMIT = 128


class Pin(msgspec.Struct, frozen=True):
    """`device` is a MAC, an address, a UUID, a serial or a host name; `facts` are fields of a device.

    `line` is where it stands in its file. After `until` it counts no more.
    """

    device: str
    facts: dict[str, str]
    reason: str
    who: str
    day: date
    until: date | None = None
    line: int = 0

    @property
    def text(self) -> str:
        """The statement, for people."""
        return f"pinned by {self.who} on {self.day.isoformat()}: {self.reason}"


def read_pins(path: Path) -> tuple[Pin, ...]:
    """All pins of a TOML file. UsageError if it can't be read; DataError names the line and what is wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--pins {path}: {error.strerror}") from error
    return parse_pins(str(path), data)


def parse_pins(file: str, data: bytes) -> tuple[Pin, ...]:
    """The pins of a file's bytes."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: not valid TOML: {error}") from error
    rows = table.pop("pin", [])
    if table or not isinstance(rows, list):
        raise DataError(f"{file}: only [[pin]] tables, with double brackets, stand in it")
    lines = [number for number, line in enumerate(data.split(b"\n"), 1) if line.strip().startswith(b"[[pin]]")]
    lines = lines if len(lines) == len(rows) else [0] * len(rows)
    pins = tuple(_pin(f"{file}:{line}" if line else file, row, line) for row, line in zip(rows, lines, strict=True))
    _once_only(file, pins)
    return pins


def _pin(here: str, row: object, line: int) -> Pin:
    if not isinstance(row, dict):
        raise DataError(f"{here}: a pin is a table")
    if unknown := sorted(set(row) - _KEYS):
        raise DataError(f"{here}: unknown key {unknown[0]!r} (known: {', '.join(sorted(_KEYS))})")
    for key in ("device", "reason", "who"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise DataError(f"{here}: {key!r} is missing: a pin says which device, why, and on whose word")
    return Pin(
        device=row["device"].strip(),
        facts=_facts(here, row.get("set")),
        reason=clean(row["reason"], 200),
        who=clean(row["who"], 80),
        day=_day(here, row, "date"),
        until=_day(here, row, "until") if "until" in row else None,
        line=line,
    )


def _facts(here: str, facts: object) -> dict[str, str]:
    if not isinstance(facts, dict) or not facts:
        raise DataError(f'{here}: say what is so: set = {{ maker = "…" }}')
    for field, value in facts.items():
        if field not in FIELDS:
            raise DataError(f"{here}: {field!r} can't be pinned (known: {', '.join(FIELDS)})")
        if not isinstance(value, str) or not clean(value, _LIMIT):
            raise DataError(f"{here}: {field} must be a text that is not empty")
    if facts.get("kind", "other") not in KINDS:
        raise DataError(f"{here}: kind {facts['kind']!r} is not one of {', '.join(KINDS)}")
    return {field: clean(value, _LIMIT) for field, value in facts.items()}


def _day(here: str, row: dict[str, Any], key: str) -> date:
    value = row.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise DataError(f"{here}: {key!r} must be a date such as 2026-11-22")


def _once_only(file: str, pins: Sequence[Pin]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for pin in pins:
        for field in pin.facts:
            key = (_canonical(pin.device), field)
            if key in seen:
                raise DataError(f"{file}:{pin.line}: {field} of {pin.device} is already pinned at line {seen[key]}")
            seen[key] = pin.line


def apply_pins(
    devices: Iterable[Device], pins: Sequence[Pin], names: Names, as_of: date
) -> tuple[list[Device], list[str]]:
    """The devices with the pins that count, and a sentence for each that does not: expired, unused or ambiguous."""
    found = list(devices)
    notes = []
    for pin in pins:
        label = f"The pin of {clean(pin.device, 60)} ({pin.who}, {pin.day.isoformat()})"
        places = [index for index, device in enumerate(found) if _is_meant(pin, device)]
        if pin.until is not None and as_of > pin.until:
            notes.append(f"{label} has expired on {pin.until.isoformat()} and was not used.")
        elif not places:
            notes.append(f"{label} was not used: no device here has that identity.")
        elif len(places) > 1:
            hosts = ", ".join(found[index].host for index in places[:3])
            notes.append(f"{label} was not used: more than one device has that identity ({hosts}).")
        else:
            found[places[0]] = pinned(found[places[0]], pin, names)
    return found, notes


def unused(devices: Iterable[Device], pins: Sequence[Pin], names: Names, as_of: date) -> list[str]:
    """A sentence for each pin that none of the devices, which have their pins by now, shows."""
    found = list(devices)
    return apply_pins(found, [pin for pin in pins if not any(_shows(device, pin) for device in found)], names, as_of)[1]


def _shows(device: Device, pin: Pin) -> bool:
    """Whether the device has the pin. A pinned serial may have taken the place of that by which the pin knows it."""
    if not any(claim.fingerprint == PINNED and claim.text == pin.text for claim in device.claims):
        return False
    wanted = _canonical(pin.device)
    known = {device.host, *device.addresses, *(claim.value for claim in device.claims)}
    return wanted in {_canonical(each) for each in known}


def _is_meant(pin: Pin, device: Device) -> bool:
    wanted = _canonical(pin.device)
    known = {device.mac or "", device.serial or "", device.host, *device.addresses}
    known |= {claim.value for claim in device.claims if claim.field == "uuid"}
    return wanted in {_canonical(each) for each in known if each}


def _canonical(identity: str) -> str:
    if is_ip(identity):
        return identity.casefold()
    return normalise_mac(identity) or uuid_in(identity) or identity.casefold()


def pinned(device: Device, pin: Pin, names: Names) -> Device:
    """The device with the facts of one pin, claims that say so, and conflicts where the evidence said otherwise."""
    changes: dict[str, Any] = {}
    claims, conflicts = list(device.claims), list(device.conflicts)
    for field, given in pin.facts.items():
        value = (names.canonical(given) or given) if field in ("maker", "brand") else given
        before = _established(device, field)
        claim = Claim(f"c{len(claims) + 1}", field, value, Weight.STRONG, PINNED, NO_EVIDENCE, f"pin.{field}", pin.text)
        claims.append(claim)
        contrary = _contrary(device, field, value, before)
        conflicts = [each for each in conflicts if each.field != field] + [
            Conflict(field, value, other, (claim.id, *_ids(device, field, other))) for other in contrary
        ]
        changes[field] = value
        if field == "maker" and fold(before or "") != fold(value):
            changes["confidence"] = CONTRADICTED if contrary else CONFIDENCE
            changes["why"] = pin.text
    if "kind" in changes and changes["kind"] != "unknown":
        changes["is_camera"] = changes["kind"] in CAMERA_KINDS
    return msgspec.structs.replace(device, **changes, claims=tuple(claims), conflicts=tuple(conflicts))


def _established(device: Device, field: str) -> str | None:
    value = getattr(device, field)
    return None if value in (None, "unknown") else str(value)


def _contrary(device: Device, field: str, value: str, before: str | None) -> list[str]:
    """What the evidence says instead: the value that it established, and those that already stood against that."""
    others = [before] if before is not None else []
    others += [text for each in device.conflicts if each.field == field for text in (each.chosen, each.other)]
    return list(dict.fromkeys(other for other in others if other and fold(other) != fold(value)))


def _ids(device: Device, field: str, value: str) -> tuple[str, ...]:
    return tuple(claim.id for claim in device.claims if claim.field == field and claim.value == value)


def by_person(claims: Iterable[Claim]) -> Mapping[str, Claim]:
    """The claims that a person made, by id."""
    return {claim.id: claim for claim in claims if claim.fingerprint == PINNED}
