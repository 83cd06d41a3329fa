"""A strict little reader and writer of BER/DER: definite lengths only, every length checked (X.690 §8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.wire.errors import WireError

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30

_MAX_LENGTH_OCTETS = 4
_MAX_INTEGER_OCTETS = 9
_MAX_OID_OCTETS = 512


class Reader:
    """Reads values one after another from `data[start:end]`; WireError for all that does not fit."""

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._data = data
        self._at = start
        self._end = len(data) if end is None else end

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self._at >= self._end

    def peek(self) -> int:
        """The tag of the next value, 0 where nothing is left."""
        return 0 if self.empty else self._data[self._at]

    def _header(self) -> tuple[int, int, int]:
        """(tag, start, end) of the next value's content; the position moves behind it."""
        if self._at + 2 > self._end:
            raise WireError("BER value cut short")
        tag, length = self._data[self._at], self._data[self._at + 1]
        start = self._at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= _MAX_LENGTH_OCTETS or start + count > self._end:
                raise WireError("BER length that can't be read")
            length = int.from_bytes(self._data[start : start + count], "big")
            start += count
        if tag & 0x1F == 0x1F or start + length > self._end:
            raise WireError("BER value cut short or with a long tag")
        self._at = start + length
        return tag, start, start + length

    def value(self, expected: int | None = None) -> tuple[int, bytes]:
        """(tag, content) of the next value; WireError where `expected` is another tag."""
        tag, start, end = self._header()
        if expected is not None and tag != expected:
            raise WireError(f"BER tag {tag:#04x} instead of {expected:#04x}")
        return tag, self._data[start:end]

    def inside(self, expected: int | None = None) -> Reader:
        """A reader of the next value's content."""
        tag, start, end = self._header()
        if expected is not None and tag != expected:
            raise WireError(f"BER tag {tag:#04x} instead of {expected:#04x}")
        return Reader(self._data, start, end)

    def integer(self) -> int:
        """The next value, an INTEGER of at most 64 bits (some agents add a zero octet)."""
        return integer(self.value(INTEGER)[1])

    def octets(self) -> bytes:
        """The next value, an OCTET STRING."""
        return self.value(OCTET_STRING)[1]

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        while not self.empty:
            yield self.value()


def integer(content: bytes, *, signed: bool = True) -> int:
    """The number in an integer's content."""
    if not 1 <= len(content) <= _MAX_INTEGER_OCTETS:
        raise WireError("BER integer of odd size")
    return int.from_bytes(content, "big", signed=signed)


def object_identifier(content: bytes) -> str:
    """Dotted text of an object identifier's content (X.690 §8.19)."""
    if not content or len(content) > _MAX_OID_OCTETS or content[-1] & 0x80:
        raise WireError("BER object identifier that can't be read")
    arcs: list[int] = []
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if number >= 1 << 64:
            raise WireError("BER object identifier with a huge arc")
        if not octet & 0x80:
            arcs.append(number)
            number = 0
    root = min(arcs[0] // 40, 2)
    return ".".join(map(str, (root, arcs[0] - 40 * root, *arcs[1:])))


def encode(tag: int, content: bytes) -> bytes:
    """One value, with the shortest length."""
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def encode_integer(number: int, tag: int = INTEGER) -> bytes:
    """An integer with the fewest octets."""
    return encode(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def encode_octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return encode(OCTET_STRING, content)


def encode_sequence(parts: Sequence[bytes], tag: int = SEQUENCE) -> bytes:
    """A SEQUENCE (or, with `tag`, another constructed value) of encoded values."""
    return encode(tag, b"".join(parts))


def encode_object_identifier(dotted: str) -> bytes:
    """An object identifier from dotted text; ValueError for other text."""
    arcs = [int(arc) for arc in dotted.strip(".").split(".")]
    if len(arcs) < 2 or min(arcs) < 0:
        raise ValueError(f"not an object identifier: {dotted!r}")
    content = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(arc & 0x7F | 0x80)
        content.extend(reversed(octets))
    return encode(OBJECT_IDENTIFIER, bytes(content))
