"""Which links the targets lie on. A link without a target in scope is not spoken to, not even by multicast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

from scanner.net.api import Interface, Network


def networks(interface: Interface) -> list[IPv4Interface | IPv6Interface]:
    """The interface's addresses with their networks; texts that are none are left out."""
    found = []
    for text in interface.addresses:
        try:
            found.append(ip_interface(text))
        except ValueError:
            continue
    return found


def own_address(interface: Interface, target: str) -> str | None:
    """The interface's own address in the network that `target` lies in; None where it lies elsewhere."""
    address = ip_address(target)
    for own in networks(interface):
        if own.version == address.version and address in own.network:
            return str(own.ip)
    return None


def links(net: Network, targets: Iterable[str]) -> list[Interface]:
    """The chosen interfaces that at least one target is directly connected to."""
    wanted = [ip_address(t) for t in targets]
    return [
        interface
        for interface in net.interfaces()
        if any(a.version == own.version and a in own.network for own in networks(interface) for a in wanted)
    ]


def multicast_links(net: Network, targets: Sequence[str]) -> list[Interface]:
    """The links that carry multicast and have an IPv4 address to send it from."""
    return [i for i in links(net, targets) if i.multicast and first_ipv4(i) is not None]


def first_ipv4(interface: Interface) -> str | None:
    """The interface's first IPv4 address, the one that the door binds to."""
    return next((str(own.ip) for own in networks(interface) if own.version == 4), None)
