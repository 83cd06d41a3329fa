"""The kernel's neighbour table: who has already been spoken to on the link, at no packet at all."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.discover.contract import DiscoverResult, Emit
from scanner.models import Evidence, Outcome
from scanner.net.api import Network


class Neighbours:
    """Rows that are resolved, for targets only. A row can outlive its device by some minutes."""

    name = "neighbours"
    sends = "Nothing: reads the kernel's neighbour table."

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`mac` evidence for each target whose row is resolved."""
        wanted = frozenset(targets)
        rows = {row.host: row.mac for row in net.neighbours() if row.resolved and row.host in wanted and row.mac}
        for host, mac in rows.items():
            await emit(Evidence(host=host, protocol="mac", fields={"mac": mac}, seen_at=net.now()))
        return DiscoverResult(Outcome.ANSWERED if rows else Outcome.EMPTY, frozenset(rows))
