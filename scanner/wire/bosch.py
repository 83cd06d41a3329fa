"""Bosch device detection (UDP 1757, answered to 1758): 32 bytes of binary, or XML.

Source: Bosch "RCP Plus Reference", Autodetecting Devices; julienblitte/UniversalScanner (Bosch.cs). The broadcast
that sets an address belongs to the same protocol and is not built.
"""

from __future__ import annotations

from typing import Any

from scanner.wire.errors import WireError
from scanner.wire.octets import filled, ipv4_text, mac_text, need
from scanner.wire.sadp import without_secret_elements
from scanner.wire.xml import find_all, parse_xml

PORT = 1757
REPLY_PORT = 1758
MAGIC = b"\x99\x39\xa4\x27"
_ASK = b"\xff\x00\x06\xde"
_SIZE = 32
_LIMIT = 64 * 1024


def build_request(transaction: int = 1) -> bytes:
    """Magic, transaction number, question."""
    return MAGIC + transaction.to_bytes(4, "big") + _ASK


def parse(data: bytes) -> dict[str, Any]:
    """`fields` (physAddress, unitIPAddress, mask, gateway), or `xml`. WireError: neither, as the question itself."""
    if data[:1] == b"<":
        return _xml(data)
    need(data, _SIZE, MAGIC, "answer to Bosch's detection")
    return {
        "fields": filled(
            physAddress=mac_text(data[8:14]),
            unitIPAddress=ipv4_text(data[16:20]),
            mask=ipv4_text(data[20:24]),
            gateway=ipv4_text(data[24:28]),
        )
    }


def _xml(data: bytes) -> dict[str, Any]:
    root = parse_xml(data, limit=_LIMIT)
    if not find_all(root, "device"):
        raise WireError("XML without a device")
    return {"xml": without_secret_elements(data, root)}
