"""Panasonic and i-PRO discovery: 52 bytes, answered by a header and type-length-value parts (UDP 10670, to 10669).

Source: julienblitte/UniversalScanner (Panasonic.cs).
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import MAX_PARTS, filled, ipv4_text, mac_text, text_at

PORT = 10670
REPLY_PORT = 10669
_PARTS_AT = 53
_IPV4, _MASK, _GATEWAY, _FULL_NAME, _SHORT_NAME = 0x20, 0x21, 0x22, 0xA7, 0xA8
_TAIL = bytes.fromhex("00012011 1e11231f 1e191300 00020000 00000000 00000000 0000ffff 0000")


def build_request(to: str = "255.255.255.255") -> bytes:
    """The question to every MAC address; `to` is where it is sent."""
    return bytes.fromhex("00010000 000d0000 00000000") + b"\xff" * 6 + IPv4Address(to).packed + _TAIL


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: model (full, else short name), short_name, mac, ip, mask, gateway. WireError: no answer."""
    if len(data) <= _PARTS_AT or data[:1] != b"\0":
        raise WireError("no answer to Panasonic's discovery")
    found = _parts(data)
    short = text_at(found.get(_SHORT_NAME, b""), 0, 64)
    model = text_at(found.get(_FULL_NAME, b""), 0, 64) or short
    if not model:
        raise WireError("an answer that names no model")
    addresses = {name: ipv4_text(found[kind]) for name, kind in _ADDRESSES.items() if kind in found}
    return {"fields": filled(model=model, short_name=short, mac=mac_text(data[6:12]), **addresses)}


_ADDRESSES = {"ip": _IPV4, "mask": _MASK, "gateway": _GATEWAY}


def _parts(data: bytes) -> dict[int, bytes]:
    """Types and lengths of two bytes each; what follows the last whole part is a checksum, and not looked at."""
    found: dict[int, bytes] = {}
    at = _PARTS_AT
    for _ in range(MAX_PARTS):
        kind = int.from_bytes(data[at : at + 2], "big")
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if at + 4 + size > len(data):
            break
        found.setdefault(kind, data[at + 4 : at + 4 + size])
        at += 4 + size
    return found
