"""VStarcam and its relatives: "DH" (UDP 8600).

Source: OpenIPC/python-dvr (DeviceManager.py), julienblitte/UniversalScanner (Vstarcam.cs). The answer ends with the
camera's user and password in clear: nothing beyond the web version is ever read.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.octets import filled, mac_text, need, text_at

PORT = 8600
_ANSWER = b"DH\x01\x08"
_LEAST = 0x9C


def build_request() -> bytes:
    """The question."""
    return b"DH\x01\x01"


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: ip, mask, gateway, mac, http_port, serial, name, firmware, web_version. WireError: no answer."""
    need(data, _LEAST, _ANSWER, "answer to DH")
    return {
        "fields": filled(
            ip=text_at(data, 0x04, 16),
            mask=text_at(data, 0x14, 16),
            gateway=text_at(data, 0x24, 16),
            mac=mac_text(data[0x54:0x5A]),
            http_port=int.from_bytes(data[0x5A:0x5C], "little"),
            serial=text_at(data, 0x5C, 32),
            name=text_at(data, 0x7C, 32),
            firmware=text_at(data, 0xCC, 16),
            web_version=text_at(data, 0xDC, 16),
        )
    }
