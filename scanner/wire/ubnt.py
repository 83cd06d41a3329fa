"""Ubiquiti discovery, version 1: 4 bytes, answered by type-length-value parts (UDP 10001, 233.89.188.1).

Source: bdraco/unifi-discovery (unifi_discovery/__init__.py), julienblitte/UniversalScanner (Ubiquiti.cs).
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, mac_text, need, parts, text_at

PORT = 10001
GROUP = "233.89.188.1"
_START = b"\x01\x00\x00"
_TEXTS = {0x03: "firmware", 0x0B: "hostname", 0x0C: "platform", 0x14: "model", 0x16: "version", 0x1B: "hardware"}
_MACS = {0x01: "mac", 0x05: "mac", 0x13: "serial_mac"}
_MAC_AND_IP, _IP = 0x02, 0x04


def build_request() -> bytes:
    """Version 1, no parts."""
    return _START + b"\0"


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: platform, model, firmware, hostname, mac, ip and the like. WireError: no answer, or cut."""
    need(data, 8, _START, "answer to Ubiquiti's discovery")
    if data[3] != min(len(data) - 4, 0xFF) and data[3] != (len(data) - 4) & 0xFF:
        raise WireError("a length that is not the datagram's")
    told: dict[str, str] = {}
    for kind, value in parts(data, 4, 1, 2):
        for name, text in _read(kind, value).items():
            told.setdefault(name, text)
    if not told:
        raise WireError("an answer that names nothing")
    return {"fields": told}


def _read(kind: int, value: bytes) -> dict[str, str]:
    if kind in _TEXTS:
        return filled(**{_TEXTS[kind]: text_at(value, 0, 128)})
    if kind in _MACS and len(value) == 6:
        return {_MACS[kind]: mac_text(value)}
    if kind == _MAC_AND_IP and len(value) == 10:
        return {"mac": mac_text(value[:6]), "ip": ipv4_text(value[6:])}
    if kind == _IP and len(value) == 4:
        return {"ip": ipv4_text(value)}
    return {}
