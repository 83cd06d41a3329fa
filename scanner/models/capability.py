"""What a device announces that it can do, before any login."""

from __future__ import annotations

import msgspec


class Capability(msgspec.Struct, frozen=True):
    """One capability with what it rests on.

    `basis` is "announced" (the device's own words), "observed" (the service itself was met) or "port-open" (a port, and
    nothing more). `because` are claim ids of the device. What is not here is unknown, never absent: a function that is
    built in but switched off, or offered only after a login, cannot be seen from the network.
    """

    id: str
    says: str
    basis: str
    because: tuple[str, ...] = ()
    note: str = ""
