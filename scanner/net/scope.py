"""The scope: the one set of addresses that packets may go to, as a few sorted intervals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import msgspec

Interval = tuple[int, int, int]
"""(IP version, first address, last address), both ends included."""

_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


def canonical(host: str) -> str | None:
    """`host` as the address that packets would really go to, or None when it is no address literal.

    A zone (`%eth0`) is dropped; an IPv4-mapped IPv6 address is its IPv4 address (RFC 4291 section 2.5.5.2).
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same addresses as sorted intervals that neither overlap nor touch."""
    merged: list[Interval] = []
    for version, first, last in sorted(intervals):
        if merged and merged[-1][0] == version and first <= merged[-1][2] + 1:
            merged[-1] = (version, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((version, first, last))
    return tuple(merged)


def subtract(intervals: Iterable[Interval], without: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is in `intervals` and not in `without`."""
    holes = merge(without)
    left: list[Interval] = []
    index = 0
    for version, start, last in merge(intervals):
        first = start
        while index < len(holes) and (holes[index][0], holes[index][2]) < (version, first):
            index += 1
        for hole in holes[index:]:
            if (hole[0], hole[1]) > (version, last):
                break
            if hole[1] > first:
                left.append((version, first, hole[1] - 1))
            first = max(first, hole[2] + 1)
        if first <= last:
            left.append((version, first, last))
    return tuple(left)


class Scope(msgspec.Struct, frozen=True):
    """Addresses in scope.

    `intervals` are sorted and apart. `texts` are the targets as the user wrote them (lines of a file singly) and
    `excluded` the exclusions, both for the report. `notes` are warnings for people.
    """

    intervals: tuple[Interval, ...]
    texts: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def contains(self, host: str) -> bool:
        """Whether the address literal `host` is in scope; O(log n). A name never is."""
        literal = canonical(host)
        if literal is None:
            return False
        address = ip_address(literal)
        key = (address.version, int(address), _LAST[6] + 1)
        index = bisect_right(self.intervals, key) - 1
        if index < 0:
            return False
        version, _first, last = self.intervals[index]
        return version == address.version and int(address) <= last

    def overlaps(self, network: IPv4Network | IPv6Network) -> bool:
        """Whether any address of `network` is in scope."""
        first, last = int(network.network_address), int(network.broadcast_address)
        return any(v == network.version and a <= last and first <= b for v, a, b in self.intervals)

    def addresses(self) -> Iterator[str]:
        """Every address in order, IPv4 first; nothing is expanded in memory."""
        for version, first, last in self.intervals:
            kind = IPv4Address if version == 4 else IPv6Address
            for number in range(first, last + 1):
                yield str(kind(number))

    @property
    def size(self) -> int:
        """The number of addresses."""
        return sum(last - first + 1 for _version, first, last in self.intervals)
