"""Broadcast on one chosen link: which address it takes, which ports it may go to, how a socket is tied to it."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from collections.abc import Iterator
from ipaddress import ip_interface

from scanner.models import OutOfScope
from scanner.net.api import Interface
from scanner.net.gate import Gate

LIMITED = "255.255.255.255"
PORTS = frozenset(
    {
        1757,
        2000,
        2007,
        2380,
        3001,
        3600,
        3956,
        5050,
        6666,
        7701,
        8600,
        9999,
        10000,
        10001,
        10670,
        20002,
        20004,
        32108,
        34569,
        37810,
    }
)  # each the port of one vendor's discovery, whose questions only ask: scanner/wire/vendor.py
_IP_UNICAST_IF = 50  # linux/in.h
_LINUX = sys.platform == "linux"


def check_link(gate: Gate, interface: Interface | None) -> None:
    """OutOfScope unless `interface` is one of those chosen for the sweep and has an IPv4 address."""
    if interface is None or interface not in gate.interfaces:
        gate.ledger.refuse(LIMITED)
        raise OutOfScope("a broadcast needs one of the chosen interfaces; nothing was sent")
    if not any(":" not in text for text in interface.addresses):
        raise OutOfScope(f"{interface.name} has no IPv4 address to broadcast from; nothing was sent")


def address(gate: Gate, interface: Interface | None, port: int) -> str:
    """The broadcast address for `port` on `interface`; OutOfScope where none may be used.

    Linux takes the limited one, which also reaches devices that are set up for another network; elsewhere a socket
    can't be tied to a link, and the broadcast address of the interface's own network chooses it.
    """
    check_link(gate, interface)
    if interface is None or port not in PORTS:
        gate.ledger.refuse(LIMITED)
        raise OutOfScope(f"port {port} is none that vendors' discovery uses; nothing was sent")
    if _LINUX:
        return LIMITED
    own = next(ip_interface(text) for text in interface.addresses if ":" not in text)
    return str(own.network.broadcast_address)


def tie(sock: socket.socket, interface: Interface) -> None:
    """Let `sock` speak and hear on `interface` alone, as far as the system allows it."""
    if not _LINUX:
        return
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.name.encode() + b"\0")
    except PermissionError:  # before Linux 5.7 it takes CAP_NET_RAW: then at least what goes out is tied
        sock.setsockopt(socket.IPPROTO_IP, _IP_UNICAST_IF, struct.pack("!I", interface.index))


@contextlib.contextmanager
def allowed(sock: socket.socket) -> Iterator[None]:
    """Allow broadcasts on `sock` for the moment; at all other times the system refuses them."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 0)
