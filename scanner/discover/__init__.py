"""Who is there. One explicit list; `discover` runs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.discover.arp import Arp
from scanner.discover.contract import Discoverer, Emit
from scanner.discover.ipv6 import Ipv6
from scanner.discover.linger import lingering
from scanner.discover.mdns import Mdns, MdnsUnicast
from scanner.discover.neighbours import Neighbours
from scanner.discover.routed import RoutedUnicast
from scanner.discover.run import Discovery, ask_again, discover_all
from scanner.discover.ssdp import Ssdp, SsdpUnicast
from scanner.discover.vendor import Vendors
from scanner.discover.ws_discovery import WsDiscovery, WsDiscoveryUnicast
from scanner.net.api import Network

__all__ = ["ALL", "MULTICAST", "UNICAST", "Discovery", "Emit", "discover", "discover_again", "lingering", "unique"]


def unique(discoverers: Iterable[Discoverer]) -> tuple[Discoverer, ...]:
    """The list as it is; ValueError where a name stands twice."""
    listed = tuple(discoverers)
    names = [discoverer.name for discoverer in listed]
    if len(set(names)) != len(names):
        raise ValueError(f"a discoverer stands twice in {names}")
    return listed


MULTICAST = unique([WsDiscovery(), Mdns(), Ssdp(), Vendors()])
UNICAST = unique([WsDiscoveryUnicast(), MdnsUnicast(), SsdpUnicast()])
_IPV6 = Ipv6()
_ROUTED = RoutedUnicast()
_ARP = Arp()
_TABLE = Neighbours()
ALL = unique([_TABLE, _ARP, *MULTICAST, _IPV6, *UNICAST, _ROUTED])


async def discover(net: Network, targets: Sequence[str], emit: Emit, *, ipv6: bool = True) -> Discovery:
    """Run all discoverers over `targets` (see `run.discover_all`), with `ipv6` that of IPv6 multicast too."""
    multicast = unique([*MULTICAST, _IPV6]) if ipv6 else MULTICAST
    return await discover_all(
        net, targets, emit, multicast=multicast, unicast=UNICAST, routed=_ROUTED, arp=_ARP, table=_TABLE
    )


async def discover_again(net: Network, targets: Sequence[str], emit: Emit) -> None:
    """The unicast questions once more to `targets`, where packets were lost."""
    await ask_again(net, targets, emit, [*UNICAST, _ROUTED])
