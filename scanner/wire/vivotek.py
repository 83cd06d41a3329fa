"""Vivotek's discovery: 5 bytes, answered by type-length-value parts (UDP 10000).

Source: julienblitte/UniversalScanner (Vivotek.cs).
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import MAX_PARTS, filled, ipv4_text, mac_text, need, text_at

PORT = 10000
MAGIC = b"\x4a\x5d\x8f\x1c"
_LONG_NAME, _MAC, _IP, _SINGLE, _SHORT_NAME = 1, 2, 3, 4, 9


def build_request(session: int = 1) -> bytes:
    """Session number and magic."""
    return bytes([session & 0xFF]) + MAGIC


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: model (the short name), long_name, mac, ip. WireError: no answer, as the question itself."""
    need(data[1:], 8, MAGIC, "answer to Vivotek's discovery")
    found = _parts(data)
    told = filled(
        model=text_at(found.get(_SHORT_NAME, b""), 0, 64),
        long_name=text_at(found.get(_LONG_NAME, b""), 0, 64),
        mac=mac_text(found[_MAC]) if _MAC in found else "",
        ip=ipv4_text(found[_IP]) if _IP in found else "",
    )
    if not told:
        raise WireError("an answer that names nothing")
    return {"fields": told}


def _parts(data: bytes) -> dict[int, bytes]:
    """Type 4 is one byte without a length; all others have theirs."""
    found: dict[int, bytes] = {}
    at = 5
    for _ in range(MAX_PARTS):
        if at + 2 > len(data):
            break
        kind, size = data[at], data[at + 1]
        at += 2
        if kind == _SINGLE:
            continue
        if at + size > len(data):
            raise WireError("a part longer than the datagram")
        found.setdefault(kind, data[at : at + size])
        at += size
    return found
