"""The limits of this host's kernel that a sweep meets first (Linux' ip-sysctl.rst); None where unreadable."""

from __future__ import annotations

from pathlib import Path

PENDING = 256
_LEAST_PENDING = 16
_IPV4 = Path("/proc/sys/net/ipv4")


def neighbour_limit(ipv4: Path = _IPV4) -> int | None:
    """Rows that the IPv4 neighbour table can hold, gc_thresh3."""
    return _number(ipv4 / "neigh/default/gc_thresh3")


def membership_limit(ipv4: Path = _IPV4) -> int | None:
    """Multicast groups that one socket can join, igmp_max_memberships."""
    return _number(ipv4 / "igmp_max_memberships")


def pending_for(limit: int | None) -> int:
    """Unresolved neighbours that may be waited for at once with a table of `limit` rows: a quarter of it at most."""
    return PENDING if limit is None else max(_LEAST_PENDING, min(PENDING, limit // 4))


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
