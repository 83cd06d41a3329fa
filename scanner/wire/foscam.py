"""Foscam and its clones: "MO_I" (UDP 10000, answered to 10000).

Source: OpenIPC/python-dvr (DeviceManager.py), julienblitte/UniversalScanner (Foscam.cs),
whizzosoftware/foscam-camera-discovery. Only operation 0 is built: operation 2 carries a login and sets addresses.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, need, text_at

PORT = 10000
_MAGIC = b"MO_I"
_BODY = 23
_LEAST = _BODY + 64


def build_request() -> bytes:
    """Operation 0, one byte of body."""
    return _MAGIC + bytes(8) + b"\4\0\0\0" * 2 + bytes(6) + b"\1"


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: id (the MAC address as text), name, ip, mask, gateway, versions, http_port.

    WireError: no answer, as the question itself, or one that is obfuscated.
    """
    need(data, _LEAST, _MAGIC, "answer to MO_I")
    if data[4] != 1 or data[6]:
        raise WireError("no plain answer to a search")
    return {
        "fields": filled(
            id=text_at(data, 23, 13),
            name=text_at(data, 36, 21),
            ip=ipv4_text(data[57:61]),
            mask=ipv4_text(data[61:65]),
            gateway=ipv4_text(data[65:69]),
            system_version=".".join(str(part) for part in data[77:81]),
            web_version=".".join(str(part) for part in data[81:85]),
            http_port=int.from_bytes(data[85:87], "big"),
        )
    }
