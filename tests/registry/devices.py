"""Devices to judge, by what they say; the registry shipped, read once."""

from __future__ import annotations

from functools import cache

from scanner.models import Claim, Conflict, Device, Weight
from scanner.registry import Policy, Registry, find_policy, load_registry


@cache
def shipped() -> Registry:
    """The registry of this checkout."""
    return load_registry()


def policy(*ids: str) -> tuple[Policy, ...]:
    """Policies by id."""
    return tuple(find_policy(each, shipped()) for each in ids)


def claim(number: int, field: str, value: str, weight: Weight = Weight.STRONG, where: str = "http.title") -> Claim:
    """One claim with the id c<number>."""
    return Claim(f"c{number}", field, value, weight, "rule", number, where)


def camera(
    maker: str | None = None,
    brand: str | None = None,
    *,
    chip: str | None = None,
    is_camera: bool | None = True,
    confidence: float = 0.97,
    weight: Weight = Weight.STRONG,
    conflicts: tuple[Conflict, ...] = (),
    more: tuple[Claim, ...] = (),
) -> Device:
    """A device that itself says its maker, brand and chip with `weight`."""
    said = [("maker", maker), ("brand", brand), ("chip", chip)]
    claims = [claim(n, field, value, weight) for n, (field, value) in enumerate(said, start=1) if value is not None]
    return Device(
        id="d",
        host="198.51.100.10",
        is_camera=is_camera,
        kind="camera" if is_camera else "unknown",
        maker=maker,
        brand=brand,
        chip=chip,
        confidence=confidence if maker else 0.0,
        claims=(*claims, *more),
        conflicts=conflicts,
    )


def by_mac(maker: str, *, is_camera: bool | None = True) -> Device:
    """A device of which only the MAC prefix names a maker."""
    registrant = claim(1, "maker", maker, Weight.WEAK, "mac.registrant")
    return Device(
        id="d",
        host="198.51.100.10",
        is_camera=is_camera,
        maker=maker,
        confidence=0.6,
        why=f"MAC prefix registered to {maker}",
        claims=(registrant,),
    )
