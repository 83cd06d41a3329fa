"""Sony SNC discovery: a line of text, answered by "KEY:value" lines that 0xFF ends (UDP 2380).

Source: julienblitte/UniversalScanner (Sony.cs). Only the enquiry is built.
"""

from __future__ import annotations

from typing import Any

from scanner.text import decode
from scanner.wire.errors import WireError
from scanner.wire.octets import MAX_PARTS, need, secret

PORT = 2380


def build_request() -> bytes:
    """The enquiry for everything that is open."""
    return b"\x02ENQ:allinfo\xff\x03"


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: MAC, MODEL, SERIAL and the rest as named. WireError: no answer, as the enquiry itself."""
    need(data, 4, b"\x02", "answer to Sony's enquiry")
    fields = {}
    for line in data[1:8192].rstrip(b"\x03\0").split(b"\xff", MAX_PARTS)[:MAX_PARTS]:
        name, _, value = decode(line).partition(":")
        if name.strip() and value.strip() and not secret(name.strip()):
            fields[name.strip()] = value.strip()
    if "MAC" not in fields and "MODEL" not in fields:
        raise WireError("an answer that names no device")
    return {"fields": fields}
