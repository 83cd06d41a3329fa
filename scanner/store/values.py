"""What is kept of a device and a sweep, made safe for a database. Pure.

A device's words are hostile: they are cleaned and capped here, before anything is compared or written (PostgreSQL takes
no NUL and no half of a surrogate pair).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from scanner.models import Channel, Device, Finding, Inventory, Strength, UsageError, Waived, WaiverRecord
from scanner.text import clean

CAP = 256  # characters of one fact
DEFAULT_SITE = "default"
_ADDRESSES = 32
_SITE = 120
_NOTES = 20
_INTERFACES = 32
_CHANNELS = 256
_EXPIRED = "expired"
FACTS = (
    "host", "mac", "switch", "switch_port", "kind", "is_camera", "brand", "maker", "family", "chip", "model",
    "firmware", "serial", "product", "status",
)  # fmt: skip
"""What makes a state; `confidence` and the reasons follow the evidence, and would make every sweep another state."""


def safe(value: str, limit: int = CAP) -> str:
    """One line that both databases take."""
    return clean(value, limit)


def site_name(text: str) -> str:
    """A site's name; UsageError where nothing is left of it."""
    name = safe(text, _SITE)
    if not name:
        raise UsageError("a site's name can't be empty")
    return name


def as_json(value: object) -> str:
    """JSON text; the same value gives the same text."""
    return msgspec.json.encode(value, order="deterministic").decode()


def moment(text: str) -> str:
    """A time in UTC, whole seconds, so that texts order as times do; UsageError for what is no time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{safe(text, 40)!r} is not a time: the inventory was not written by a sweep") from error
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def known_as(device: Device) -> Device:
    """The device with its words made safe: what is compared, and what is stored."""
    changes = {name: safe(value) for name in ("id", *FACTS) if type(value := getattr(device, name)) is str}
    addresses = dict.fromkeys(safe(each) for each in (device.host, *device.addresses)[:_ADDRESSES])
    return msgspec.structs.replace(device, addresses=tuple(addresses), **changes)


def state_row(device: Device) -> dict[str, Any]:
    """The columns of a state, but for the device's number. `device` is one of `known_as`."""
    facts = {name: getattr(device, name) for name in FACTS} | {"status": device.status.value}
    counting = {finding.instrument for finding in device.findings if finding.strength is not Strength.CONTEXT}
    instruments = as_json(sorted(safe(name) for name in counting))
    hidden = _hidden(device.channels)
    # Without waivers and hidden cameras the digest is that of the first revision, whose states stay what they are
    parts = [device.id, facts, instruments, sorted(map(_finding_key, device.findings)), *([hidden] if hidden else [])]
    digest = sha256(as_json(parts).encode()).hexdigest()
    return {**facts, "uid": device.id, "instruments": instruments, "digest": digest, "hidden": as_json(hidden)}


def _hidden(channels: Iterable[Channel]) -> list[dict[str, str]]:
    """What tells the cameras apart that only this recorder tells of, and their verdicts."""
    rows = [
        {
            name: safe(str(value))
            for name in ("token", "serial", "mac", "source", "model", "status")
            if (value := getattr(channel, name))
        }
        for channel in channels
        if channel.status is not None
    ]
    return sorted(rows, key=as_json)[:_CHANNELS]


def finding_rows(device: Device) -> list[tuple[dict[str, Any], Excuse | None]]:
    """The columns of a state's findings, but for the numbers of state and waiver; each with what excuses it."""
    names = ("instrument", "entity", "relation", "strength", "edition", "source")
    keys = sorted({_finding_key(each) for each in device.findings})
    return [
        (
            dict(zip(names, key[:6], strict=True)) | {"expired": key[10] == _EXPIRED if key[6:] else None},
            Excuse(*key[6:10]) if key[6:] else None,
        )
        for key in keys
    ]


def _finding_key(finding: Finding) -> tuple[str, ...]:
    texts = (finding.instrument, finding.entity, finding.relation.value, finding.strength.value, finding.edition)
    key = (*map(safe, texts), safe(finding.source, 1000))
    if finding.waiver is None:
        return key
    return (*key, *excuse_of(finding.waiver), _EXPIRED if finding.waiver.expired else "")


class Excuse(NamedTuple):
    """What tells a waiver from others, as a finding names it."""

    name: str
    reason: str
    owner: str
    expires: str


