"""What a discoverer is: it finds who is there, and emits what they said as evidence, as it comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import Network

Emit = Callable[[Evidence], Awaitable[None]]
"""Hand evidence over; returns once it is in the log on disk."""


class DiscoverResult(msgspec.Struct, frozen=True):
    """How it ended. `alive` are addresses that answered anything at all (also without evidence, as by an RST).

    `notes` are sentences for the coverage ("ARP not used: raw sockets need root").
    """

    outcome: Outcome
    alive: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


class Discoverer(Protocol):
    """`name` is unique; `sends` says in one line for docs/traffic.md exactly what it sends."""

    name: str
    sends: str

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """Ask the links and the `targets` (addresses in scope); errors of one interface don't end the others."""
