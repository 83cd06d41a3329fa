"""Hanwha Vision (Samsung Techwin) IP installer: fixed binary (UDP 7701, answered to 7711).

Source: melchi45/WiseNetChromeIPInstaller (scripts/socket.js), julienblitte/UniversalScanner (Hanwha.cs). Only mode 1
is built: other modes set addresses and passwords. The password field of the answer is not read.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.octets import filled, need, text_at

PORT = 7701
REPLY_PORT = 7711
SIZE = 0x106
_LEAST = 0x77


def build_request() -> bytes:
    """Mode 1, all else zero."""
    return b"\x01" + bytes(SIZE - 1)


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: mac, ip, mask, gateway, deviceName (the model), url. WireError: no answer."""
    need(data, _LEAST, b"\x0b", "answer of an IP installer")
    return {
        "fields": filled(
            mac=text_at(data, 0x13, 18),
            ip=text_at(data, 0x25, 16),
            mask=text_at(data, 0x35, 16),
            gateway=text_at(data, 0x45, 16),
            deviceName=text_at(data, 0x6D, 10),
            url=text_at(data, 0x85, 128),
        )
    }
