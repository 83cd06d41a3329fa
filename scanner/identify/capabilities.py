"""Capability claims to capabilities: said once each, in the order of the catalogue, with the claims they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.identify.rule_tables import CapabilityWords
from scanner.models import Capability, Claim

FIELD = "capability"


def capabilities_of(claims: Iterable[Claim], words: Mapping[str, CapabilityWords]) -> tuple[Capability, ...]:
    """What the claims say that the device can do. An open port goes where the service behind it was met."""
    because: dict[str, list[str]] = {}
    for claim in claims:
        if claim.field == FIELD:
            because.setdefault(claim.value, []).append(claim.id)
    if not because:
        return ()
    return tuple(
        Capability(each.id, each.says, each.basis, tuple(because[each.id]), each.note)
        for each in words.values()
        if each.id in because and each.unless not in because
    )
