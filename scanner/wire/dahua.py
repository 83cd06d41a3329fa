"""Dahua's older discovery: fixed binary of 0x78 bytes and text behind it (UDP 5050).

Source: julienblitte/UniversalScanner (Dahua1.cs), OpenIPC/python-dvr (DeviceManager.py), mcw0/DahuaConsole (net.py).
"""

from __future__ import annotations

from typing import Any

from scanner.text import decode
from scanner.wire.octets import filled, ipv4_text, need, text_at

PORT = 5050
_FIXED = 0x78
_MAC = 17


def build_request() -> bytes:
    """The 32 bytes that ask everybody."""
    return b"\xa3\x01\x00\x01" + bytes(12) + b"\x02" + bytes(15)


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: type, ip, mask, gateway, mac, and the name, device and serial that the text names. WireError: none."""
    need(data, _FIXED + _MAC, b"\xb3", "answer to Dahua's older discovery")
    text = decode(data[_FIXED + _MAC :][:2048])
    return {
        "fields": filled(
            DeviceType=text_at(data, 0x28, 16),
            ip=ipv4_text(data[0x38:0x3C]),
            mask=ipv4_text(data[0x3C:0x40]),
            gateway=ipv4_text(data[0x40:0x44]),
            mac=text_at(data, _FIXED, _MAC),
            Name=_named(text, "Name:"),
            Device=_named(text, "Device:"),
            SerialNo=_named(text, "SerialNo:"),
        )
    }


def _named(text: str, label: str) -> str:
    """What follows `label`, up to the end of its line."""
    rest = text.partition(label)[2][:128]
    for end in ("\r", "\n", "\0", ";"):
        rest = rest.partition(end)[0]
    return rest.strip()
