"""Addresses that a device names: compared with the scope, noted, and never followed out of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from scanner.net.api import Network

MAX_URL = 2048


def host_in(url: str) -> str | None:
    """The host that an absolute URL names, in lower case; None for a relative or unreadable one."""
    try:
        return urlsplit(url[:MAX_URL].strip()).hostname
    except ValueError:
        return None


def note_elsewhere(net: Network, origin: str, url: str) -> bool:
    """Whether `url` names another host than `origin`; one that is out of scope is noted at the door."""
    named = host_in(url)
    if named is None or named == origin.lower():
        return False
    if not net.in_scope(named):
        net.outside(origin, named)
    return True
