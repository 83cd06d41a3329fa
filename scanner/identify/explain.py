"""Why a device is judged as it is: each fact with its claims, their fingerprints, places and matched texts."""

from __future__ import annotations

import msgspec

from scanner.identify.fuse import source_of
from scanner.identify.knowledge import BUILT_IN, knowledge
from scanner.identify.names import fold
from scanner.identify.rules import RuleSet
from scanner.identify.why import place_name
from scanner.models import CAMERA_KINDS, Claim, Conflict, Device, Weight

_FIELDS = ("maker", "brand", "kind", "model", "firmware", "family", "chip", "serial", "mac", "product", "name", "uuid")
_CLAIMS_OF = {"kind": ("kind", "is_camera")}


class Reason(msgspec.Struct, frozen=True):
    """One claim with what it rests on. `independent_of` names the kind of evidence: equal ones count once.

    `supports` is false for a claim that speaks against the fact. `source` is where the rule's text was seen, "" when
    the fingerprint is not in the rule set any more.
    """

    claim: str
    value: str
    weight: Weight
    supports: bool
    fingerprint: str
    source: str
    evidence: int
    where: str
    place: str
    text: str
    independent_of: str


class Explanation(msgspec.Struct, frozen=True):
    """One fact: its value (None when the claims did not suffice), and its reasons, strongest first."""

    field: str
    value: str | None
    reasons: tuple[Reason, ...]
    conflicts: tuple[Conflict, ...] = ()
    note: str = ""


def explain(device: Device, rules: RuleSet | None = None) -> list[Explanation]:
    """All facts of a device that any claim speaks of, the maker first."""
    sources = {rule.id: rule.source for rule in knowledge(rules).rules.fingerprints} | BUILT_IN
    explained = []
    for field in _FIELDS:
        wanted = _CLAIMS_OF.get(field, (field,))
        claims = [claim for claim in device.claims if claim.field in wanted]
        if not claims:
            continue
        value = _value(device, field, claims)
        reasons = tuple(_reason(claim, value, sources) for claim in claims)
        conflicts = tuple(each for each in device.conflicts if each.field in (field, *wanted))
        explained.append(Explanation(field, value, reasons, conflicts, _note(device, field, value)))
    return explained


def _value(device: Device, field: str, claims: list[Claim]) -> str | None:
    if field == "kind":
        return device.kind if device.kind != "unknown" else ("camera" if device.is_camera else None)
    if field == "uuid":
        return claims[0].value
    found = getattr(device, field)
    return found if isinstance(found, str) else None


def _reason(claim: Claim, value: str | None, sources: dict[str, str]) -> Reason:
    return Reason(
        claim=claim.id,
        value=claim.value,
        weight=claim.weight,
        supports=_supports(claim, value),
        fingerprint=claim.fingerprint,
        source=sources.get(claim.fingerprint, ""),
        evidence=claim.evidence,
        where=claim.where,
        place=place_name(claim.where),
        text=claim.text,
        independent_of=source_of(claim.where),
    )


def _supports(claim: Claim, value: str | None) -> bool:
    if value is None:
        return False
    if claim.field == "is_camera":
        return (claim.value == "true") == (value in CAMERA_KINDS)
    if claim.field == "kind":
        return (claim.value in CAMERA_KINDS) == (value in CAMERA_KINDS)
    return fold(claim.value) in fold(value)


def _note(device: Device, field: str, value: str | None) -> str:
    if field == "maker":
        return f"confidence {device.confidence:.2f}" if value else "claims do not suffice to name a maker"
    if field == "kind" and device.is_camera is None:
        return "whether it is a camera is not established"
    return ""
