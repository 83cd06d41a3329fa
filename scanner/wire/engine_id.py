"""What an SNMP engine identifier says of its device (SnmpEngineID, RFC 3411 §5)."""

from __future__ import annotations

import ipaddress

import msgspec

from scanner.text import clean, decode, normalise_mac
from scanner.wire.errors import WireError

MAX_OCTETS = 32


class EngineInfo(msgspec.Struct, frozen=True):
    """An engine identifier taken apart, with the counters that came with it.

    `engine_id` is lower-case hex; `enterprise` the IANA private enterprise number of the agent's maker; `mac`,
    `address`, `text` are set by the forms that carry one; `boots` and `time` (seconds) are None when unknown.
    """

    engine_id: str
    enterprise: int | None = None
    mac: str | None = None
    address: str | None = None
    text: str | None = None
    boots: int | None = None
    time: int | None = None


def describe_engine(hex_text: str) -> EngineInfo:
    """Take an engine identifier apart; hex may have "0x" before and ":", "-" or spaces between. WireError: no hex."""
    digits = hex_text.strip().lower().removeprefix("0x").replace(":", "").replace("-", "").replace(" ", "")
    if len(digits) > 4 * MAX_OCTETS:
        raise WireError("engine identifier too long")
    try:
        return describe_octets(bytes.fromhex(digits))
    except ValueError:
        raise WireError("engine identifier that is no hex") from None


def describe_octets(octets: bytes, boots: int | None = None, time: int | None = None) -> EngineInfo:
    """The same for the octets themselves. Never raises: what can't be read stays None."""
    mac = address = text = None
    enterprise = int.from_bytes(octets[:4], "big") & 0x7FFFFFFF if len(octets) >= 5 else None
    rest = octets[5:]
    if len(octets) > 5 and octets[0] & 0x80:
        form = octets[4]
        if form == 1 and len(rest) >= 4:
            address = str(ipaddress.IPv4Address(rest[:4]))
        elif form == 2 and len(rest) >= 16:
            address = str(ipaddress.IPv6Address(rest[:16]))
        elif form == 3 and len(rest) >= 6:
            mac = normalise_mac(rest[:6].hex())
        elif form == 4:
            text = clean(decode(rest.rstrip(b"\0"))) or None
    return EngineInfo(octets.hex(), enterprise, mac, address, text, boots, time)
