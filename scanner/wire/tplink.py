"""TP-Link discovery: 16-byte header and JSON (UDP 20002, 20004), and Kasa's older XOR-ed JSON (UDP 9999).

Source: python-kasa/python-kasa (kasa/discover.py). The form with a public key, whose answer holds more, encrypted,
is not built.
"""

from __future__ import annotations

import struct
from typing import Any
from zlib import crc32

from scanner.wire.errors import WireError
from scanner.wire.octets import json_object, need

PORT, OTHER_PORT, OLD_PORT = 20002, 20004, 9999
_HEADER = struct.Struct(">BBHHBBII")
_VERSION, _PROBE, _CRC_START = 2, 1, 0x5A6B7C8D
_OLD_QUESTION = b'{"system":{"get_sysinfo":{}}}'
_OLD_KEY = 171


def pack(body: bytes = b"", *, operation: int = _PROBE, flags: int = 0, serial: int = 0) -> bytes:
    """`body` behind its header, whose last number is the CRC-32 of all, taken while it holds a fixed start value."""
    whole = _HEADER.pack(_VERSION, 0, operation, len(body), flags, 0, serial, _CRC_START) + body
    return whole[:12] + crc32(whole).to_bytes(4, "big") + body


def build_request() -> bytes:
    """The question to all; it has no body."""
    return pack()


def parse(data: bytes) -> dict[str, Any]:
    """`json`: the device's description. WireError: no answer, as the question itself."""
    need(data, _HEADER.size + 2, b"\x02", "answer to TP-Link's discovery")
    told = json_object(data[_HEADER.size :])
    result = told.get("result")
    if not isinstance(result, dict) or not result:
        raise WireError("an answer without a result")
    return {"json": result}


def build_old_request() -> bytes:
    """get_sysinfo, which any program on the network may ask."""
    return xor(_OLD_QUESTION)


def parse_old(data: bytes) -> dict[str, Any]:
    """`json`: the answer to get_sysinfo. WireError: none, as the question itself."""
    if len(data) > 0x10000:
        raise WireError("too long")
    told = json_object(unxor(data))
    system = told.get("system")
    info = system.get("get_sysinfo") if isinstance(system, dict) else None
    if not isinstance(info, dict) or not info:
        raise WireError("an answer without get_sysinfo")
    return {"json": told}


def xor(plain: bytes) -> bytes:
    """Each byte XOR-ed with the one before it as sent."""
    key, sent = _OLD_KEY, bytearray()
    for byte in plain:
        key ^= byte
        sent.append(key)
    return bytes(sent)


def unxor(sent: bytes) -> bytes:
    """The reverse of `xor`."""
    return bytes(byte ^ before for byte, before in zip(sent, bytes([_OLD_KEY]) + sent, strict=False))
