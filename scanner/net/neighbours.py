"""The kernel's neighbour table (ARP and NDP), read without any privilege.

Linux: an RTM_GETNEIGH dump over netlink, rtnetlink(7), linux/neighbour.h. Where that fails, /proc/net/arp; where
that is missing too (other systems), nothing.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from scanner.net.api import Neighbour

_RTM_NEWNEIGH, _RTM_GETNEIGH = 28, 30
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_NLM_F_REQUEST_DUMP = 0x301
_NDA_DST, _NDA_LLADDR = 1, 2
_NUD_REACHABLE_STALE_DELAY_PROBE_PERMANENT = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
_NUD_NOARP = 0x40
_NDMSG = struct.Struct("=BBHIHBB")
_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_MAX_BYTES = 16 * 1024 * 1024
_ARP_COMPLETE = 0x02


def read_neighbours() -> tuple[Neighbour, ...]:
    """The table now, both families; empty where it can't be read."""
    try:
        return tuple(parse_dump(_dump()))
    except (AttributeError, OSError):
        return tuple(_from_proc(Path("/proc/net/arp")))


def parse_dump(dump: bytes) -> Iterator[Neighbour]:
    """The rows of netlink messages; rows without an address and NOARP rows (loopback, multicast) are left out."""
    for kind, body in _messages(dump):
        if kind != _RTM_NEWNEIGH or len(body) < _NDMSG.size:
            continue
        family, _, _, index, state, _, _ = _NDMSG.unpack_from(body)
        attributes = dict(_attributes(body[_NDMSG.size :]))
        address = attributes.get(_NDA_DST, b"")
        if len(address) != {socket.AF_INET: 4, socket.AF_INET6: 16}.get(family) or state & _NUD_NOARP:
            continue
        mac = attributes.get(_NDA_LLADDR, b"")
        resolved = bool(state & _NUD_REACHABLE_STALE_DELAY_PROBE_PERMANENT) and len(mac) == 6
        yield Neighbour(str(ip_address(address)), mac.hex(":") if resolved else None, _name(index), resolved)


def parse_proc(text: str) -> Iterator[Neighbour]:
    """The rows of /proc/net/arp, proc(5)."""
    for line in text.splitlines()[1:]:
        columns = line.split()
        if len(columns) == 6:
            resolved = columns[2].startswith("0x") and bool(int(columns[2], 16) & _ARP_COMPLETE)
            yield Neighbour(columns[0], columns[3].lower() if resolved else None, columns[5], resolved)


def _from_proc(path: Path) -> Iterator[Neighbour]:
    try:
        yield from parse_proc(path.read_text())
    except (OSError, ValueError):
        return


def _dump() -> bytes:
    request = _HEADER.pack(_HEADER.size + _NDMSG.size, _RTM_GETNEIGH, _NLM_F_REQUEST_DUMP, 1, 0)
    request += _NDMSG.pack(socket.AF_UNSPEC, 0, 0, 0, 0, 0, 0)
    parts: list[bytes] = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.settimeout(1.0)
        netlink.send(request)
        while sum(map(len, parts)) < _MAX_BYTES:
            part = netlink.recv(262_144)
            parts.append(part)
            kinds = [kind for kind, _body in _messages(part)]
            if _NLMSG_ERROR in kinds:
                raise OSError(os.strerror(71))
            if _NLMSG_DONE in kinds or not kinds:
                break
    return b"".join(parts)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, *_ = _HEADER.unpack_from(data, at)
        if not _HEADER.size <= length <= len(data) - at:
            return
        yield kind, data[at + _HEADER.size : at + length]
        at += length + 3 & ~3


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if not _ATTRIBUTE.size <= length <= len(data) - at:
            return
        yield kind, data[at + _ATTRIBUTE.size : at + length]
        at += length + 3 & ~3


def _name(index: int) -> str:
    try:
        return socket.if_indextoname(index)
    except (OSError, OverflowError):
        return str(index)
