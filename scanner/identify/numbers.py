"""Numbers that identify: SNMP enterprise numbers, engine ids, UUIDs.

Enterprise numbers are assigned by IANA (https://www.iana.org/assignments/enterprise-numbers).
"""

from __future__ import annotations

from scanner.wire.engine_id import describe_engine
from scanner.wire.errors import WireError

_ENTERPRISES = "1.3.6.1.4.1."
_LEGACY_DIGITS = 24
_SAYS_NOTHING = frozenset({0, 8072})
"""8072 is net-snmp, which runs on everything."""
_UUID_GROUPS = (8, 4, 4, 4, 12)
_HEX = frozenset("0123456789abcdef")


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
    try:
        engine = describe_engine(engine_id)
    except WireError:
        return None
    if engine.enterprise is None or (engine.engine_id[0] < "8" and len(engine.engine_id) != _LEGACY_DIGITS):
        return None
    return _telling(engine.enterprise)


def engine_mac(engine_id: str) -> str:
    """The hardware address inside an engine id of that form, or ""."""
    try:
        return describe_engine(engine_id).mac or ""
    except WireError:
        return ""


def uuid_in(text: str) -> str:
    """The UUID at the start of "urn:uuid:…", "uuid:…::urn:…" or a bare one, in lower case; "" where there is none."""
    bare = text.strip().lower().removeprefix("urn:").removeprefix("uuid:").partition("::")[0].strip("{}")
    groups = bare.split("-")
    if tuple(map(len, groups)) != _UUID_GROUPS or not set("".join(groups)) <= _HEX:
        return ""
    return bare


def _telling(number: int) -> int | None:
    return None if number in _SAYS_NOTHING else number
