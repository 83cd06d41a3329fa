"""What `--progress json` tells: one event a line. The published schema is made from these values.

`time` is RFC 3339 in UTC. What a device or a network said is cleaned, one line, at most `TEXT_LIMIT` characters.
"""

from __future__ import annotations

import msgspec

PROGRESS_SCHEMA = "camcensus.progress/1"
TEXT_LIMIT = 200
NOTE_LIMIT = 400


class Started(msgspec.Struct, frozen=True, tag_field="event", tag="start"):
    """First. `run` is the sweep's id, as in its inventory; `scope` is empty for `listen`, which asks nobody."""

    time: str
    run: str
    folder: str
    site: str | None = None
    scope: tuple[str, ...] = ()
    resumed: bool = False
    schema: str = PROGRESS_SCHEMA


class PhaseBegun(msgspec.Struct, frozen=True, tag_field="event", tag="phase"):
    """A phase begins: "listen", "discover", "probe", "look again", "switches", "judge", others later.

    `total` is how many addresses it has to do; 0 where that is not known.
    """

    time: str
    phase: str
    total: int


class AddressesDone(msgspec.Struct, frozen=True, tag_field="event", tag="done"):
    """So many addresses of the phase are done."""

    time: str
    count: int


class DeviceSeen(msgspec.Struct, frozen=True, tag_field="event", tag="device"):
    """What is known by now of one device; told again when more is known. Not the verdict: that is in the inventory."""

    time: str
    host: str
    is_camera: bool | None
    kind: str | None
    brand: str | None
    maker: str | None
    model: str | None
    status: str


class Noted(msgspec.Struct, frozen=True, tag_field="event", tag="note"):
    """A sentence that matters while it runs."""

    time: str
    text: str


class Ended(msgspec.Struct, frozen=True, tag_field="event", tag="end"):
    """Last, also of a run that was interrupted or failed. `exit` is the run's exit code, gates included.

    The counts are those of the inventory written; null where a failure left none, and then `error` says which.
    """

    time: str
    run: str
    exit: int
    complete: bool
    devices: int | None = None
    cameras: int | None = None
    listed: int | None = None
    error: str | None = None


Event = Started | PhaseBegun | AddressesDone | DeviceSeen | Noted | Ended
EVENTS: tuple[type[msgspec.Struct], ...] = (Started, PhaseBegun, AddressesDone, DeviceSeen, Noted, Ended)
