"""Panasonic and i-PRO discovery: a list of parts, answered by a header and these parts (UDP 10670, to 10669).

Source: julienblitte/UniversalScanner (Panasonic.cs); Rickardjd/Easy_IP (docs/BROADCAST_FIX_FINAL.md: the question of
the maker's own tool, which recorders answer too; Wireshark/responses.txt: answers of an i-PRO camera). The checksum is
the sum of all bytes before it, and one. Other commands than 0x0d set addresses and are not built.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import MAX_PARTS, filled, ipv4_text, mac_text, text_at

PORT = 10670
REPLY_PORT = 10669
_PARTS_AT = 53
_IPV4, _MASK, _GATEWAY, _FULL_NAME, _SHORT_NAME, _FIRMWARE, _SERIAL = 0x20, 0x21, 0x22, 0xA7, 0xA8, 0xA9, 0xD1
_VERSION = bytes.fromhex("0000 2011 1e11 231f 1e19 1300 0002 01") + bytes(11) + b"\xff\xf0"
_ASKED = (0x26, 0x20, 0x21, 0x22, 0x23, 0x25, 0x28, 0x40, 0x41, 0x42, 0x44, 0xA5, 0xA6, 0xA7, 0xA8, 0xAD, 0xB3, 0xB4,
          0xB7, 0xB8)  # fmt: skip


def build_request() -> bytes:
    """The question of everybody to everybody, for the parts that the maker's tool asks for."""
    parts = b"".join(kind.to_bytes(2, "big") for kind in _ASKED) + b"\xff\xff"
    head = b"\0\1" + len(parts).to_bytes(2, "big") + b"\0\x0d" + bytes(6)
    data = head + b"\xff" * 6 + IPv4Address("255.255.255.255").packed + _VERSION + parts
    return data + ((sum(data) + 1) & 0xFFFF).to_bytes(2, "big")


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: model (full, else short name), short_name, mac, ip, mask, gateway, firmware, serial.

    WireError: no answer, as the question itself.
    """
    if len(data) <= _PARTS_AT or data[:1] != b"\0" or data[4:6] == b"\0\x0d":
        raise WireError("no answer to Panasonic's discovery")
    found = _parts(data)
    short = text_at(found.get(_SHORT_NAME, b""), 0, 64)
    model = text_at(found.get(_FULL_NAME, b""), 0, 64) or short
    if not model:
        raise WireError("an answer that names no model")
    addresses = {name: ipv4_text(found[kind]) for name, kind in _ADDRESSES.items() if kind in found}
    texts = {name: text_at(found.get(kind, b""), 0, 32) for name, kind in _TEXTS.items()}
    return {"fields": filled(model=model, short_name=short, mac=mac_text(data[6:12]), **addresses, **texts)}


_TEXTS = {"firmware": _FIRMWARE, "serial": _SERIAL}
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
