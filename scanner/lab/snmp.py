"""SNMP agents of the lab: SNMPv3 engine discovery without a secret, v1/v2c with the device's own community.

BER as in X.690 with definite lengths; messages RFC 1157, RFC 3416, RFC 3412; reports RFC 3414, 3.2.
Written apart from scanner.wire on purpose: two readings of the standard that check each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from scanner.lab.spec import Snmp
from scanner.lab.station import Station

PORT = 161

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
TICKS = 0x43
GET, GET_NEXT, RESPONSE, SET, GET_BULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5, 0xA8
NO_SUCH_OBJECT, END_OF_VIEW = 0x80, 0x82
_NO_SUCH_NAME = 2
_UNKNOWN_ENGINES = "1.3.6.1.6.3.15.1.1.4.0"
_UNKNOWN_USERS = "1.3.6.1.6.3.15.1.1.3.0"
_MAX_REPEATS = 20

Item = tuple[int, bytes]


def answer(station: Station, agent: Snmp, data: bytes, peer: str) -> list[bytes]:
    """The datagrams to send back; silence where the message is broken or the community is not the device's."""
    try:
        parts = list(items(one(data, SEQUENCE)))
        version = number(parts[0])
        if version == 3:
            return _answer_v3(station, agent, parts, peer)
        if version in (0, 1):
            return _answer_v2(station, agent, version, parts, peer)
    except (ValueError, IndexError, UnicodeDecodeError):
        return []
    return []


def _answer_v3(station: Station, agent: Snmp, parts: list[Item], peer: str) -> list[bytes]:
    if not agent.engine_id:
        return []
    header = list(items(parts[1][1]))
    security = list(items(one(parts[2][1], SEQUENCE)))
    user = security[3][1]
    if user:
        station.record.violation(station.host, PORT, peer, "login", f"SNMPv3 user {user[:40]!r}")
    engine = bytes.fromhex(agent.engine_id)
    oid = _UNKNOWN_USERS if user and security[0][1] == engine else _UNKNOWN_ENGINES
    boots, uptime = integer(7), integer(123456)
    scoped = list(items(parts[3][1])) if parts[3][0] == SEQUENCE else []
    request = number(next(items(scoped[2][1]))) if len(scoped) == 3 else 0
    usm = tlv(SEQUENCE, tlv(OCTETS, engine) + boots + uptime + tlv(OCTETS, user) + tlv(OCTETS, b"") * 2)
    flags = tlv(OCTETS, b"\0")
    head = tlv(SEQUENCE, tlv(*header[0]) + integer(65507) + flags + integer(3))
    row = tlv(SEQUENCE, tlv(OID, pack_oid(oid)) + tlv(0x41, b"\x2a"))
    pdu = tlv(REPORT, integer(request) + integer(0) + integer(0) + tlv(SEQUENCE, row))
    body = tlv(SEQUENCE, tlv(OCTETS, engine) + tlv(OCTETS, b"") + pdu)
    return [tlv(SEQUENCE, integer(3) + head + tlv(OCTETS, usm) + body)]


def _answer_v2(station: Station, agent: Snmp, version: int, parts: list[Item], peer: str) -> list[bytes]:
    community = parts[1][1].decode("latin-1")
    kind, body = parts[2]
    if kind == SET:
        station.record.violation(station.host, PORT, peer, "setting", "SNMP SetRequest")
    community, _, context = community.partition("@")
    view = agent.contexts.get(context) if context else agent.oids
    if not station.gate.community(community, agent.community, PORT, peer) or kind == SET or view is None:
        return []
    pdu = list(items(body))
    asked = [text_oid(next(items(row))[1]) for _, row in items(pdu[3][1])]
    repeats = min(number(pdu[2]), _MAX_REPEATS) if kind == GET_BULK else 1
    rows, error = _look_up(view, kind, version, asked, repeats)
    listed = b"".join(tlv(SEQUENCE, tlv(OID, pack_oid(oid)) + value) for oid, value in rows)
    status = integer(_NO_SUCH_NAME if error else 0) + integer(error)
    answer_pdu = tlv(RESPONSE, tlv(*pdu[0]) + status + tlv(SEQUENCE, listed))
    return [tlv(SEQUENCE, integer(version) + tlv(*parts[1]) + answer_pdu)]


def _look_up(
    view: Mapping[str, str], kind: int, version: int, asked: list[str], repeats: int
) -> tuple[list[tuple[str, bytes]], int]:
    """(rows, index of the first name that v1 must report as missing, or 0)."""
    table = sorted(view, key=oid_key)
    rows: list[tuple[str, bytes]] = []
    for index, oid in enumerate(asked, start=1):
        if kind == GET:
            found = [oid] if oid in view else []
        else:
            start = bisect_right(table, oid_key(oid), key=oid_key)
            found = table[start : start + repeats]
        if not found and version == 0:
            return [(name, tlv(NULL, b"")) for name in asked], index
        missing = NO_SUCH_OBJECT if kind == GET else END_OF_VIEW
        rows += [(name, value(view[name])) for name in found] or [(oid, tlv(missing, b""))]
    return rows, 0


def value(text: str) -> bytes:
    """The BER of a value of the device file: "oid:1.3.6…", "ticks:123", "int:1", "hex:00ff", anything else is text."""
    kind, _, rest = text.partition(":")
    if kind == "oid":
        return tlv(OID, pack_oid(rest))
    if kind == "ticks":
        return tlv(TICKS, int(rest).to_bytes(4, "big"))
    if kind == "int":
        return integer(int(rest))
    if kind == "hex":
        return tlv(OCTETS, bytes.fromhex(rest))
    return tlv(OCTETS, text.encode())


def tlv(tag: int, content: bytes) -> bytes:
    """One BER item."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def items(data: bytes) -> Iterator[Item]:
    """The (tag, content) pairs in `data`; ValueError where a length runs past the end."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("cut")
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            width = size & 0x7F
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        if at + size > len(data):
            raise ValueError("length past the end")
        yield tag, data[at : at + size]
        at += size


def one(data: bytes, tag: int) -> bytes:
    """The content of the first item, which must have `tag`."""
    found, content = next(items(data), (0, b""))
    if found != tag:
        raise ValueError(f"tag {found:#x} in place of {tag:#x}")
    return content


def number(item: Item) -> int:
    """The value of an INTEGER item."""
    if item[0] != INTEGER or len(item[1]) > 8:
        raise ValueError("no integer")
    return int.from_bytes(item[1], "big", signed=True)


def integer(amount: int) -> bytes:
    """An INTEGER item."""
    return tlv(INTEGER, amount.to_bytes(amount.bit_length() // 8 + 1, "big", signed=True))


def pack_oid(text: str) -> bytes:
    """The content of an OBJECT IDENTIFIER."""
    arcs = [int(part) for part in text.split(".")]
    packed = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        packed += bytes(reversed(groups))
    return bytes(packed)


def text_oid(content: bytes) -> str:
    """The dotted text of an OBJECT IDENTIFIER's content."""
    if not content:
        raise ValueError("empty object identifier")
    arcs = [min(content[0] // 40, 2)]
    arcs.append(content[0] - 40 * arcs[0])
    arc = 0
    for byte in content[1:]:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    return ".".join(str(part) for part in arcs)


def oid_key(text: str) -> tuple[int, ...]:
    """The order of object identifiers."""
    return tuple(int(part) for part in text.split("."))
