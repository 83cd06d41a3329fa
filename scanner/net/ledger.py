"""The ledger: what was sent to whom and what came back, for the coverage and for the manners.

Packets are an estimate from outside the kernel, meant to err upwards: a connection attempt is 1 (SYN; 2 when it
waited longer than the kernel's first repeat after 1 s), an established one 1 more (ACK) and 1 (RST) or 2 (FIN and
the ACK of the peer's) at its close; a write of n bytes is n/1400 rounded up; n bytes received are n/2800 rounded
up (one ACK for two segments); a datagram is one for each 1472 bytes; a layer-2 frame is 1. ARP requests that the
kernel sends to resolve an address are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

MAX_NOTES = 1000


def write_packets(size: int) -> int:
    """Segments that a TCP write of `size` bytes takes."""
    return -(-size // 1400)


def ack_packets(size: int) -> int:
    """Acknowledgements that `size` received bytes cost."""
    return -(-size // 2800)


def datagram_packets(size: int) -> int:
    """IP packets that a datagram of `size` bytes takes (an empty one takes one)."""
    return max(1, -(-size // 1472))


class Refusal(msgspec.Struct, frozen=True):
    """What a router or firewall, `by`, said by ICMP of an address: `prohibited` by rule, else not reachable."""

    by: str
    prohibited: bool


class HostTally(msgspec.Struct):
    """One address: packets and connections made to it, open and most at once, bytes from (`received`) and to it."""

    packets: int = 0
    connections: int = 0
    open: int = 0
    peak: int = 0
    received: int = 0
    sent: int = 0
    cut: bool = False


class Ledger:
    """Counts by address and in total.

    `refused`: addresses out of scope that something asked to send to (nothing was sent), with how often;
    `refused_udp`: addresses that answered a datagram with ICMP port unreachable, and so are alive; `icmp_errors`:
    all such errors; `refusals`: what routers said of addresses that they did not pass on to; `dropped`: datagrams
    received that no place was left for. Only addresses in scope get a tally.
    """

    def __init__(self) -> None:
        self.hosts: dict[str, HostTally] = {}
        self.packets = 0
        self.connections = 0
        self.received = 0
        self.sent = 0
        self.dropped = 0
        self.icmp_errors = 0
        self.refused: dict[str, int] = {}
        self.refused_udp: set[str] = set()
        self.refusals: dict[str, Refusal] = {}
        self._outside: dict[tuple[str, str], None] = {}

    def tally(self, host: str) -> HostTally:
        """The tally of `host`, begun if need be."""
        tally = self.hosts.get(host)
        if tally is None:
            tally = self.hosts[host] = HostTally()
        return tally

    def count(self, host: str | None, *, packets: int = 0, sent: int = 0, received: int = 0) -> None:
        """Add to `host` (None: a link) and to the totals."""
        self.packets += packets
        self.sent += sent
        self.received += received
        if host is not None:
            tally = self.tally(host)
            tally.packets += packets
            tally.sent += sent
            tally.received += received

    @contextmanager
    def attempt(self, host: str) -> Iterator[HostTally]:
        """A connection that is being made: counted among the open ones; leaves it so unless an error passes."""
        tally = self.tally(host)
        self.connections += 1
        tally.connections += 1
        tally.open += 1
        tally.peak = max(tally.peak, tally.open)
        try:
            yield tally
        except BaseException:
            tally.open -= 1
            raise

    def refuse(self, host: str) -> None:
        """`host` is out of scope and was asked for."""
        if host in self.refused or len(self.refused) < MAX_NOTES:
            self.refused[host] = self.refused.get(host, 0) + 1

    def note_outside(self, origin: str, address: str) -> None:
        """`origin` pointed to `address`, which was not followed. Kept once, and the first thousand only."""
        if len(self._outside) < MAX_NOTES:
            self._outside[origin, address[:200]] = None

    @property
    def outside(self) -> tuple[tuple[str, str], ...]:
        """(origin, address), in the order noted."""
        return tuple(self._outside)

    def busiest(self) -> tuple[str, int] | None:
        """The address that got most packets, and how many; None before the first."""
        if not self.hosts:
            return None
        host = max(self.hosts, key=lambda one: self.hosts[one].packets)
        return host, self.hosts[host].packets

    @property
    def peak(self) -> int:
        """The most connections that any one address had at once."""
        return max((tally.peak for tally in self.hosts.values()), default=0)
