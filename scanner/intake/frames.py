"""From a captured frame to what lies in it: link layer, IP, UDP and TCP, by offsets alone.

Link types: www.tcpdump.org/linktypes.html. IEEE 802.1Q, RFC 791, RFC 8200, RFC 768, RFC 9293.
"""

from __future__ import annotations

from typing import NamedTuple

IPV4, ARP, IPV6, LLDP, CDP = 0x0800, 0x0806, 0x86DD, 0x88CC, 0x2000
TCP, UDP, ICMPV6 = 6, 17, 58

_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_NULL, _LOOP = 0, 108
_RAW = frozenset({12, 14, 101, 228, 229})
LINKS = frozenset({_ETHERNET, _COOKED, _COOKED_2, _NULL, _LOOP}) | _RAW
_TAGS = frozenset({0x8100, 0x88A8, 0x9100})
_MAX_TAGS = 4
_MAX_EXTENSIONS = 6
_CDP_SNAP = b"\xaa\xaa\x03\x00\x00\x0c\x20\x00"
_INET, _INET6 = 2, frozenset({10, 23, 24, 28, 30})
_EXTENSIONS = frozenset({0, 43, 60})
_FRAGMENT = 44
NOTHING = (0, 0)


class Inside(NamedTuple):
    """The transport in an IP packet: `data[start:end]`; addresses as bytes; `fragment` (id, offset, more follow)."""

    protocol: int
    source: bytes
    target: bytes
    start: int
    end: int
    fragment: tuple[int, int, bool] | None


def network_layer(link: int, data: bytes) -> tuple[int, int]:
    """(EtherType, where its data begins); NOTHING for what is not read. CDP has the number of its SNAP protocol."""
    if link == _ETHERNET:
        return _ethernet(data)
    if link == _COOKED:
        return (data[14] << 8 | data[15], 16) if len(data) >= 16 else NOTHING
    if link == _COOKED_2:
        return (data[0] << 8 | data[1], 20) if len(data) >= 20 else NOTHING
    if link in _RAW:
        return _by_version(data, 0)
    if link in (_NULL, _LOOP) and len(data) > 4:
        family = int.from_bytes(data[:4], "big" if data[0] == 0 else "little")
        return (IPV4, 4) if family == _INET else (IPV6, 4) if family in _INET6 else NOTHING
    return NOTHING


def _by_version(data: bytes, at: int) -> tuple[int, int]:
    version = data[at] >> 4 if len(data) > at else 0
    return (IPV4, at) if version == 4 else (IPV6, at) if version == 6 else NOTHING


def _ethernet(data: bytes) -> tuple[int, int]:
    if len(data) < 14:
        return NOTHING
    kind, at = data[12] << 8 | data[13], 14
    for _ in range(_MAX_TAGS):
        if kind not in _TAGS or len(data) < at + 4:
            break
        kind, at = data[at + 2] << 8 | data[at + 3], at + 4
    if kind <= 1500:
        return (CDP, at + 8) if data[at : at + 8] == _CDP_SNAP else NOTHING
    return kind, at


def ipv4(data: bytes, at: int) -> Inside | None:
    """The transport in an IPv4 packet; a length of 0 (segmentation offload) means all that was captured."""
    if len(data) < at + 20:
        return None
    header = (data[at] & 0x0F) * 4
    if data[at] >> 4 != 4 or header < 20:
        return None
    length = data[at + 2] << 8 | data[at + 3] or len(data) - at
    flags = data[at + 6] << 8 | data[at + 7]
    fragment = None
    if flags & 0x3FFF:
        fragment = (data[at + 4] << 8 | data[at + 5], (flags & 0x1FFF) * 8, bool(flags & 0x2000))
    end = min(at + length, len(data))
    return Inside(data[at + 9], data[at + 12 : at + 16], data[at + 16 : at + 20], at + header, end, fragment)


def ipv6(data: bytes, at: int) -> Inside | None:
    """The transport in an IPv6 packet, behind its extension headers."""
    if len(data) < at + 40 or data[at] >> 4 != 6:
        return None
    kind, start = data[at + 6], at + 40
    end = min(start + (data[at + 4] << 8 | data[at + 5]), len(data)) if data[at + 4 : at + 6] != b"\0\0" else len(data)
    fragment = None
    for _ in range(_MAX_EXTENSIONS):
        if len(data) < start + 8:
            break
        if kind == _FRAGMENT:
            offset = data[start + 2] << 8 | data[start + 3]
            if offset & 0xFFF9:
                fragment = (int.from_bytes(data[start + 4 : start + 8], "big"), offset & 0xFFF8, bool(offset & 1))
            kind, start = data[start], start + 8
        elif kind in _EXTENSIONS:
            kind, start = data[start], start + 8 + data[start + 1] * 8
        else:
            break
    return Inside(kind, data[at + 8 : at + 24], data[at + 24 : at + 40], start, end, fragment)


class Fragments:
    """Puts datagrams together that IP has cut; at most `LIMIT` at once and `MAX_BYTES` each, oldest given up first."""

    LIMIT = 64
    MAX_BYTES = 65_535
    MAX_PARTS = 64

    def __init__(self) -> None:
        self._open: dict[tuple[bytes, bytes, int, int], dict[int, tuple[bytes, bool]]] = {}

    def add(self, inside: Inside, data: bytes) -> bytes | None:
        """The whole once its last missing part is here; None until then."""
        if inside.fragment is None:
            return data[inside.start : inside.end]
        identity, offset, more = inside.fragment
        part = data[inside.start : inside.end]
        key = (inside.source, inside.target, inside.protocol, identity)
        parts = self._open.setdefault(key, {})
        if offset + len(part) > self.MAX_BYTES or len(parts) >= self.MAX_PARTS:
            del self._open[key]
            return None
        parts[offset] = (part, more)
        whole = _joined(parts)
        if whole is not None:
            del self._open[key]
        elif len(self._open) > self.LIMIT:
            del self._open[next(iter(self._open))]
        return whole


def _joined(parts: dict[int, tuple[bytes, bool]]) -> bytes | None:
    whole = bytearray()
    more = True
    for offset in sorted(parts):
        if offset != len(whole):
            return None
        part, more = parts[offset]
        whole += part
    return None if more else bytes(whole)
