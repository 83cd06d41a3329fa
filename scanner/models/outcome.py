"""How an attempt ended: a closed set, because refused, silent and not looked at are different answers."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """None of these means clean."""

    ANSWERED = "answered"  # evidence was obtained
    EMPTY = "empty"  # the peer accepted and said nothing of use
    REFUSED = "refused"  # actively refused (RST, ICMP port unreachable)
    TIMED_OUT = "timed-out"  # silence within the deadline
    UNREACHABLE = "unreachable"  # no route, host unreachable
    MALFORMED = "malformed"  # an answer that no part of us could read; raw bytes kept as evidence if any
    CUT = "cut"  # byte cap or the device's deadline ended it; what came before is kept
    OUT_OF_SCOPE = "out-of-scope"  # not sent: outside the user's scope
    NOT_PERMITTED = "not-permitted"  # not sent: the system forbids it (raw sockets, privileged port)
    SKIPPED = "skipped"  # not tried: not needed, or switched off
    FAILED = "failed"  # our own fault; the engine's catch-all recorded it
