"""A device as far as its own words establish it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scanner.models.capability import Capability
from scanner.models.claim import Claim, Conflict
from scanner.models.finding import Finding

KINDS = ("camera", "nvr", "dvr", "encoder", "doorbell", "vms", "other", "unknown")
CAMERA_KINDS = frozenset({"camera", "nvr", "dvr", "encoder", "doorbell", "vms"})


class Status(StrEnum):
    """The verdict on one device, worst first."""

    LISTED = "listed"
    REVIEW = "review"
    UNDETERMINED = "undetermined"
    NOT_LISTED = "not-listed"
    NOT_A_CAMERA = "not-a-camera"


class Device(msgspec.Struct, frozen=True):
    """Contract 2's device. `None` means not established, never "no".

    `confidence` is the probability that `maker` is right (0 to 1; 0.0 when there is no maker).
    `why` is one line for people: what the maker rests on. `switch` and `switch_port` say where it is plugged in, as a
    switch that the user named told. `capabilities` is what it announces; what is missing there is unknown, not absent.
    """

    id: str
    host: str
    addresses: tuple[str, ...] = ()
    mac: str | None = None
    is_camera: bool | None = None
    kind: str = "unknown"
    product: str | None = None
    brand: str | None = None
    maker: str | None = None
    family: str | None = None
    chip: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    name: str | None = None
    confidence: float = 0.0
    status: Status = Status.UNDETERMINED
    why: str = ""
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    evidence_count: int = 0
    switch: str | None = None
    switch_port: str | None = None
    ports: tuple[int, ...] = ()
    protocols: tuple[str, ...] = ()
    capabilities: tuple[Capability, ...] = ()
