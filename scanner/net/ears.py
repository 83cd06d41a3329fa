"""Listening at a link: what passes by, without a packet sent, a group joined or an address asked for.

A packet socket (packet(7)) that is never written to. The interface is put into promiscuous mode while it is open, so
that multicast arrives without an IGMP or MLD report of ours. A filter in the kernel (classic BPF, Linux'
networking/filter.rst) lets pass only what announces a device, so that video streams cost nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import socket
import struct
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from scanner.models import Outcome
from scanner.net.api import Interface, NetError
from scanner.net.dial import net_error

MAX_FRAME = 65535
MAX_PORTS = 100
_AT_ONCE = 256
_RECEIVE_BUFFER = 8 * 1024 * 1024
# linux/if_packet.h, asm-generic/socket.h, linux/if_ether.h
_SOL_PACKET, _ADD_MEMBERSHIP, _STATISTICS, _PROMISCUOUS = 263, 1, 6, 1
_SO_ATTACH_FILTER, _ETH_P_ALL, _OUTGOING = 26, 0x0003, 4
# linux/bpf_common.h: load half word and byte at a fixed place, and from the end of the IPv4 header; jumps; return
_LDH, _LDB, _LDH_X, _LDX_IHL = 0x28, 0x30, 0x48, 0xB1
_JA, _JEQ, _JGT, _JSET, _RET = 0x05, 0x15, 0x25, 0x45, 0x06
_ARP, _IPV4, _IPV6, _LLDP, _MOST_802_3 = 0x0806, 0x0800, 0x86DD, 0x88CC, 1500
_UDP, _ICMPV6, _FRAGMENT = 17, 58, 44

Instruction = tuple[int, int, int, int]
"""(code, jump if true, jump if false, k), struct sock_filter."""


class Ears(Protocol):
    """One link, listened to."""

    async def receive(self) -> Sequence[bytes]:
        """The next Ethernet frames of others, at least one. NetError when the interface goes away."""

    def dropped(self) -> int:
        """Frames that the kernel had no room for, since the last call."""


@asynccontextmanager
async def open_ears(interface: Interface, ports: Collection[int]) -> AsyncIterator[Ears]:
    """Ears for ARP, LLDP, 802.3 (CDP), ICMPv6, and UDP from or to one of `ports`; closed on leaving.

    NetError(NOT_PERMITTED) where the system forbids it, another NetError where the interface can't be used.
    """
    sock = _open(interface, ports)
    try:
        yield PacketEars(interface, sock)
    finally:
        sock.close()


class PacketEars:
    """Ears at a packet socket."""

    def __init__(self, interface: Interface, sock: socket.socket) -> None:
        self._interface = interface
        self._sock = sock

    async def receive(self) -> Sequence[bytes]:
        """See Ears."""
        while True:
            if frames := self._waiting():
                return frames
            await self._readable()

    def dropped(self) -> int:
        """See Ears."""
        _seen, dropped = struct.unpack("=II", self._sock.getsockopt(_SOL_PACKET, _STATISTICS, 8))
        return int(dropped)

    def _waiting(self) -> list[bytes]:
        frames: list[bytes] = []
        for _ in range(_AT_ONCE):
            try:
                frame, address = self._sock.recvfrom(MAX_FRAME)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                raise net_error(error, self._interface.name, 0) from None
            if address[2] != _OUTGOING:
                frames.append(frame)
        return frames

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._sock, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._sock)


def filter_program(ports: Collection[int]) -> list[Instruction]:
    """The kernel's filter for these UDP ports (at most MAX_PORTS). Later fragments carry no ports and pass."""
    chosen = sorted(set(ports))
    if len(chosen) > MAX_PORTS:
        raise ValueError(f"more than {MAX_PORTS} ports")
    v4 = [
        (_LDB, 0, 0, 23),
        *_reject_unless(_UDP),
        (_LDH, 0, 0, 20),
        (_JSET, 0, 1, 0x1FFF),
        _ACCEPT,
        (_LDX_IHL, 0, 0, 14),
        *_accept_port((_LDH_X, 0, 0, 14), chosen),
        *_accept_port((_LDH_X, 0, 0, 16), chosen),
        _REJECT,
    ]
    v6 = [
        (_LDB, 0, 0, 20),
        *_accept_if(_ICMPV6),
        *_accept_if(_FRAGMENT),
        *_reject_unless(_UDP),
        *_accept_port((_LDH, 0, 0, 54), chosen),
        *_accept_port((_LDH, 0, 0, 56), chosen),
        _REJECT,
    ]
    return [
        (_LDH, 0, 0, 12),
        *_accept_if(_ARP),
        *_accept_if(_LLDP),
        (_JEQ, 0, len(v4), _IPV4),
        *v4,
        (_JEQ, 0, len(v6), _IPV6),
        *v6,
        (_JGT, 0, 1, _MOST_802_3),
        _REJECT,
        _ACCEPT,
    ]


_ACCEPT: Instruction = (_RET, 0, 0, MAX_FRAME)
_REJECT: Instruction = (_RET, 0, 0, 0)


def _accept_if(value: int) -> list[Instruction]:
    return [(_JEQ, 0, 1, value), _ACCEPT]


def _reject_unless(value: int) -> list[Instruction]:
    return [(_JEQ, 1, 0, value), _REJECT]


def _accept_port(load: Instruction, ports: Sequence[int]) -> list[Instruction]:
    tests = [(_JEQ, len(ports) - number, 0, port) for number, port in enumerate(ports)]
    return [load, *tests, (_JA, 0, 0, 1), _ACCEPT]


def _open(interface: Interface, ports: Collection[int]) -> socket.socket:
    if not hasattr(socket, "AF_PACKET"):
        raise NetError(Outcome.NOT_PERMITTED, interface.name, 0, "this system has no packet sockets")
    try:
        # No protocol yet: nothing arrives before the filter is in place.
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except OSError as error:
        raise net_error(error, interface.name, 0) from None
    try:
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        _attach(sock, filter_program(ports))
        sock.bind((interface.name, _ETH_P_ALL))
        membership = struct.pack("@iHH8s", interface.index, _PROMISCUOUS, 0, b"")
        sock.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, membership)
    except OSError as error:
        sock.close()
        raise net_error(error, interface.name, 0) from None
    return sock


def _attach(sock: socket.socket, program: Sequence[Instruction]) -> None:
    code = ctypes.create_string_buffer(b"".join(struct.pack("@HBBI", *each) for each in program))
    sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(code)))
