"""Who of the targets on the link is absent, where ARP could not be used: the kernel asks for us.

Any datagram to an on-link address makes the kernel resolve it (three ARP requests, a second apart on Linux), so the
unicast questions of the other discoverers are the question here, and the neighbour table is the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from scanner.net.api import Network

_EVERY = 0.25  # seconds between two looks at the table


class Reach(msgspec.Struct, frozen=True):
    """`present` resolved, `absent` asked for and not resolved; on neither list: the kernel does not say."""

    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


async def reach(net: Network, hosts: Iterable[str], *, patience: float = 3.5) -> Reach:
    """Watch the table for `hosts` (on link, already sent to) for `patience` seconds, or until all are resolved."""
    wanted = frozenset(hosts)
    if not wanted:
        return Reach()
    clock = asyncio.get_running_loop().time
    end = clock() + patience
    while True:
        rows = {row.host: row.resolved for row in net.neighbours() if row.host in wanted}
        present = frozenset(host for host, resolved in rows.items() if resolved)
        if present == wanted or clock() >= end:
            return Reach(present, frozenset(rows) - present)
        await asyncio.sleep(_EVERY)
