"""LanSearch of P2P modules (PPPP, iLnk, CS2): four bytes, answered by the module's id (UDP 32108).

Source: DavidVentura/cam-reverse (discovery.ts, dissector.lua); public GitHub file index, file 36021123008 (the parts of
an id). Cameras of many makers carry such a module, and so do 3D printers. All that follows the answer opens a session
and is not built.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import need, text_at

PORT = 32108
_MAGIC = 0xF1
_SEARCH, _PUNCH = 0x30, 0x41
_LEAST = 21


def build_request() -> bytes:
    """LanSearch, without a body."""
    return bytes([_MAGIC, _SEARCH, 0, 0])


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: id ("VSTB-012345-ABCDE") and its prefix. WireError: no PunchPkt."""
    need(data, _LEAST, bytes([_MAGIC, _PUNCH]), "answer to LanSearch")
    if int.from_bytes(data[2:4], "big") != len(data) - 4:
        raise WireError("a length that is not the datagram's")
    prefix, number, check = text_at(data, 4, 8), int.from_bytes(data[12:16], "big"), text_at(data, 16, 8)
    if not (prefix.isascii() and prefix.isalnum() and check.isascii() and check.isalnum()):
        raise WireError("an id that is none")
    return {"fields": {"id": f"{prefix}-{number:06d}-{check}", "prefix": prefix}}
