"""The inventory: contract 2, `camcensus.inventory/1`."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from scanner.models.coverage import Coverage
from scanner.models.device import Device
from scanner.models.finding import Wording

SCHEMA = "camcensus.inventory/1"


class RegistryInfo(msgspec.Struct, frozen=True):
    """Edition (a date) and SHA-256 digest of the registry that judged."""

    edition: str
    digest: str


class BasisFile(msgspec.Struct, frozen=True):
    """A file of the user's that took part in the verdict, whole, so that the same verdict can be made again.

    `digest` is the SHA-256 of `text` in UTF-8.
    """

    kind: Literal["policy", "overlay", "waivers"]
    name: str
    digest: str
    text: str


class WaiverRecord(msgspec.Struct, frozen=True):
    """One waiver as it was applied: to how many findings on how many devices. `state` is as of the day judged."""

    id: str
    instruments: tuple[str, ...]
    devices: tuple[str, ...]
    reason: str
    owner: str
    expires: str
    state: Literal["in use", "unused", "expired", "not begun"]
    findings: int = 0
    hosts: int = 0


class Tool(msgspec.Struct, frozen=True):
    """Who judged: version, fingerprint digest, registry."""

    name: str
    version: str
    fingerprints: str
    registry: RegistryInfo


class Sweep(msgspec.Struct, frozen=True):
    """When and under which options. Times are RFC 3339 in UTC; `as_of` is a date.

    `policy` are the ids judged by, an organisation's own by its name; `basis` the files of the user's behind them.
    """

    id: str
    started: str
    finished: str
    complete: bool
    scope: tuple[str, ...]
    policy: tuple[str, ...]
    as_of: str
    site: str | None = None
    options: dict[str, Any] = {}
    basis: tuple[BasisFile, ...] = ()


class Inventory(msgspec.Struct, frozen=True):
    """Devices are sorted by address; the same evidence gives the same bytes but for the times in `sweep`.

    `wordings` stands in files only: what many findings say alike.
    """

    tool: Tool
    sweep: Sweep
    coverage: Coverage
    devices: tuple[Device, ...]
    schema: str = SCHEMA
    waivers: tuple[WaiverRecord, ...] = ()
    wordings: tuple[Wording, ...] = ()
