"""Xiongmai DVRIP: a 20-byte header and JSON (UDP 34569).

Source: OpenIPC/python-dvr (DeviceManager.py), alexshpilkin/dvrip (discover.py, io.py). Message 1530 asks, 1531
answers; no other message is built, as others log in or set addresses.
"""

from __future__ import annotations

import struct
from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import json_object, need

PORT = 34569
_HEADER = struct.Struct("<BBHIIHHI")
_ASK, _ANSWER = 1530, 1531


def pack(message: int, body: bytes) -> bytes:
    """`body` behind its header."""
    return _HEADER.pack(0xFF, 0, 0, 0, 0, 0, message, len(body)) + body


def build_request() -> bytes:
    """The question, which has no body."""
    return pack(_ASK, b"")


def parse(data: bytes) -> dict[str, Any]:
    """`json`: the device's network settings. WireError: no answer, as the question itself, or cut."""
    need(data, _HEADER.size, b"\xff", "DVRIP header")
    *_, message, size = _HEADER.unpack_from(data)
    if message != _ANSWER or size > len(data) - _HEADER.size:
        raise WireError("no DVRIP answer, or one that is cut")
    told = json_object(data[_HEADER.size : _HEADER.size + size])
    if "NetWork.NetCommon" not in told:
        raise WireError("a DVRIP answer without NetWork.NetCommon")
    return {"json": told}
