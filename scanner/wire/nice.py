"""NICE (Qognify) encoders: fixed binary that names the port of the answer (UDP 2007).

Source: julienblitte/UniversalScanner (NiceVision.cs).
"""

from __future__ import annotations

import struct
from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, mac_text, need, text_at

PORT = 2007
_MAGIC = b"NICE"
_SIZE = 0x5A
_ASK = bytes.fromhex("01080000")


def build_request(transaction: int = 1) -> bytes:
    """The question; the answer shall come to the port that was asked."""
    return _MAGIC + struct.pack(">H4sHH", transaction, _ASK, 0, PORT)


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: name, mac, ip, mask, gateway, version. WireError: no answer, as the question itself."""
    need(data, _SIZE, _MAGIC, "answer of a NICE encoder")
    if not any(data[0x0A:0x10]):
        raise WireError("an answer without a MAC")
    version = struct.unpack(">4H", data[0x1E:0x26])
    return {
        "fields": filled(
            name=text_at(data, 0x4A, 16),
            mac=mac_text(data[0x0A:0x10]),
            ip=ipv4_text(data[0x10:0x14]),
            mask=ipv4_text(data[0x14:0x18]),
            gateway=ipv4_text(data[0x18:0x1C]),
            version=".".join(map(str, version)) if any(version) else "",
        )
    }
