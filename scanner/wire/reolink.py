"""Reolink's search: four bytes (UDP 2000), answered by 388 bytes of fixed fields that repeat them (to UDP 3000).

Source: public GitHub file index, file 6077006462 (a Home Assistant integration: offsets) and file 5089253823 (notes on
the protocol: ports). The same cameras take `C2D_C` on UDP 2015 and 2018, which opens a session with a known UID and
wakes battery cameras: it is not built.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, mac_text, text_at

PORT, REPLY_PORT = 2000, 3000
_QUESTION = bytes.fromhex("aaaa0000")
_SIZE = 388


def build_request() -> bytes:
    """The search, which has no parts."""
    return _QUESTION


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: kind (as "IPC"), mac, ip, name, uid. WireError: no answer to the search."""
    if len(data) != _SIZE or data[104:108] != _QUESTION:
        raise WireError("no answer to Reolink's search")
    packed = data[80:86]
    told = filled(
        kind=text_at(data, 58, 18),
        mac=text_at(data, 164, 18) or (mac_text(packed) if any(packed) else ""),
        ip=text_at(data, 108, 16),
        name=text_at(data, 132, 32),
        uid=text_at(data, 228, 32),
    )
    if not told:
        raise WireError("an answer that names nothing")
    return {"fields": told}
