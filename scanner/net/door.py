"""The only door to the network: `SocketNetwork`, the real `Network`."""

from __future__ import annotations

import asyncio
import datetime
import socket
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from scanner.models import Outcome
from scanner.net.api import DatagramSocket, Interface, Link, Neighbour, NetError, Stream
from scanner.net.conditions import FIRST_REPEAT_S, Conditions
from scanner.net.datagrams import open_udp
from scanner.net.dial import dial, raise_descriptor_limit
from scanner.net.echo import echo_link
from scanner.net.gate import Gate, PortMap
from scanner.net.ledger import Ledger, Refusal
from scanner.net.link import open_link
from scanner.net.neighbours import read_neighbours
from scanner.net.places import Places
from scanner.net.rate import RateLimiter
from scanner.net.scope import Scope
from scanner.net.stream import SocketStream, Wire

KIB = 1024
CONNECTIONS_A_DEVICE = 2
MAX_IN_FLIGHT = 2000


class SocketNetwork:
    """Real sockets under the rules of one sweep.

    `interfaces`: those chosen for it. `rate`, `host_rate`: packets a second, in all and to one device.
    `connect_timeout`, `idle_timeout`, `stream_timeout`: seconds until a connection is given up, a silent one is,
    and any one is. `stream_cap`, `device_cap`: bytes accepted from one connection and from one device.
    `on_link_pending`: unresolved neighbours at once. `port_map`: see gate.PortMap; for a lab only.
    As a context manager it closes, on leaving, the streams that are still open.
    """

    def __init__(
        self,
        scope: Scope,
        *,
        interfaces: Sequence[Interface] = (),
        rate: float = 1000,
        host_rate: float = 40,
        connect_timeout: float = 1.5,
        idle_timeout: float = 8.0,
        stream_timeout: float = 30.0,
        stream_cap: int = 512 * KIB,
        device_cap: int = 4 * KIB * KIB,
        on_link_pending: int = 256,
        port_map: PortMap | None = None,
        limiter: RateLimiter | None = None,
    ) -> None:
        self._gate = Gate(
            scope,
            interfaces,
            limiter or RateLimiter(rate, host_rate),
            device_cap=device_cap,
            pending=on_link_pending,
            port_map=port_map,
        )
        self._connect_timeout = connect_timeout
        self._idle_timeout = idle_timeout
        self._stream_timeout = stream_timeout
        self._stream_cap = stream_cap
        self._in_flight = asyncio.Semaphore(min(MAX_IN_FLIGHT, raise_descriptor_limit()))
        self._places = Places(CONNECTIONS_A_DEVICE)
        self._streams: set[SocketStream] = set()

    @property
    def ledger(self) -> Ledger:
        """What was sent and what came back."""
        return self._gate.ledger

    @property
    def scope(self) -> Scope:
        """The scope."""
        return self._gate.scope

    def in_scope(self, host: str) -> bool:
        """See Network."""
        return self._gate.scope.contains(host)

    def interfaces(self) -> Sequence[Interface]:
        """See Network."""
        return self._gate.interfaces

    def neighbours(self, heard: Collection[str] = ()) -> Sequence[Neighbour]:
        """See Network."""
        return tuple(row for row in read_neighbours() if self.in_scope(row.host) or row.host in heard)

    def on_link(self, host: str) -> bool:
        """See Network."""
        return self._gate.on_link(host)

    async def connect(self, host: str, port: int, *, tls: bool = False, timeout: float | None = None) -> Stream:
        """See Network. `timeout` is for the connection; a TLS handshake may take it or the idle timeout again."""
        name = self._gate.admit(host)
        seconds = self._connect_timeout if timeout is None else timeout
        await self._places.acquire(name)
        try:
            with self.ledger.attempt(name):
                return await self._open(name, port, tls, seconds)
        except BaseException:
            self._places.release(name)
            raise

    def udp(
        self, interface: Interface | None = None, *, port: int = 0, join: Sequence[str] = (), broadcast: bool = False
    ) -> AbstractAsyncContextManager[DatagramSocket]:
        """See Network."""
        return open_udp(self._gate, interface, port, join, broadcast=broadcast)

    def link(self, interface: Interface, ethertype: int) -> AbstractAsyncContextManager[Link]:
        """See Network. Only for ARP (0x0806): no other frame can be held to the scope."""
        return open_link(self._gate, interface, ethertype)

    async def echo_link(self, interface: Interface, timeout: float) -> frozenset[str]:
        """See Network."""
        return await echo_link(self._gate, interface, timeout)

    def conditions(self) -> Conditions:
        """See Network."""
        return self._gate.weather.now()

    def missed(self, answered: int, lost: int) -> None:
        """See Network."""
        self._gate.weather.missed(answered, lost)

    def outside(self, origin: str, address: str) -> None:
        """See Network."""
        self.ledger.note_outside(origin, address)

    def now(self) -> str:
        """See Network."""
        return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def aclose(self) -> None:
        """Close every stream that is still open."""
        for stream in tuple(self._streams):
            stream.abort()

    async def __aenter__(self) -> SocketNetwork:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _open(self, name: str, port: int, tls: bool, timeout: float) -> SocketStream:
        if not self._gate.allowance(name):
            raise NetError(Outcome.CUT, name, port, "this device has sent its share")
        wire = await self._dial(name, port, timeout)
        stream = SocketStream(wire, name, port, self._forget)
        if tls:
            try:
                await stream.start_tls(max(timeout, self._idle_timeout))
            except BaseException:
                wire.close()
                raise
        self._streams.add(stream)
        return stream

    async def _dial(self, name: str, port: int, timeout: float) -> Wire:
        gate = self._gate
        unresolved = gate.unresolved(name)
        if unresolved:
            await gate.pending.enter(name)
        try:
            async with self._in_flight:
                await gate.limiter.take(name)
                gate.ledger.count(name, packets=1)
                sock = await self._counted(name, port, timeout)
        except NetError as error:
            if error.outcome is Outcome.REFUSED:
                gate.answered(name)
            raise
        finally:
            if unresolved:
                gate.pending.leave(name)
        gate.answered(name)
        return Wire(gate, sock, name, port, idle=self._idle_timeout, cap=self._stream_cap, life=self._stream_timeout)

    async def _counted(self, name: str, port: int, timeout: float) -> socket.socket:
        """Dial, and count the packets that the kernel sends of itself."""
        clock = asyncio.get_running_loop().time
        started = clock()
        packets = 0
        try:
            sock = await dial(self._gate.sockaddr(name, port, "tcp"), name, port, timeout)
            packets = 1
            self._gate.weather.answered(clock() - started)
        except NetError as error:
            if error.outcome is Outcome.REFUSED:
                self._gate.weather.answered(clock() - started)
            if error.icmp is not None and error.icmp.unreachable and error.icmp.by:
                self.ledger.refusals[name] = Refusal(error.icmp.by, error.icmp.prohibited)
            raise
        finally:
            packets += clock() - started > FIRST_REPEAT_S
            self.ledger.count(name, packets=packets)
            self._gate.limiter.debit(name, packets)
        return sock

    def _forget(self, stream: SocketStream) -> None:
        self._streams.discard(stream)
        self.ledger.tally(stream.host).open -= 1
        self._places.release(stream.host)
