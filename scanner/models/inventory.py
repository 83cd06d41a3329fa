"""The inventory: contract 2, `camcensus.inventory/1`."""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.models.coverage import Coverage
from scanner.models.device import Device

SCHEMA = "camcensus.inventory/1"


class RegistryInfo(msgspec.Struct, frozen=True):
    """Edition (a date) and SHA-256 digest of the registry that judged."""

    edition: str
    digest: str


class Tool(msgspec.Struct, frozen=True):
    """Who judged: version, fingerprint digest, registry."""

    name: str
    version: str
    fingerprints: str
    registry: RegistryInfo


class Sweep(msgspec.Struct, frozen=True):
    """When and under which options. Times are RFC 3339 in UTC; `as_of` is a date."""

    id: str
    started: str
    finished: str
    complete: bool
    scope: tuple[str, ...]
    policy: tuple[str, ...]
    as_of: str
    site: str | None = None
    options: dict[str, Any] = {}


class Inventory(msgspec.Struct, frozen=True):
    """Devices are sorted by address; the same evidence gives the same bytes but for the times in `sweep`."""

    tool: Tool
    sweep: Sweep
    coverage: Coverage
    devices: tuple[Device, ...]
    schema: str = SCHEMA
