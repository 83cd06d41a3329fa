"""GigE Vision's DISCOVERY_CMD, which industrial cameras of all makers answer (UDP 3956).

Source: GigE Vision control protocol as julienblitte/UniversalScanner (GigEVision.cs) has it. Only this command is
built: others read and write registers.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, mac_text, need, text_at

PORT = 3956
_SIZE = 0x100
_ACKNOWLEDGED = bytes.fromhex("00000003")  # status: success; DISCOVERY_ACK


def build_request() -> bytes:
    """An acknowledgement is asked for, by broadcast too (flags 0x11)."""
    return bytes.fromhex("4211000200000001")


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: manufacturer, model, version, serial, name (the user's), mac, ip. WireError: no DISCOVERY_ACK."""
    need(data, _SIZE, _ACKNOWLEDGED, "DISCOVERY_ACK")
    if int.from_bytes(data[4:6], "big") != len(data) - 8:
        raise WireError("a length that is not the datagram's")
    told = filled(
        manufacturer=text_at(data, 0x50, 32),
        model=text_at(data, 0x70, 32),
        version=text_at(data, 0x90, 32),
        serial=text_at(data, 0xE0, 16),
        name=text_at(data, 0xF0, 16),
    )
    if not told:
        raise WireError("an answer that names nothing")
    return {"fields": {**told, "mac": mac_text(data[0x12:0x18]), **filled(ip=ipv4_text(data[0x2C:0x30]))}}
