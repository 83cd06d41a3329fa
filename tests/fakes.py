"""A network made of a script: the fake at the door's seam, for the tests of discoverers and probes.

`ScriptedNetwork` answers what the script foresees, records everything that was sent, keeps the door's rules
(scope, two connections a device, closed set of errors), and fails the test on any surprise.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Literal

from scanner.models import Outcome, OutOfScope
from scanner.net.api import Datagram, DatagramSocket, Interface, Link, Neighbour, NetError, Stream, TlsPeer
from scanner.net.conditions import Conditions

Reply = bytes | Sequence[bytes] | Outcome | None
"""What follows one request: bytes, pieces (one a `receive`), an outcome to fail with, or nothing at all."""

BROADCAST = "255.255.255.255"
ETH0 = Interface(name="eth0", index=2, mac="02:00:00:00:00:01", addresses=("198.51.100.1/24",))


class SurpriseError(AssertionError):
    """The code under test did something that the script does not foresee."""


@dataclass
class Peer:
    """One listening TCP port.

    `answer`: bytes (said once, after the first request, whatever it is), or a function of each `send` that returns a
    Reply. `greeting`: said at once. `tls`: what the handshake showed (for keys with tls=True; a default stands in).
    When all is said the peer closes (`receive` gives b""); with `stays_open` it goes silent (TIMED_OUT) instead.
    """

    answer: bytes | Callable[[bytes], Reply] = b""
    greeting: bytes = b""
    tls: TlsPeer | None = None
    stays_open: bool = False


@dataclass(frozen=True)
class Sent:
    """One thing that left: `kind` is connect, tcp, udp, multicast, broadcast or frame; `data` is b"" for connect."""

    kind: Literal["connect", "tcp", "udp", "multicast", "broadcast", "frame"]
    host: str
    port: int
    data: bytes = b""
    tls: bool = False


UdpAnswer = Callable[[bytes], Iterable[bytes | Datagram]]


@dataclass
class ScriptedNetwork:
    """The scripted door.

    `scope`: CIDRs or addresses. `tcp`: (host, port, tls) → Peer, bare bytes or function (short for a Peer), or an
    Outcome that `connect` fails with. `udp_script`: (host or group, port) → function of the datagram sent, giving the
    datagrams that come back; bare bytes come from that very host and port (not possible for a group).
    `link_script`: function of each frame, giving the frames that come back; None means raw sockets are not permitted.
    `chosen`, `table`: the interfaces and the neighbour table.
    `unscripted`: outcome for a TCP port that is not scripted; None makes it a surprise. A UDP send to an
    unscripted place is met with silence when `unscripted` is set. `patience`: real seconds that a `receive` with
    nothing to give waits at most.
    `echo_script`: interface → who answers an echo to all nodes; None means that it is not permitted. `loops`: whether
    what is sent to a group comes back to our own members of it. `no_joining`: why no group can be joined ("": it can).
    `weather`: what was measured of the network.
    """

    scope: Sequence[str] = ("198.51.100.0/24",)
    tcp: Mapping[tuple[str, int, bool], Peer | bytes | Callable[[bytes], Reply] | Outcome] = field(default_factory=dict)
    udp_script: Mapping[tuple[str, int], UdpAnswer] = field(default_factory=dict)
    link_script: Callable[[bytes], Iterable[bytes]] | None = None
    chosen: Sequence[Interface] = (ETH0,)
    table: Sequence[Neighbour] = ()
    unscripted: Outcome | None = None
    patience: float = 0.01
    echo_script: Mapping[str, Collection[str]] | None = None
    loops: bool = True
    no_joining: str = ""
    weather: Conditions = field(default_factory=Conditions)
    sent: list[Sent] = field(default_factory=list)
    repeats: list[tuple[int, int]] = field(default_factory=list)
    outsiders: list[tuple[str, str]] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    open_streams: int = 0
    open_sockets: int = 0
    open_members: list[ScriptedDatagrams] = field(default_factory=list)
    peak: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _members: list[tuple[str, ScriptedDatagrams]] = field(default_factory=list)
    _places: dict[str, asyncio.Semaphore] = field(default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(2)))

    def in_scope(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in ip_network(text) for text in self.scope)

    def interfaces(self) -> Sequence[Interface]:
        return tuple(self.chosen)

    def neighbours(self, heard: Collection[str] = ()) -> Sequence[Neighbour]:
        return tuple(row for row in self.table if self.in_scope(row.host) or row.host in heard)

    async def echo_link(self, interface: Interface, timeout: float) -> frozenset[str]:
        if self.echo_script is None:
            raise NetError(Outcome.NOT_PERMITTED, interface.name, 0, "echo sockets need root")
        self.sent.append(Sent("multicast", "ff02::1", 0))
        return frozenset(self.echo_script.get(interface.name, ()))

    def on_link(self, host: str) -> bool:
        networks = (ip_network(text, strict=False) for one in self.chosen if not one.loopback for text in one.addresses)
        return any(ip_address(host) in network for network in networks)

    async def connect(self, host: str, port: int, *, tls: bool = False, timeout: float | None = None) -> Stream:
        self.guard(host)
        self.sent.append(Sent("connect", host, port, tls=tls))
        peer = self._peer(host, port, tls)
        await asyncio.sleep(0)
        if isinstance(peer, Outcome):
            raise NetError(peer, host, port)
        await self._places[host].acquire()
        self.open_streams += 1
        self._busy[host] += 1
        self.peak[host] = max(self.peak[host], self._busy[host])
        return ScriptedStream(self, peer, host, port, tls)

    def udp(
        self, interface: Interface | None = None, *, port: int = 0, join: Sequence[str] = (), broadcast: bool = False
    ) -> AbstractAsyncContextManager[DatagramSocket]:
        if broadcast and interface not in self.chosen:
            raise self.surprise(f"a socket to broadcast on {interface}")
        return self._udp(interface, broadcast, join)

    def link(self, interface: Interface, ethertype: int) -> AbstractAsyncContextManager[Link]:
        return self._link(interface)

    def conditions(self) -> Conditions:
        return self.weather

    def missed(self, answered: int, lost: int) -> None:
        self.repeats.append((answered, lost))

    def outside(self, origin: str, address: str) -> None:
        self.outsiders.append((origin, address))

    def now(self) -> str:
        return "2026-11-22T09:00:00Z"

    def guard(self, host: str) -> None:
        """Refuse what the real door refuses."""
        if not self.in_scope(host):
            self.refused.append(host)
            raise OutOfScope(f"{host} is outside the scope; nothing was sent")

    def surprise(self, what: str) -> SurpriseError:
        """Note a surprise (so that a catch-all can't hide it) and give the exception to raise."""
        self.surprises.append(what)
        return SurpriseError(what)

    def requests(self, host: str, port: int) -> list[bytes]:
        """All that was sent to one TCP or UDP port, in order."""
        return [one.data for one in self.sent if (one.host, one.port) == (host, port) and one.kind != "connect"]

    def release(self, host: str) -> None:
        """A stream to `host` was closed."""
        self.open_streams -= 1
        self._busy[host] -= 1
        self._places[host].release()

    def _peer(self, host: str, port: int, tls: bool) -> Peer | Outcome:
        script = self.tcp.get((host, port, tls), self.unscripted)
        if script is None:
            raise self.surprise(f"connect to {host}:{port} tls={tls} is not scripted")
        if isinstance(script, Outcome | Peer):
            return script
        return Peer(answer=script)

    @asynccontextmanager
    async def _udp(
        self, interface: Interface | None, broadcast: bool, join: Sequence[str]
    ) -> AsyncIterator[DatagramSocket]:
        if join and self.no_joining:
            raise NetError(Outcome.FAILED, interface.name if interface else "", 0, self.no_joining)
        self.open_sockets += 1
        member = ScriptedDatagrams(self, broadcast)
        self.open_members.append(member)
        self._members += [(group, member) for group in join]
        try:
            yield member
        finally:
            self._members = [(group, each) for group, each in self._members if each is not member]
            self.open_members.remove(member)
            self.open_sockets -= 1

    def loop_back(self, data: bytes, group: str, port: int) -> None:
        """Give a datagram to those of our own sockets that are members of `group`."""
        if self.loops:
            for joined, member in self._members:
                if joined == group:
                    member.arrive(Datagram(data, "198.51.100.1", port))

    @asynccontextmanager
    async def _link(self, interface: Interface) -> AsyncIterator[Link]:
        if self.link_script is None:
            raise NetError(Outcome.NOT_PERMITTED, interface.name, 0, "raw sockets need root")
        self.open_sockets += 1
        try:
            yield ScriptedLink(self, self.link_script, interface.mac or "")
        finally:
            self.open_sockets -= 1


class ScriptedStream:
    """One scripted connection."""

    def __init__(self, net: ScriptedNetwork, peer: Peer, host: str, port: int, tls: bool) -> None:
        self.host = host
        self.port = port
        self.tls: TlsPeer | None = (peer.tls or TlsPeer(certificate=None, version="TLSv1.2")) if tls else None
        self._net = net
        self._peer = peer
        self._asked = False
        self._waiting: deque[bytes | Outcome] = deque([peer.greeting] if peer.greeting else [])
        self._closed = False

    async def send(self, data: bytes) -> None:
        if self._closed:
            raise self._net.surprise(f"send to {self.host}:{self.port} after close")
        self._net.sent.append(Sent("tcp", self.host, self.port, data, self.tls is not None))
        answer = self._peer.answer
        if isinstance(answer, bytes):
            reply: Reply = None if self._asked else answer
        else:
            reply = answer(data)
        self._asked = True
        if isinstance(reply, bytes | Outcome):
            self._waiting.append(reply)
        elif reply is not None:
            self._waiting.extend(reply)
        await asyncio.sleep(0)

    async def receive(self, limit: int = 65536) -> bytes:
        if self._closed:
            raise self._net.surprise(f"receive from {self.host}:{self.port} after close")
        await asyncio.sleep(0)
        while self._waiting:
            head = self._waiting.popleft()
            if isinstance(head, Outcome):
                raise NetError(head, self.host, self.port)
            if len(head) > limit:
                self._waiting.appendleft(head[limit:])
            if head:
                return head[:limit]
        if self._peer.stays_open:
            raise NetError(Outcome.TIMED_OUT, self.host, self.port)
        return b""

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._net.release(self.host)


class ScriptedDatagrams:
    """A scripted UDP socket."""

    def __init__(self, net: ScriptedNetwork, broadcast: bool) -> None:
        self._net = net
        self._broadcast = broadcast
        self._queue: asyncio.Queue[Datagram] = asyncio.Queue()

    async def send_broadcast(self, data: bytes, port: int) -> None:
        if not self._broadcast:
            raise self._net.surprise("a broadcast on a socket that was not opened for it")
        self._net.sent.append(Sent("broadcast", BROADCAST, port, data))
        self._answer(data, BROADCAST, port)

    async def send(self, data: bytes, host: str, port: int) -> None:
        self._net.guard(host)
        self._net.sent.append(Sent("udp", host, port, data))
        self._answer(data, host, port)

    async def send_multicast(self, data: bytes, group: str, port: int) -> None:
        if not ip_address(group).is_multicast:
            raise self._net.surprise(f"{group} is no multicast group")
        self._net.sent.append(Sent("multicast", group, port, data))
        self._net.loop_back(data, group, port)
        self._answer(data, group, port)

    def arrive(self, datagram: Datagram) -> None:
        """Put a datagram into the queue of what is received."""
        self._queue.put_nowait(datagram)

    async def receive(self, timeout: float) -> Datagram | None:
        try:
            async with asyncio.timeout(max(0.0, min(timeout, self._net.patience))):
                return await self._queue.get()
        except TimeoutError:
            return None

    def _answer(self, data: bytes, host: str, port: int) -> None:
        script = self._net.udp_script.get((host, port))
        if script is None:
            if self._net.unscripted is None:
                raise self._net.surprise(f"datagram to {host}:{port} is not scripted")
            return
        for reply in script(data):
            self._queue.put_nowait(reply if isinstance(reply, Datagram) else Datagram(reply, host, port))


class ScriptedLink:
    """A scripted layer-2 socket."""

    def __init__(self, net: ScriptedNetwork, script: Callable[[bytes], Iterable[bytes]], mac: str) -> None:
        self.mac = mac
        self._net = net
        self._script = script
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()

    async def send(self, frame: bytes) -> None:
        self._net.sent.append(Sent("frame", "", 0, frame))
        for reply in self._script(frame):
            self._queue.put_nowait(reply)

    async def receive(self, timeout: float) -> bytes | None:
        try:
            async with asyncio.timeout(max(0.0, min(timeout, self._net.patience))):
                return await self._queue.get()
        except TimeoutError:
            return None
