"""Dahua DHIP: a 32-byte header and JSON (UDP 37810).

Source: julienblitte/UniversalScanner (Dahua2.cs), mcw0/DahuaConsole (net.py); the bare JSON gets no answer
(rroller/dahua). Only `DHDiscover.search` is ever built: other methods set addresses or passwords.
"""

from __future__ import annotations

import struct
from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import json_object, need

PORT = 37810
GROUP = "239.255.255.251"
_HEADER = struct.Struct("<I4sQIIII")
_MAGIC = b"DHIP"
_START = struct.pack("<I4s", 32, _MAGIC)
_QUESTION = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'


def pack(body: bytes) -> bytes:
    """`body` behind its header."""
    return _HEADER.pack(_HEADER.size, _MAGIC, 0, len(body), 0, len(body), 0) + body


def build_request() -> bytes:
    """The search for all, to be answered to the asker alone."""
    return pack(_QUESTION)


def parse(data: bytes) -> dict[str, Any]:
    """`json`: a device's notification. WireError: it is none, as the search itself, or cut."""
    need(data, _HEADER.size, _START, "DHIP header")
    size = _HEADER.unpack_from(data)[3]
    if size > len(data) - _HEADER.size:
        raise WireError("a DHIP message that is cut")
    told = json_object(data[_HEADER.size : _HEADER.size + size])
    if told.get("method") != "client.notifyDevInfo":
        raise WireError("a DHIP message that is no notification")
    return {"json": told}
