"""A scan held against what others know: `camcensus.reconciliation/1`."""

from __future__ import annotations

from enum import StrEnum

import msgspec

RECONCILIATION_SCHEMA = "camcensus.reconciliation/1"


class Standing(StrEnum):
    """Where a device stands; known is what a list holds, or where no list was given, what the network tables hold."""

    SEEN_UNKNOWN = "seen-and-unknown"
    KNOWN_UNSEEN = "known-and-unseen"
    SEEN_KNOWN = "seen-and-known"
    NETWORK_ONLY = "on-the-network-only"  # a lease, neighbour or port that neither the scan nor a list has


class Reach(StrEnum):
    """Whether the scan could have seen a device that it did not see."""

    ASKED = "asked"  # its address was in the scope and gave no answer
    OTHER = "another-device-there"  # a device with another serial or MAC answers at its address
    OUTSIDE = "outside-the-scope"
    UNKNOWN = "not-known"  # it has no address, or the scan recorded no scope


class Known(msgspec.Struct, frozen=True):
    """One device as one source knows it. `listed` for a list that somebody keeps, else a table of the network itself.

    `channels` counts the rows of a list: an encoder or recorder has one for each channel.
    """

    source: str
    listed: bool
    serial: str | None = None
    mac: str | None = None
    addresses: tuple[str, ...] = ()
    name: str | None = None
    maker: str | None = None
    model: str | None = None
    channels: int = 0
    place: str | None = None


class Difference(msgspec.Struct, frozen=True):
    """What a source says otherwise than the device: `field`, both values, and the source."""

    field: str
    seen: str
    known: str
    source: str


class ReconciledRow(msgspec.Struct, frozen=True):
    """One device. `matched_by` is the identity that joined scan and sources: serial, mac or address; "" for none.

    `lists` and `network` name the sources that have it; `place` is its switch port; `reach` is set where it is unseen.
    """

    standing: Standing
    host: str
    addresses: tuple[str, ...] = ()
    device: str | None = None
    is_camera: bool | None = None
    status: str | None = None
    name: str | None = None
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    mac: str | None = None
    matched_by: str = ""
    lists: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    channels: int = 0
    place: str | None = None
    reach: Reach | None = None
    differences: tuple[Difference, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """Devices, and the channels that lists have for them."""

    devices: int
    channels: int


class Reconciliation(msgspec.Struct, frozen=True):
    """Rows are sorted by standing, then by address. `others` counts seen devices that are no cameras and on no list."""

    scan: str
    scope: tuple[str, ...]
    complete: bool
    sources: tuple[str, ...]
    counts: dict[str, Count]
    rows: tuple[ReconciledRow, ...]
    others: int = 0
    notes: tuple[str, ...] = ()
    schema: str = RECONCILIATION_SCHEMA
