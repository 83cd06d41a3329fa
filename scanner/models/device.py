"""A device as far as its own words establish it."""

from __future__ import annotations

import msgspec

from scanner.models.channel import Channel
from scanner.models.claim import Claim, Conflict
from scanner.models.finding import Finding
from scanner.models.status import Status

KINDS = ("camera", "nvr", "dvr", "encoder", "doorbell", "vms", "other", "unknown")
RECORDER_KINDS = frozenset({"nvr", "dvr", "encoder", "vms"})
CAMERA_KINDS = frozenset({"camera", "nvr", "dvr", "encoder", "doorbell", "vms"})


class Device(msgspec.Struct, frozen=True):
    """Contract 2's device. `None` means not established, never "no".

    `confidence` is the probability that `maker` is right (0 to 1; 0.0 when there is no maker).
    `why` is one line for people: what the maker rests on. `switch` and `switch_port` say where it is plugged in, as a
    switch that the user named told. `channels` are those that a recorder or encoder lists; `channel_count` is their
    number, or where it lists none how many it says it has (those not in use among them). `behind` says of a camera
    which recorder's channel it is: "198.51.100.9 channel 3". Channels are no devices and are counted apart.
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
    channel_count: int | None = None
    channels: tuple[Channel, ...] = ()
    behind: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    protocols: tuple[str, ...] = ()
