"""360 Vision's discovery: a word, answered by a line of KEY=value (UDP 3600).

Source: julienblitte/UniversalScanner (360Vision.cs, 360Vision.selftest).
"""

from __future__ import annotations

from typing import Any

from scanner.text import decode, normalise_mac
from scanner.wire.errors import WireError
from scanner.wire.octets import MAX_PARTS, need, secret

PORT = 3600
_WORD = b"DISCOVER"
_LIMIT = 2048


def build_request() -> bytes:
    """The word and a line feed."""
    return _WORD + b"\n"


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: TYPE and ID as named, KEY as mac where it is one. WireError: no answer, as the question itself."""
    need(data, len(_WORD) + 2, _WORD + b" ", "answer to 360 Vision's discovery")
    line = decode(data[len(_WORD) : _LIMIT].partition(b"\n")[0])
    fields = {}
    for part in line.split()[:MAX_PARTS]:
        name, _, value = part.partition("=")
        value = value.strip("'\"")
        if name == "KEY" and normalise_mac(value) is not None:
            fields["mac"] = value
        elif value and not secret(name):
            fields[name] = value
    if "mac" not in fields and "TYPE" not in fields:
        raise WireError("an answer that names no device")
    return {"fields": fields}