def excuse_of(waiver: Waived | WaiverRecord) -> Excuse:
    """A waiver's texts made safe."""
    return Excuse(safe(waiver.id), safe(waiver.reason, 500), safe(waiver.owner), safe(waiver.expires))


def waiver_rows(inventory: Inventory) -> list[tuple[Excuse, dict[str, str]]]:
    """The columns of each waiver that the sweep was given, or a finding names, but for the site."""
    found = {excuse_of(each): (each.instruments, each.devices) for each in inventory.waivers}
    for device in inventory.devices:
        for finding in device.findings:
            if finding.waiver is not None:
                found.setdefault(excuse_of(finding.waiver), ((finding.instrument,), (device.host,)))
    return [(excuse, _waiver_row(excuse, *told)) for excuse, told in found.items()]


def _waiver_row(excuse: Excuse, instruments: Sequence[str], devices: Sequence[str]) -> dict[str, str]:
    row = excuse._asdict() | {
        "instruments": as_json(list(map(safe, instruments))), "devices": as_json(list(map(safe, devices)))
    }  # fmt: skip
    return row | {"digest": sha256(as_json(row).encode()).hexdigest()}


def use_rows(inventory: Inventory) -> list[tuple[Excuse, dict[str, Any]]]:
    """How the sweep used each waiver that it was given."""
    return [
        (excuse_of(each), {"state": each.state, "findings": each.findings, "hosts": each.hosts})
        for each in inventory.waivers
    ]


def sweep_row(inventory: Inventory, states: Iterable[dict[str, Any]], run: str | None) -> dict[str, Any]:
    """The columns of a sweep, but for its site and series. `uid` names the sweep, `digest` all that it says."""
    sweep, tool, coverage = inventory.sweep, inventory.tool, inventory.coverage
    reached = {
        "addresses": coverage.addresses, "answered": coverage.answered, "silent": coverage.silent,
        "notes": [safe(note, 600) for note in coverage.notes[:_NOTES]],
        "interfaces": [safe(each.name) for each in coverage.interfaces[:_INTERFACES] if each.used],
    }  # fmt: skip
    row = {
        "uid": sweep_uid(inventory),
        "name": safe(sweep.id), "started": moment(sweep.started),
        "finished": moment(sweep.finished), "as_of": safe(sweep.as_of, 40),
        "policy": as_json(list(map(safe, sweep.policy))), "version": safe(tool.version),
        "fingerprints": safe(tool.fingerprints), "registry": safe(tool.registry.edition),
        "registry_digest": safe(tool.registry.digest), "coverage": as_json(reached),
        "devices": len(inventory.devices), "run": safe(run, 1000) if run else None, "waivers": len(inventory.waivers),
    }  # fmt: skip
    found = [state["digest"] for state in states]
    told = {name: value for name, value in row.items() if name != "run"}
    parts = [told, found, series_row(inventory)["digest"], use_rows(inventory)]
    return row | {"digest": sha256(as_json(parts).encode()).hexdigest()}


def sweep_uid(inventory: Inventory) -> str:
    """What tells a sweep from every other, whenever and however it is judged: its name, begin and scope.

    The name alone does not: it is that of its folder, which may be the same every night.
    """
    sweep = inventory.sweep
    return uid_of(sweep.id, sweep.started, sweep.scope)


def uid_of(name: str, started: str, scope: Iterable[str]) -> str:
    """As `sweep_uid`, of a sweep that has no inventory yet."""
    whole = as_json([safe(name), moment(started), list(map(safe, scope))])
    return sha256(whole.encode()).hexdigest()[:32]


def digest_of(inventory: Inventory) -> str:
    """The digest under which a sweep is stored: whether an inventory is the one that was recorded."""
    states = [state_row(known_as(device)) for device in inventory.devices]
    digest: str = sweep_row(inventory, states, None)["digest"]
    return digest


def series_row(inventory: Inventory) -> dict[str, Any]:
    """The columns of the series that a sweep belongs to: alike in scope, exclusions, and whether it was complete."""
    sweep = inventory.sweep
    excluded = sweep.options.get("exclude")
    scope = as_json(_texts(sweep.scope))
    exclude = as_json(_texts(excluded if isinstance(excluded, list | tuple) else ()))
    whole = as_json([scope, exclude, sweep.complete])
    return {
        "digest": sha256(whole.encode()).hexdigest(), "scope": scope, "exclude": exclude, "complete": sweep.complete
    }  # fmt: skip


def _texts(values: Iterable[object]) -> list[str]:
    return [safe(value) for value in values if isinstance(value, str)]
