"""Addresses, MACs, times and names out of cells and words of a table; None for what is not one."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime

from scanner.text import clean, normalise_mac

_TRIM = "()[]<>,;\"'"
_HEX = frozenset("0123456789abcdefABCDEF")
MAX_CELL = 256


def address_in(text: str) -> str | None:
    """The IP address that `text` is, holds as the host of a URL, or has before a port; a zone index is dropped.

    Nothing before an "@" is kept: it may be a login.
    """
    text = text.strip()[:MAX_CELL].strip(_TRIM)
    if "." not in text and ":" not in text:
        return None
    if "://" in text:
        text = text.partition("://")[2]
    for separator in "/?#":
        text = text.partition(separator)[0]
    text = text.rpartition("@")[2]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1 and text.partition(":")[2].isdigit():
        text = text.partition(":")[0]
    text = text.rstrip(")]").partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255":
        return None
    return str(address)


def mac_in(text: str) -> str | None:
    """The MAC that a word of a table is, in any vendor's spelling with separators; None for a group address."""
    text = text.strip().strip(_TRIM)
    if len(text) > 20 or not any(mark in text for mark in ":-."):
        return None
    return mac_of(text)


def mac_of(text: str) -> str | None:
    """As `mac_in`, of a cell that is known to hold a MAC, so that bare hex digits and `0x`, `01:` before it count too.

    `01:` (hardware type Ethernet) stands before the MAC in DHCP client ids (RFC 2132 §9.14).
    """
    text = text.strip().strip(_TRIM).removeprefix("0x")
    if len(text) > 32:
        return None
    groups = text.replace("-", ":").replace(".", ":").replace(" ", ":").split(":")
    if len(groups) == 7 and groups[0] == "01":
        groups = groups[1:]
    if len(groups) == 6 and all(groups):
        return normalise_mac(":".join(groups))
    digits = "".join(groups)
    # 0c:29… of one-digit groups is above; here each group has its full width (001122-334455, 0011-2233-4455).
    if not set(digits) <= _HEX or len(groups) not in (1, 2, 3) or len({len(group) for group in groups}) != 1:
        return None
    if len(digits) == 14 and digits.startswith("01") and len(groups) == 1:
        digits = digits[2:]
    return normalise_mac(digits)


def looks_like_mac(text: str) -> bool:
    """Whether a word has the shape of a MAC, group addresses and zeros included."""
    text = text.strip(_TRIM)
    if not 11 <= len(text) <= 17:
        return False
    for mark, width in ((":", 2), ("-", 2), (".", 4), ("-", 4), ("-", 6)):
        groups = text.split(mark)
        # macOS writes one digit where the first is 0; nobody does so in wider groups.
        least = 1 if mark == ":" else width
        if len(groups) == 12 // width and all(least <= len(group) <= width for group in groups):
            return set("".join(groups)) <= _HEX
    return False


def cell(text: object, limit: int = MAX_CELL) -> str:
    """A cell as one line of safe text; "" for the usual words for nothing."""
    value = clean(text, limit) if isinstance(text, str) else ""
    return "" if value.casefold() in _NOTHING else value


_NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "unknown", "*", "?", "undefined"})


def epoch(text: str) -> str | None:
    """Seconds since 1970 as RFC 3339 in UTC; None for 0, what is no number, or not between 1990 and 2100."""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    seconds = int(text)
    if not 631152000 <= seconds <= 4102444800:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> str | None:
    """A date and time written year first (`2026-11-22 09:00:00`, `2026/11/22 …`, ISO 8601) as RFC 3339.

    UTC is taken where no zone stands. None for any other form: 03/04/2026 has two readings.
    """
    text = text.strip()
    if len(text) < 16 or len(text) > 40 or not text[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(text.replace("/", "-", 2))
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    try:
        return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return None
