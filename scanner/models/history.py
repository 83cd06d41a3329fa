"""What the store tells of sites and devices over time: `camcensus.history/1`, `sites/1`, `trend/1`, `removals/1`."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scanner.models.changes import Change

HISTORY_SCHEMA = "camcensus.history/1"
SITES_SCHEMA = "camcensus.sites/1"
TREND_SCHEMA = "camcensus.trend/1"
REMOVALS_SCHEMA = "camcensus.removals/1"


class Standing(StrEnum):
    """Where a device stands after the latest sweep of its site that could tell."""

    SEEN = "seen"
    GONE = "gone"  # a complete sweep asked its address and did not find it
    NOT_ASKED = "not-asked"  # later sweeps did not find it, and none of them can say that it is gone
    NEVER = "never-seen"  # only a removal names it: its runs are no longer in the store


class Happening(StrEnum):
    """What an event of a device's history is."""

    FIRST_SEEN = "first-seen"
    CHANGED = "changed"
    GONE = "gone"
    BACK = "back"
    PLANNED = "removal-planned"
    DONE = "removal-done"
    CANCELLED = "removal-cancelled"


class HistoryEvent(msgspec.Struct, frozen=True):
    """One thing that a sweep found out (`at`: when it finished, in UTC), or that a person said of a removal."""

    at: str
    what: Happening
    sweep: str | None = None
    changes: tuple[Change, ...] = ()
    note: str = ""


class RemovalState(StrEnum):
    """What people said, held against what sweeps saw."""

    PLANNED = "planned"
    OVERDUE = "overdue"  # its day has passed, and no sweep found it gone
    DONE = "done"  # said to be removed; no sweep has confirmed it yet
    GONE = "gone"  # and a complete sweep that asked its address agrees
    SEEN_AFTER = "seen-after-removal"  # said to be removed, and seen by a later sweep


class Removal(msgspec.Struct, frozen=True):
    """A planned or finished removal. `replaced_by` is as the user named it, `replacement` as the store knows it."""

    site: str
    device: str
    label: str
    host: str
    state: RemovalState
    day: str | None
    reason: str
    replaced_by: str | None
    replacement: str | None
    recorded_at: str
    gone_since: str | None = None
    last_seen: str | None = None


class DeviceHistory(msgspec.Struct, frozen=True):
    """One device at one site. Facts are the latest known; None was never established.

    `sweeps` counts the sweeps that saw it, `since` is when it went (for `gone`), `last_asked` the latest sweep that
    saw it or asked its address. `now_there` names another device that is at its address. `events` is empty in lists.
    `waivers` are those that excuse some of its findings, with owner and last day, or that did until they expired.
    """

    site: str
    device: str
    host: str
    label: str
    standing: Standing
    status: str | None
    first_seen: str | None
    last_seen: str | None
    sweeps: int
    changed: int
    is_camera: bool | None = None
    kind: str = "unknown"
    brand: str | None = None
    maker: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial: str | None = None
    mac: str | None = None
    instruments: tuple[str, ...] = ()
    since: str | None = None
    last_asked: str | None = None
    now_there: str | None = None
    removal: Removal | None = None
    waivers: tuple[str, ...] = ()
    events: tuple[HistoryEvent, ...] = ()


class History(msgspec.Struct, frozen=True):
    """Devices by site and address; of one device wanted, all that ever answered to that name, the latest first."""

    wanted: str | None
    devices: tuple[DeviceHistory, ...]
    notes: tuple[str, ...] = ()
    schema: str = HISTORY_SCHEMA


class SiteState(msgspec.Struct, frozen=True):
    """One site: its latest sweep with its coverage, and what is known of its devices after it.

    `statuses` counts the devices that are not gone; `not_asked` those of them that no later sweep asked again.
    `last_complete` is when the latest complete sweep finished. `overdue` counts removals whose day has passed.
    `waivers` counts those of the latest sweep by their state then ("in use", "unused", "expired", "not begun").
    """

    site: str
    sweeps: int
    first: str
    latest: str
    sweep: str
    complete: bool
    last_complete: str | None
    addresses: int
    answered: int
    scope: tuple[str, ...]
    registry: str
    as_of: str
    devices: int
    cameras: int
    statuses: dict[str, int]
    gone: int
    not_asked: int
    planned: int
    overdue: int
    notes: tuple[str, ...] = ()
    run: str | None = None
    waivers: dict[str, int] = {}


class Sites(msgspec.Struct, frozen=True):
    """Every site of the store, by name."""

    sites: tuple[SiteState, ...]
    schema: str = SITES_SCHEMA


class TrendPoint(msgspec.Struct, frozen=True):
    """What was known after one sweep: devices by status (or maker); those not asked again count as last seen."""

    at: str
    sweep: str
    complete: bool
    answered: int
    counts: dict[str, int]


class SiteTrend(msgspec.Struct, frozen=True):
    """The sweeps of one site, the earliest first."""

    site: str
    points: tuple[TrendPoint, ...]


class Trend(msgspec.Struct, frozen=True):
    """`by`: "status" counts every device, "maker" cameras and recorders only."""

    by: str
    keys: tuple[str, ...]
    sites: tuple[SiteTrend, ...]
    schema: str = TREND_SCHEMA


class Removals(msgspec.Struct, frozen=True):
    """Removals by site and day."""

    removals: tuple[Removal, ...]
    schema: str = REMOVALS_SCHEMA
