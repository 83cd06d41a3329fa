"""The containers of captures: pcap and pcapng, read as a stream (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng).

Both byte orders, micro- and nanoseconds, several interfaces. A file that was cut is read as far as it goes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from scanner.models import EvidenceProblem

MAX_PACKET = 256 * 1024
MAX_BLOCK = 16 * 1024 * 1024
MAX_INTERFACES = 4096

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 10**6),
    b"\xa1\xb2\xc3\xd4": (">", 10**6),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9),
    b"\xa1\xb2\x3c\x4d": (">", 10**9),
}
_SECTION = b"\x0a\x0d\x0d\x0a"
_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _OLD_PACKET, _SIMPLE, _ENHANCED = 1, 2, 3, 6
_OPTION_RESOLUTION, _OPTION_OFFSET = 9, 14


class Packet(NamedTuple):
    """One captured packet. `number` counts from 1 as other tools count; `seconds` is None where no time was kept."""

    number: int
    link: int
    seconds: float | None
    data: bytes


def is_capture(head: bytes) -> bool:
    """Whether a file starts as one of the two containers do."""
    return head[:4] in _PCAP or (head[:4] == _SECTION and head[8:12] in _ORDERS)


def packets(stream: BinaryIO) -> Iterator[Packet | EvidenceProblem]:
    """The packets in their order. A part that can't be read is a problem; after one that hides where the next
    begins, nothing follows."""
    magic = _exactly(stream, 4)
    if magic in _PCAP:
        return _classic(stream, *_PCAP[magic])
    if magic == _SECTION:
        return _Blocks(stream).packets()
    return iter((EvidenceProblem(1, "neither pcap nor pcapng"),))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end."""
    data = stream.read(size)
    while 0 < len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


def _classic(stream: BinaryIO, order: str, unit: int) -> Iterator[Packet | EvidenceProblem]:
    head = _exactly(stream, 20)
    if len(head) < 20:
        yield EvidenceProblem(1, "cut inside the file's header")
        return
    # The upper bits say how long the frame check sequence is.
    link = struct.unpack(order + "I", head[16:20])[0] & 0xFFFF
    record = struct.Struct(order + "IIII")
    number = 0
    while head := _exactly(stream, 16):
        number += 1
        if len(head) < 16:
            yield EvidenceProblem(number, "cut inside a record's header")
            return
        seconds, fraction, size, _ = record.unpack(head)
        if size > MAX_PACKET:
            yield EvidenceProblem(number, f"a packet of {size} bytes: the rest can't be read")
            return
        data = _exactly(stream, size)
        yield Packet(number, link, seconds + fraction / unit, data)
        if len(data) < size:
            yield EvidenceProblem(number, "the file ends inside this packet")
            return


class _Interface(NamedTuple):
    link: int
    unit: int
    offset: int
    snap: int


class _Blocks:
    """The blocks of a pcapng file; each section has its own byte order and interfaces."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._order = "<"
        self._interfaces: list[_Interface] = []
        self._number = 0

    def packets(self) -> Iterator[Packet | EvidenceProblem]:
        kind_bytes = _SECTION
        while kind_bytes:
            if len(kind_bytes) < 4:
                yield self._problem("cut inside a block's header")
                return
            body = self._section() if kind_bytes == _SECTION else self._body()
            if isinstance(body, str):
                yield self._problem(body)
                return
            if kind_bytes != _SECTION:
                found = self._take(struct.unpack(self._order + "I", kind_bytes)[0], body)
                if found is not None:
                    yield found
            kind_bytes = _exactly(self._stream, 4)

    def _problem(self, reason: str) -> EvidenceProblem:
        return EvidenceProblem(self._number + 1, reason)

    def _section(self) -> bytes | str:
        head = _exactly(self._stream, 8)
        order = _ORDERS.get(head[4:])
        if order is None:
            return "a section header without its byte order: the rest can't be read"
        self._order = order
        self._interfaces = []
        return self._rest(head[:4], 12)

    def _body(self) -> bytes | str:
        return self._rest(_exactly(self._stream, 4), 8)

    def _rest(self, length_bytes: bytes, done: int) -> bytes | str:
        """The block's body without the length that ends it; a text says why not."""
        if len(length_bytes) < 4:
            return "cut inside a block's header"
        length = struct.unpack(self._order + "I", length_bytes)[0]
        if not done + 4 <= length <= MAX_BLOCK:
            return f"a block of {length} bytes: the rest can't be read"
        size = length - done + (-length % 4)
        data = _exactly(self._stream, size)
        return data[:-4] if len(data) == size else "the file ends inside a block"

    def _take(self, kind: int, body: bytes) -> Packet | EvidenceProblem | None:
        if kind in (_ENHANCED, _OLD_PACKET):
            return self._packet(kind, body)
        if kind == _SIMPLE:
            return self._simple(body)
        if kind == _INTERFACE:
            if len(body) < 8 or len(self._interfaces) >= MAX_INTERFACES:
                return self._problem("an interface description that can't be read")
            self._interfaces.append(self._interface(body))
        return None

    def _packet(self, kind: int, body: bytes) -> Packet | EvidenceProblem:
        self._number += 1
        if len(body) < 20:
            return EvidenceProblem(self._number, "a packet block that is too short")
        index, high, low, size, _ = struct.unpack(self._order + "IIIII", body[:20])
        if kind == _OLD_PACKET:
            index = struct.unpack(self._order + "H", body[:2])[0]
        if index >= len(self._interfaces):
            return EvidenceProblem(self._number, f"a packet of interface {index}, which is not described")
        face = self._interfaces[index]
        seconds = (high << 32 | low) / face.unit + face.offset
        return Packet(self._number, face.link, seconds, body[20 : 20 + min(size, MAX_PACKET)])

    def _simple(self, body: bytes) -> Packet | EvidenceProblem:
        self._number += 1
        if not self._interfaces or len(body) < 4:
            return EvidenceProblem(self._number, "a simple packet block without an interface")
        face = self._interfaces[0]
        size = min(struct.unpack(self._order + "I", body[:4])[0], face.snap or MAX_PACKET, MAX_PACKET)
        return Packet(self._number, face.link, None, body[4 : 4 + size])

    def _interface(self, body: bytes) -> _Interface:
        link, _, snap = struct.unpack(self._order + "HHI", body[:8])
        unit, offset, at = 10**6, 0, 8
        while at + 4 <= len(body):
            code, length = struct.unpack(self._order + "HH", body[at : at + 4])
            value = body[at + 4 : at + 4 + length]
            if code == _OPTION_RESOLUTION and len(value) == 1:
                power = value[0] & 0x7F
                unit = 2**power if value[0] & 0x80 else 10 ** min(power, 30)
            elif code == _OPTION_OFFSET and len(value) == 8:
                offset = struct.unpack(self._order + "q", value)[0]
            elif code == 0:
                break
            at += 4 + length + (-length % 4)
        return _Interface(link, unit, offset, snap)
