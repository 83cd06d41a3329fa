"""SNMP answers as a capture shows them (RFC 1157, RFC 3416, RFC 3412). Communities are never kept."""

from __future__ import annotations

from typing import Any

from scanner.text import decode
from scanner.wire import ber
from scanner.wire.ber import Reader
from scanner.wire.errors import WireError
from scanner.wire.snmp import MAX_MESSAGE, MAX_VARBINDS, parse_discovery

_RESPONSE = 0xA2
_IP_ADDRESS, _COUNTERS = 0x40, (0x41, 0x42, 0x43, 0x46, 0x47)
_NOTHING = (ber.NULL, 0x80, 0x81, 0x82)
_MAX_TEXT = 4096


def parse_answer(data: bytes) -> dict[str, Any]:
    """The `snmp` fields of an answer: `oids` (v1, v2c) or `engine_id` (v3). WireError: no answer, or nothing in it."""
    if len(data) > MAX_MESSAGE:
        raise WireError("SNMP message too long")
    reader = Reader(data).inside(ber.SEQUENCE)
    version = reader.integer()
    if version == 3:
        return {"engine_id": parse_discovery(data).engine_id}
    if version not in (0, 1):
        raise WireError("unknown SNMP version")
    reader.octets()  # the community: nobody's business
    pdu = reader.inside(_RESPONSE)
    for _ in range(3):
        pdu.integer()
    oids = _varbinds(pdu.inside(ber.SEQUENCE))
    if not oids:
        raise WireError("an SNMP answer without values")
    return {"oids": oids}


def _varbinds(reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    while not reader.empty and len(found) < MAX_VARBINDS:
        pair = reader.inside(ber.SEQUENCE)
        name = ber.object_identifier(pair.value(ber.OBJECT_IDENTIFIER)[1])
        text = _text(*pair.value())
        if text is not None:
            found[name] = text
    return found


def _text(tag: int, content: bytes) -> str | None:
    if tag in _NOTHING:
        return None
    if tag == ber.INTEGER or tag in _COUNTERS:
        return str(ber.integer(content, signed=tag == ber.INTEGER))
    if tag == ber.OBJECT_IDENTIFIER:
        return ber.object_identifier(content)
    if tag == _IP_ADDRESS and len(content) == 4:
        return ".".join(map(str, content))
    return decode(content[:_MAX_TEXT])
