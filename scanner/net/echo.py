"""One ICMPv6 echo to all nodes of a link, and who answers it (RFC 4443 section 4, RFC 4291 section 2.7.1)."""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct

from scanner.models import Outcome, OutOfScope
from scanner.net.api import Interface, NetError
from scanner.net.dial import net_error
from scanner.net.gate import Gate
from scanner.net.scope import canonical

ALL_NODES = "ff02::1"
MAX_ANSWERS = 4096
_ECHO, _ECHO_REPLY = 128, 129
_HEADER = struct.Struct("!BBHHH")
_ICMP6_FILTER = 1  # linux/icmpv6.h; a bit that is set blocks that type
_RECEIVE_BUFFER = 1024 * 1024


async def echo_link(gate: Gate, interface: Interface, timeout: float) -> frozenset[str]:
    """Who answers within `timeout` seconds: addresses without a zone, MAX_ANSWERS at most.

    NetError(NOT_PERMITTED) where the system allows neither a ping socket nor a raw one; OutOfScope for an interface
    that was not chosen. The packet's hop limit is 1.
    """
    if interface.index not in {one.index for one in gate.interfaces}:
        gate.ledger.refuse(ALL_NODES)
        raise OutOfScope(f"{interface.name} is none of the chosen interfaces; nothing was sent")
    sock = _open(interface)
    try:
        token = secrets.token_bytes(16)
        question = _HEADER.pack(_ECHO, 0, 0, secrets.randbits(16), 1) + token
        await gate.limiter.take(None)
        gate.ledger.count(None, packets=1, sent=len(question))
        try:
            sock.sendto(question, (ALL_NODES, 0, 0, interface.index))
        except OSError as error:
            raise net_error(error, interface.name, 0) from None
        return await _answers(gate, sock, token, timeout)
    finally:
        sock.close()


async def _answers(gate: Gate, sock: socket.socket, token: bytes, timeout: float) -> frozenset[str]:
    loop = asyncio.get_running_loop()
    found: set[str] = set()
    try:
        async with asyncio.timeout(timeout):
            while len(found) < MAX_ANSWERS:
                data, address = await loop.sock_recvfrom(sock, 2048)
                gate.ledger.count(None, received=len(data))
                host = canonical(address[0])
                if host and data[:1] == bytes([_ECHO_REPLY]) and data[_HEADER.size :] == token:
                    found.add(host)
    except (TimeoutError, OSError):
        pass
    return frozenset(found)


def _open(interface: Interface) -> socket.socket:
    """A ping socket where the system lets everybody have one (ping_group_range), else a raw one."""
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            sock = socket.socket(socket.AF_INET6, kind, socket.IPPROTO_ICMPV6)
        except PermissionError:
            continue
        except OSError as error:
            raise net_error(error, interface.name, 0) from None
        try:
            _prepare(sock, kind, interface)
        except OSError as error:
            sock.close()
            raise net_error(error, interface.name, 0) from None
        return sock
    raise NetError(Outcome.NOT_PERMITTED, interface.name, 0, "echo sockets need root or CAP_NET_RAW")


def _prepare(sock: socket.socket, kind: int, interface: Interface) -> None:
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
    if kind == socket.SOCK_RAW:
        blocked = [0xFFFFFFFF] * 8
        blocked[_ECHO_REPLY >> 5] &= ~(1 << (_ECHO_REPLY & 31)) & 0xFFFFFFFF
        sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, struct.pack("@8I", *blocked))
