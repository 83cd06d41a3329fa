"""IANA private enterprise numbers where SNMP shows them (https://www.iana.org/assignments/enterprise-numbers)."""

from __future__ import annotations

_ENTERPRISES = "1.3.6.1.4.1."
_LEGACY_BYTES = 12
_SAYS_NOTHING = frozenset({0, 8072})
"""8072 is net-snmp, which runs on everything."""


def object_enterprise(oid: str) -> int | None:
    """The enterprise number of a sysObjectID, or None."""
    if not oid.startswith(_ENTERPRISES):
        return None
    number = oid[len(_ENTERPRISES) :].partition(".")[0]
    return _telling(int(number)) if number.isascii() and number.isdigit() and len(number) <= 10 else None


def engine_enterprise(engine_id: str) -> int | None:
    """The enterprise number of an engine id in hex (RFC 3411 §5, SnmpEngineID), or None.

    With the first bit set the next 31 bits are the number; the older form without it has 12 bytes.
    """
    digits = engine_id.strip().lower().removeprefix("0x")
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return None
    if not 5 <= len(data) <= 32 or (not data[0] & 0x80 and len(data) != _LEGACY_BYTES):
        return None
    return _telling(int.from_bytes(data[:4], "big") & 0x7FFFFFFF)


def _telling(number: int) -> int | None:
    return None if number in _SAYS_NOTHING else number
