"""TVT's discovery: "MHED" (UDP 23456, 234.55.55.55, answered on 234.55.55.56).

Source: three programs in the public GitHub file index (files 71127880883, 55837246612, 1025810739). Operation 3 sets
the network and is not built.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, mac_text, need, text_at

PORT = 23456
GROUP, REPLY_GROUP = "234.55.55.55", "234.55.55.56"
_MAGIC = b"MHED"
_ASK_SIZE, _ANSWER_SIZE, _ANSWER = 140, 240, 7
_KINDS = ("DVR", "DVS", "IPC", "NVR", "decoder")


def build_request() -> bytes:
    """The search."""
    return (_MAGIC + b"\x08\0\1\0\1\0").ljust(_ASK_SIZE, b"\0")


def parse(data: bytes) -> dict[str, Any]:
    """`fields`: name, model, type (DVR, DVS, IPC, NVR or decoder), mac, ip, mask, gateway, http_port, channels."""
    need(data, _ANSWER_SIZE, _MAGIC, "answer to MHED")
    if _number(data, 4, 2) != _ANSWER:
        raise WireError("no answer to a search")
    kind = _number(data, 64)
    return {
        "fields": filled(
            name=text_at(data, 12, 20),
            model=text_at(data, 180, 16) or text_at(data, 196, 16),
            type=_KINDS[kind] if kind < len(_KINDS) else "",
            mac=mac_text(data[32:38]),
            ip=ipv4_text(data[40:44]),
            mask=ipv4_text(data[44:48]),
            gateway=ipv4_text(data[48:52]),
            http_port=_number(data, 60),
            channels=_number(data, 228),
        )
    }


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")
