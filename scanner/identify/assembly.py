"""Statements to a device: fused, its claims numbered, its identity, conflicts and capabilities told. Pure."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from scanner.identify.capabilities import capabilities_of
from scanner.identify.channels import channel_count
from scanner.identify.fuse import Facts, Statement, fuse
from scanner.identify.names import Names
from scanner.identify.place import place_of
from scanner.identify.why import why
from scanner.models import CLAIM_FIELDS, Capability, Channel, Claim, Conflict, Device, Weight
from scanner.text import is_ip

_COUNTING = "01234567890123456789abcdef"
_PLACEHOLDERS = frozenset(
    {"unknown", "redacted", "serialnumber", "default", "001122334455", "112233445566", "aabbccddeeff", "12345679890"}
)
_FEW = 24
_FIELD_ORDER = {field: index for index, field in enumerate(CLAIM_FIELDS)}
_WEIGHT_ORDER = {Weight.STRONG: 0, Weight.MEDIUM: 1, Weight.WEAK: 2}


def build_device(
    host: str,
    statements: tuple[Statement, ...],
    names: Names,
    *,
    evidence_count: int,
    ports: tuple[int, ...] = (),
    protocols: tuple[str, ...] = (),
    addresses: tuple[str, ...] | None = None,
    channels: tuple[Channel, ...] = (),
) -> Device:
    """Fuse the statements and give each an id: c1, c2, … by field, weight, fingerprint, value."""
    judged = (_judged_before if len(statements) <= _FEW else _judged)(statements, names)
    facts, values = judged.facts, judged.facts.values
    count = None if facts.is_camera is False else channel_count(statements, channels, facts.kind)
    return Device(
        id=judged.identity or device_id(host, {}),
        host=host,
        addresses=addresses if addresses is not None else own_address(host),
        mac=values.get("mac"),
        is_camera=facts.is_camera,
        kind=facts.kind,
        product=values.get("product"),
        brand=values.get("brand"),
        maker=facts.maker,
        family=values.get("family"),
        chip=values.get("chip"),
        model=values.get("model"),
        firmware=values.get("firmware"),
        serial=values.get("serial"),
        name=values.get("name"),
        confidence=facts.confidence,
        why=judged.why,
        claims=judged.claims,
        conflicts=judged.conflicts,
        evidence_count=evidence_count,
        switch=judged.place[0],
        switch_port=judged.place[1],
        channel_count=count,
        channels=channels if count is not None else (),
        ports=ports,
        protocols=protocols,
        capabilities=judged.capabilities,
    )


class _Judgement(NamedTuple):
    facts: Facts
    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    why: str
    identity: str
    capabilities: tuple[Capability, ...]
    place: tuple[str | None, str | None]


def _judged(statements: tuple[Statement, ...], names: Names) -> _Judgement:
    """What does not depend on whose statements they are."""
    facts = fuse(statements, names)
    ordered = sorted(statements, key=_claim_order)
    claims = tuple(
        Claim(f"c{number}", each.field, each.value, each.weight, each.fingerprint, each.evidence, each.where, each.text)
        for number, each in enumerate(ordered, start=1)
    )
    identity = _identity(facts.values)
    able = capabilities_of(claims, names.capabilities)
    conflicts = _conflicts(facts, claims)
    return _Judgement(facts, claims, conflicts, why(facts, claims), identity, able, place_of(statements))


_judged_before = lru_cache(maxsize=4096)(_judged)
"""Devices that say word for word the same are judged once. Only those with few statements: what is kept is bounded."""


def own_address(host: str) -> tuple[str, ...]:
    """The addresses of a device that was seen under one name: imported evidence may have a name and no address."""
    return (host,) if is_ip(host) else ()


def device_id(host: str, values: dict[str, str]) -> str:
    """Sixteen hex digits that stay the same as long as the device's serial, UUID, MAC or address does."""
    return _identity(values) or sha256(f"host:{host}".encode("utf-8", "replace")).hexdigest()[:16]


def _identity(values: dict[str, str]) -> str:
    for field in ("serial", "uuid", "mac"):
        value = values.get(field, "")
        if value and telling(value):
            return sha256(f"{field}:{value.casefold()}".encode()).hexdigest()[:16]
    return ""


def telling(identity: str) -> bool:
    """Whether a serial, UUID or MAC can tell devices apart: placeholders as "000000" or "123456789" can't."""
    digits = "".join(character for character in identity.casefold() if character.isalnum())
    return len(digits) >= 6 and len(set(digits)) >= 4 and digits not in _PLACEHOLDERS and digits not in _COUNTING


def _claim_order(each: Statement) -> tuple[int, int, str, str, str, int]:
    order = _FIELD_ORDER.get(each.field, 99), _WEIGHT_ORDER[each.weight]
    return (*order, each.fingerprint, each.value, each.where, each.evidence)


def _conflicts(facts: Facts, claims: tuple[Claim, ...]) -> tuple[Conflict, ...]:
    found = []
    for each in facts.conflicts:
        fields = ("kind", "is_camera") if each.field == "is_camera" else (each.field,)
        ids = tuple(
            claim.id
            for claim in claims
            if claim.field in fields and (each.field == "is_camera" or claim.value in (each.chosen, each.other))
        )
        found.append(Conflict(each.field, each.chosen, each.other, ids))
    return tuple(found)
