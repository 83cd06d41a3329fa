"""What is different between two sweeps: `camcensus.changes/1`."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scanner.models.reconciliation import Reach

CHANGES_SCHEMA = "camcensus.changes/1"


class Presence(StrEnum):
    """Whether a device is in the second sweep, in the first, or in both and other than before."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


class Cause(StrEnum):
    """Why something is said otherwise than before: four different things."""

    DEVICE = "device"  # the device, or its place, is another than before
    FINGERPRINTS = "fingerprints"  # the same words of the device are understood otherwise
    LISTS = "lists"  # the same device is judged by another edition of the lists
    POLICY = "policy"  # the same device and lists, but another policy or another day
    UNKNOWN = "not-known"  # more than one of them may be the cause, and the sweeps alone can't tell


class Change(msgspec.Struct, frozen=True):
    """One field of a device before and after; None where nothing was established."""

    field: str
    before: str | None
    after: str | None
    cause: Cause


class DeviceChange(msgspec.Struct, frozen=True):
    """One device. `reach`: of what is gone, whether the second sweep could have seen it."""

    presence: Presence
    host: str
    label: str
    device: str
    is_camera: bool | None
    status: str
    maker: str | None = None
    model: str | None = None
    reach: Reach | None = None
    changes: tuple[Change, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One of the two sweeps, and what judged it."""

    sweep: str
    finished: str
    complete: bool
    scope: tuple[str, ...]
    policy: tuple[str, ...]
    as_of: str
    version: str
    fingerprints: str
    registry: str
    registry_digest: str
    devices: int
    answered: int


class Changes(msgspec.Struct, frozen=True):
    """Rows are sorted by presence, then address. `counts` is by presence and, of the changed, by cause."""

    before: Side
    after: Side
    notes: tuple[str, ...]
    counts: dict[str, int]
    rows: tuple[DeviceChange, ...]
    schema: str = CHANGES_SCHEMA
