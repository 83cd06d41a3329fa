"""UDP of the door: unicast in scope, multicast to the discovery groups of one link, a bounded queue of what comes."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_interface

from scanner.models import OutOfScope
from scanner.net import broadcast as link_broadcast
from scanner.net.api import Datagram, DatagramSocket, Interface
from scanner.net.dial import SHORTAGES, net_error
from scanner.net.gate import Gate
from scanner.net.icmp import MSG_ERRQUEUE, read_error, want_errors
from scanner.net.ledger import Refusal, datagram_packets

# WS-Discovery, SSDP and SADP; mDNS; the same for IPv6; Dahua's DHIP; TVT's question and answer; Ubiquiti. TTL 1 always.
DISCOVERY_GROUPS = frozenset(
    {"239.255.255.250", "224.0.0.251", "ff02::c", "ff02::fb", "239.255.255.251", "234.55.55.55", "234.55.55.56",
     "233.89.188.1"}
)  # fmt: skip
MAX_QUEUE = 4096
MAX_QUEUE_BYTES = 4 * 1024 * 1024
UNRESOLVED_S = 1.0
_BUFFER = 1024 * 1024
_AT_ONCE = 256
_ATTEMPTS = 4
_IP_MULTICAST_ALL, _IPV6_MULTICAST_ALL = 49, 29  # linux/in.h, linux/in6.h; the socket module does not name them


@asynccontextmanager
async def open_udp(
    gate: Gate, interface: Interface | None, port: int, join: Sequence[str], *, broadcast: bool = False
) -> AsyncIterator[DatagramSocket]:
    """The socket, closed on leaving. NetError where it can't be opened or a group can't be joined."""
    udp = UdpSocket(gate, interface, port, broadcast=broadcast)
    try:
        udp.open(join)
        yield udp
    finally:
        udp.close()


class UdpSocket:
    """The door's DatagramSocket: one kernel socket for IPv4, a second one for IPv6 when that is first needed."""

    def __init__(self, gate: Gate, interface: Interface | None, port: int, *, broadcast: bool = False) -> None:
        self._gate = gate
        self._broadcast = broadcast
        self._interface = interface
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._sockets: dict[socket.AddressFamily, socket.socket] = {}
        self._queue: deque[Datagram] = deque()
        self._queued = 0
        self._arrived = asyncio.Event()

    def open(self, join: Sequence[str]) -> None:
        """Bind, and join the groups."""
        for group in join:
            _check_group(self._gate, group)
        if self._broadcast:
            link_broadcast.check_link(self._gate, self._interface)
        families = {_family(group) for group in join} or {self._first_family()}
        for family in families:
            groups = [group for group in join if _family(group) == family]
            try:
                self._add(family, groups)
            except OSError as error:
                where = self._interface.name if self._interface else "any interface"
                raise net_error(error, where, self._port) from None

    def close(self) -> None:
        """Close the sockets."""
        for sock in self._sockets.values():
            self._loop.remove_reader(sock)
            sock.close()
        self._sockets.clear()

    async def send(self, data: bytes, host: str, port: int) -> None:
        """See DatagramSocket."""
        name = self._gate.admit(host)
        if self._gate.unresolved(name):
            await self._gate.pending.enter(name)
            self._loop.call_later(UNRESOLVED_S, self._gate.pending.leave, name)
        await self._gate.limiter.take(name, datagram_packets(len(data)))
        self._gate.ledger.count(name, packets=datagram_packets(len(data)), sent=len(data))
        await self._send(data, name, port)

    async def send_multicast(self, data: bytes, group: str, port: int) -> None:
        """See DatagramSocket."""
        _check_group(self._gate, group)
        await self._gate.limiter.take(None, datagram_packets(len(data)))
        self._gate.ledger.count(None, packets=datagram_packets(len(data)), sent=len(data))
        await self._send(data, group, port)

    async def send_broadcast(self, data: bytes, port: int) -> None:
        """See DatagramSocket."""
        address = link_broadcast.address(self._gate, self._interface if self._broadcast else None, port)
        await self._gate.limiter.take(None, datagram_packets(len(data)))
        self._gate.ledger.count(None, packets=datagram_packets(len(data)), sent=len(data))
        sock = self._sockets.get(socket.AF_INET) or self._add(socket.AF_INET, ())
        with link_broadcast.allowed(sock):
            await self._send(data, address, port)

    async def receive(self, timeout: float) -> Datagram | None:
        """See DatagramSocket."""
        if not self._queue:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, timeout)):
                    await self._arrived.wait()
        if not self._queue:
            # The loop may have been too busy to see what lies in the sockets.
            for sock in tuple(self._sockets.values()):
                self._drain(sock)
        if not self._queue:
            return None
        datagram = self._queue.popleft()
        self._queued -= len(datagram.data)
        return datagram

    def _first_family(self) -> socket.AddressFamily:
        texts = self._interface.addresses if self._interface else ()
        only_v6 = bool(texts) and all(ip_interface(text).version == 6 for text in texts)
        return socket.AF_INET6 if only_v6 else socket.AF_INET

    def _add(self, family: socket.AddressFamily, groups: Sequence[str]) -> socket.socket:
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            # Datagrams to absent neighbours lie in the send buffer for 3 s and would hold up the others.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            _share(sock, self._port)
            (_prepare_v4 if family == socket.AF_INET else _prepare_v6)(sock, self._interface)
            if self._broadcast and self._interface is not None:
                link_broadcast.tie(sock, self._interface)
            sock.bind(self._local(family, groups))
            for group in groups:
                _join(sock, group, self._interface)
        except BaseException:
            sock.close()
            raise
        self._sockets[family] = sock
        self._loop.add_reader(sock, self._drain, sock)
        return sock

    def _local(self, family: socket.AddressFamily, groups: Sequence[str]) -> tuple[str, int]:
        # A socket bound to a unicast address gets no multicast and no broadcast, so who listens to these binds to any.
        deaf = not groups and not self._broadcast
        if self._interface is not None and deaf and family == socket.AF_INET:
            own = (ip_interface(text) for text in self._interface.addresses)
            first = next((str(one.ip) for one in own if one.version == 4), "")
            return first, self._port
        return "", self._port

    async def _send(self, data: bytes, name: str, port: int) -> None:
        address = self._gate.sockaddr(name, port, "udp", self._interface)
        if len(address) == 4 and ip_address(name).is_multicast and self._interface is not None:
            address = (*address[:3], self._interface.index)
        family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                sock = self._sockets.get(family) or self._add(family, ())
                await self._loop.sock_sendto(sock, data, address)
                return
            except OSError as error:
                # An ICMP error of an earlier datagram is reported by the next send, which then has to be repeated.
                earlier = family in self._sockets and self._errors(self._sockets[family])
                if attempt == _ATTEMPTS or not (earlier or error.errno in {*SHORTAGES, errno.ECONNREFUSED}):
                    raise net_error(error, name, port) from None
                if not earlier:
                    await asyncio.sleep(0.02)

    def _drain(self, sock: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, address = sock.recvfrom(65535)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # The pending ICMP error; reading the error queue clears it.
                self._errors(sock)
                continue
            self._accept(data, address)
        self._errors(sock)

    def _accept(self, data: bytes, address: tuple[str, int]) -> None:
        host, port = self._gate.named(address[0], address[1], "udp")
        ledger = self._gate.ledger
        if self._gate.scope.contains(host):
            if not self._gate.allowance(host):
                ledger.dropped += 1
                return
            self._gate.arrived(host, len(data))
        else:
            ledger.count(None, received=len(data))
        if len(self._queue) >= MAX_QUEUE or self._queued + len(data) > MAX_QUEUE_BYTES:
            ledger.dropped += 1
            return
        self._queue.append(Datagram(data, host, port))
        self._queued += len(data)
        self._arrived.set()

    def _errors(self, sock: socket.socket) -> bool:
        """Read the error queue (ip(7), IP_RECVERR): who refuses a datagram is alive. Whether there was anything."""
        found = False
        for _ in range(_AT_ONCE):
            try:
                _data, controls, _flags, address = sock.recvmsg(0, 512, MSG_ERRQUEUE)
            except OSError:
                break
            found = True
            for _level, _kind, control in controls:
                self._note_error(control, address)
        return found

    def _note_error(self, control: bytes, address: tuple[str, int]) -> None:
        error = read_error(control) if address else None
        if error is None:
            return
        ledger = self._gate.ledger
        ledger.icmp_errors += 1
        host, _port = self._gate.named(address[0], address[1], "udp")
        if not self._gate.scope.contains(host):
            return
        if error.number == errno.ECONNREFUSED:
            ledger.refused_udp.add(host)
            self._gate.answered(host)
        elif error.unreachable and error.by:
            ledger.refusals[host] = Refusal(error.by, error.prohibited)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _check_group(gate: Gate, group: str) -> None:
    if group not in DISCOVERY_GROUPS:
        gate.ledger.refuse(group)
        raise OutOfScope(f"{group} is none of the link-local discovery groups; nothing was sent")


def _share(sock: socket.socket, port: int) -> None:
    if port:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "SO_REUSEPORT"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def _prepare_v4(sock: socket.socket, interface: Interface | None) -> None:
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    if MSG_ERRQUEUE:
        want_errors(sock)
        # Only the groups that this very socket has joined, not those of others on this machine.
        sock.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
    if interface is not None:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, _mreqn("0.0.0.0", interface))  # noqa: S104 - no bind


def _prepare_v6(sock: socket.socket, interface: Interface | None) -> None:
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 1)
    if MSG_ERRQUEUE:
        want_errors(sock)
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)
    if interface is not None:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index)


def _join(sock: socket.socket, group: str, interface: Interface | None) -> None:
    if ":" in group:
        request = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", interface.index if interface else 0)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, _mreqn(group, interface))


def _mreqn(group: str, interface: Interface | None) -> bytes:
    """struct ip_mreqn, ip(7): group, local address, interface index."""
    local = "0.0.0.0"  # noqa: S104 - not bound to: the index or the system decides
    for text in interface.addresses if interface else ():
        if ip_interface(text).version == 4:
            local = str(ip_interface(text).ip)
            break
    return socket.inet_aton(group) + socket.inet_aton(local) + struct.pack("@i", interface.index if interface else 0)
