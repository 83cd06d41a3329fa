"""The door's shape: what a discoverer or a probe may do with the network, and nothing else.

`scanner.net.door.SocketNetwork` is the real one; tests hand in a scripted one. Scope, rates, the limit of two
connections a device, byte caps and the ledger live behind this door, so that no probe can forget them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from scanner.models import CamcensusError, Outcome
from scanner.net.conditions import Conditions
from scanner.net.icmp import IcmpError


class NetError(CamcensusError):
    """An attempt that failed, with its outcome. `host` and `port` say where; `icmp` what a router said, if one did."""

    def __init__(self, outcome: Outcome, host: str, port: int, detail: str = "", icmp: IcmpError | None = None) -> None:
        super().__init__(f"{host}:{port} {outcome.value}{': ' + detail if detail else ''}")
        self.outcome = outcome
        self.host = host
        self.port = port
        self.icmp = icmp


class Interface(msgspec.Struct, frozen=True):
    """A local interface. `addresses` are CIDR texts ("198.51.100.1/24"); `skip` is why it is left out ("" = used)."""

    name: str
    index: int
    mac: str | None = None
    addresses: tuple[str, ...] = ()
    multicast: bool = True
    loopback: bool = False
    skip: str = ""


class Neighbour(msgspec.Struct, frozen=True):
    """A row of the kernel's neighbour table. `resolved` is false for FAILED and INCOMPLETE rows."""

    host: str
    mac: str | None
    interface: str
    resolved: bool


class Datagram(msgspec.Struct, frozen=True):
    """A datagram received, with the sender's own address (which wins over any address inside it)."""

    data: bytes
    host: str
    port: int


class TlsPeer(msgspec.Struct, frozen=True):
    """What the TLS handshake showed: the leaf certificate as DER (None if none) and the protocol version.

    `version` is "" where the handshake failed after the certificate; such a stream can only be closed.
    """

    certificate: bytes | None
    version: str


class Stream(Protocol):
    """One TCP connection, perhaps under TLS. Every byte is counted and capped."""

    host: str
    port: int
    tls: TlsPeer | None

    async def send(self, data: bytes) -> None:
        """Write all of `data`. NetError when the peer is gone."""

    async def receive(self, limit: int = 65536) -> bytes:
        """At most `limit` bytes, b"" at the end (a reset after an answer is one too).

        NetError: TIMED_OUT after the idle timeout, CUT at a cap or the deadline, REFUSED when reset before any answer.
        """

    async def close(self) -> None:
        """Close; never raises, may be called twice."""


class DatagramSocket(Protocol):
    """A UDP socket of one interface (or of none in particular)."""

    async def send(self, data: bytes, host: str, port: int) -> None:
        """One datagram to a unicast address in scope (OutOfScope otherwise), under the rates."""

    async def send_multicast(self, data: bytes, group: str, port: int) -> None:
        """One datagram to a discovery group, link-local (TTL 1; 4 for SSDP is not used)."""

    async def send_broadcast(self, data: bytes, port: int) -> None:
        """One datagram to everybody on the link of the socket's interface, and to nobody beyond it.

        Only on a socket opened for it, and only to the ports of vendors' discovery (broadcast.PORTS); OutOfScope else.
        """

    async def receive(self, timeout: float) -> Datagram | None:
        """The next datagram, or None when `timeout` seconds pass. ICMP errors are swallowed and counted."""


class Link(Protocol):
    """A raw layer-2 socket of one interface, for ARP."""

    mac: str

    async def send(self, frame: bytes) -> None:
        """One Ethernet frame, under the total rate."""

    async def receive(self, timeout: float) -> bytes | None:
        """The next frame of the chosen ethertype, or None when `timeout` seconds pass."""


class Network(Protocol):
    """The only door."""

    def in_scope(self, host: str) -> bool:
        """Whether packets may go to `host`."""

    def interfaces(self) -> Sequence[Interface]:
        """The interfaces chosen for this sweep (used ones only)."""

    def neighbours(self, heard: Collection[str] = ()) -> Sequence[Neighbour]:
        """The kernel's neighbour table now, for addresses in scope and those in `heard`; empty where unreadable."""

    def on_link(self, host: str) -> bool:
        """Whether `host` lies in a network of a chosen non-loopback interface."""

    async def connect(self, host: str, port: int, *, tls: bool = False, timeout: float | None = None) -> Stream:
        """Open a connection; waits for a place (two a device) and for the rates.

        NetError with REFUSED, TIMED_OUT, UNREACHABLE, MALFORMED (TLS that failed); OutOfScope: nothing was sent.
        """

    def udp(
        self, interface: Interface | None = None, *, port: int = 0, join: Sequence[str] = (), broadcast: bool = False
    ) -> AbstractAsyncContextManager[DatagramSocket]:
        """A UDP socket, member of the groups `join`, on local `port` (0: any).

        It is bound to `interface`'s first IPv4 address, or to any where it joins a group or there is no interface.
        `broadcast`: it may broadcast on `interface`, which must be a chosen one, and hears what is broadcast there.
        Only the link-local discovery groups can be joined or sent to (datagrams.DISCOVERY_GROUPS); OutOfScope else.
        """

    def link(self, interface: Interface, ethertype: int) -> AbstractAsyncContextManager[Link]:
        """A raw socket for ARP requests. NetError(NOT_PERMITTED) where the system, or the ethertype, forbids it."""

    async def echo_link(self, interface: Interface, timeout: float) -> frozenset[str]:
        """One ICMPv6 echo to all nodes of a chosen link (ff02::1): who answers within `timeout` seconds.

        NetError(NOT_PERMITTED) where the system forbids it; OutOfScope for an interface that was not chosen.
        """

    def conditions(self) -> Conditions:
        """How long answers take on this network and how much is lost, as measured so far."""

    def missed(self, answered: int, lost: int) -> None:
        """Note that of devices asked one question `answered` did, and `lost` only when it was repeated."""

    def outside(self, origin: str, address: str) -> None:
        """Note that `origin` (a device) pointed to `address`, which is out of scope and was not followed."""

    def now(self) -> str:
        """The time as RFC 3339 in UTC, for `seen_at`."""
