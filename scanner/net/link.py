"""Layer 2 of the door: ARP requests for addresses in scope, and nothing else (RFC 826)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, ip_interface

from scanner.models import Outcome, OutOfScope
from scanner.net.api import Interface, Link, NetError
from scanner.net.dial import net_error
from scanner.net.gate import Gate

ARP = 0x0806
_ARP_REQUEST_V4 = bytes.fromhex("08060001080006040001")
_MIN_FRAME, _MAX_FRAME = 42, 60
_RECEIVE_BUFFER = 1024 * 1024


@asynccontextmanager
async def open_link(gate: Gate, interface: Interface, ethertype: int) -> AsyncIterator[Link]:
    """The raw socket, closed on leaving. NetError(NOT_PERMITTED) where the system or the door forbids it."""
    sock = _open(interface, ethertype)
    try:
        yield ArpLink(gate, interface, sock)
    finally:
        sock.close()


class ArpLink:
    """The door's Link."""

    def __init__(self, gate: Gate, interface: Interface, sock: socket.socket) -> None:
        self.mac = interface.mac or ""
        self._gate = gate
        self._interface = interface
        self._sock = sock
        own = (ip_interface(text).ip for text in interface.addresses)
        self._own = {b"\0\0\0\0"} | {address.packed for address in own if address.version == 4}

    async def send(self, frame: bytes) -> None:
        """See Link. OutOfScope for what is no plain ARP request, in our own name, for an address in scope."""
        self._check(frame)
        await self._gate.limiter.take(None)
        self._gate.ledger.count(None, packets=1, sent=len(frame))
        try:
            await asyncio.get_running_loop().sock_sendall(self._sock, frame)
        except OSError as error:
            raise net_error(error, self._interface.name, 0) from None

    async def receive(self, timeout: float) -> bytes | None:
        """See Link."""
        try:
            async with asyncio.timeout(max(0.0, timeout)):
                frame = await asyncio.get_running_loop().sock_recv(self._sock, 2048)
        except TimeoutError:
            return None
        except OSError as error:
            raise net_error(error, self._interface.name, 0) from None
        self._gate.ledger.count(None, received=len(frame))
        return frame

    def _check(self, frame: bytes) -> None:
        """A wrong ARP frame changes what other machines believe, so only questions pass, asked in our own name."""
        own_mac = bytes.fromhex(self.mac.replace(":", ""))
        target = str(IPv4Address(frame[38:42])) if len(frame) >= _MIN_FRAME else ""
        asks = (
            _MIN_FRAME <= len(frame) <= _MAX_FRAME
            and frame[12:22] == _ARP_REQUEST_V4
            and frame[6:12] == frame[22:28] == own_mac
            and frame[28:32] in self._own
        )
        if not asks:
            raise OutOfScope(f"{self._interface.name}: only ARP requests in this machine's own name leave here")
        self._gate.admit(target)


def may_open_links() -> bool:
    """Whether raw sockets are allowed here. The one that is tried is bound to nothing, and sends nothing."""
    if not hasattr(socket, "AF_PACKET"):
        return False
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except OSError:
        return False
    return True


def _open(interface: Interface, ethertype: int) -> socket.socket:
    def forbidden(why: str) -> NetError:
        return NetError(Outcome.NOT_PERMITTED, interface.name, 0, why)

    if ethertype != ARP:
        raise forbidden(f"only ARP goes through raw sockets, not ethertype {ethertype:#06x}")
    if not hasattr(socket, "AF_PACKET"):
        raise forbidden("this system has no packet sockets")
    if interface.mac is None:
        raise forbidden("the interface has no hardware address")
    try:
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise forbidden("raw sockets need root or CAP_NET_RAW") from None
    except OSError as error:
        raise net_error(error, interface.name, 0) from None
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.bind((interface.name, ethertype))
    except OSError as error:
        sock.close()
        raise net_error(error, interface.name, 0) from None
    return sock
