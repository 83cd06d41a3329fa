"""The networks that this machine is on, as they are offered to be swept: how large, and why some are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.net.api import Interface

LARGEST = 4096  # addresses of a local network that is swept without being named


@dataclass(frozen=True)
class LocalNetwork:
    """A private IPv4 network of an interface. `size` counts what a sweep asks: not its own address, nor broadcast.

    `wide`: too large to be swept without being named.
    """

    interface: str
    text: str
    size: int

    @property
    def wide(self) -> bool:
        return self.size > LARGEST


def offered(interfaces: Sequence[Interface]) -> list[LocalNetwork]:
    """Each network once, in the order of the interfaces; none of one that a rule leaves out."""
    from scanner.net.interfaces import networks

    found: dict[str, LocalNetwork] = {}
    for interface in interfaces:
        if interface.skip or interface.loopback:
            continue
        for network in networks(interface):
            if network.version == 4 and not network.is_global and network.num_addresses > 1:
                size = network.num_addresses - (2 if network.prefixlen <= 30 else 0)
                found.setdefault(str(network), LocalNetwork(interface.name, str(network), size))
    return list(found.values())


def left_out(interfaces: Sequence[Interface]) -> Iterator[str]:
    """Why the others are not offered, one line an interface."""
    named = {network.interface for network in offered(interfaces)}
    for interface in interfaces:
        if interface.name not in named and not interface.loopback:
            yield f"{interface.name}: {interface.skip or 'no private IPv4 network'}"
