"""What was not reached, by name: silent networks and addresses, firewalls, routers that refuse. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from ipaddress import IPv4Address, ip_address, ip_network

from scanner.net.ledger import Refusal
from scanner.net.routes import Route, way_to
from scanner.text import sort_key

MAX_RANGES = 256
_NAMED = 8


def ranges(hosts: Iterable[str]) -> tuple[str, ...]:
    """The addresses as ranges ("198.51.100.10-19", "198.51.100.30"), the first MAX_RANGES of them."""
    runs: list[list[str]] = []
    for host in sorted(hosts, key=sort_key):
        last = runs[-1][-1] if runs else ""
        if last and ip_address(last).version == ip_address(host).version and _number(host) == _number(last) + 1:
            runs[-1].append(host)
        else:
            runs.append([host])
    return tuple(_range(run[0], run[-1]) for run in runs[:MAX_RANGES])


def silent_networks(targets: Sequence[str], alive: Collection[str], known: Sequence[Route]) -> list[str]:
    """A sentence for each network of which several addresses were asked and none answered."""
    asked: dict[tuple[str, str], int] = {}
    heard: set[tuple[str, str]] = set()
    for host in targets:
        key = _network(host, known)
        asked[key] = asked.get(key, 0) + 1
        if host in alive:
            heard.add(key)
    return [
        f"{network}: no address answered ({count} asked; {way}). The network may be down, filtered, or not there."
        for (network, way), count in asked.items()
        if count > 1 and (network, way) not in heard
    ]


def unheard(mute: Iterable[str]) -> list[str]:
    """Who is there by ARP alone."""
    named = ranges(mute)
    if not named:
        return []
    return [
        f"There, and nothing could be asked: {some(named)} answered ARP or neighbour discovery and nothing else. "
        "A firewall drops our questions, or the device sleeps; what it is stays open."
    ]


def refusing(hosts: Iterable[str]) -> list[str]:
    """Who answered, by refusals alone."""
    named = ranges(hosts)
    if not named:
        return []
    return [f"There, and refused every question: {some(named)}. No service of them was open to us."]


def refused_by_routers(refusals: Mapping[str, Refusal], alive: Collection[str]) -> list[str]:
    """What routers and firewalls said of addresses that stayed silent."""
    notes = []
    for prohibited, said in ((True, "forbids packets to"), (False, "says that nothing is reached at")):
        by: dict[str, list[str]] = {}
        for host, refusal in refusals.items():
            if refusal.prohibited is prohibited and host not in alive and refusal.by != host:
                by.setdefault(refusal.by, []).append(host)
        notes += [f"{router} {said} {some(ranges(hosts))} (ICMP)." for router, hosts in sorted(by.items())]
    return notes


def some(items: Sequence[str]) -> str:
    """The first of them, and how many more."""
    rest = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _network(host: str, known: Sequence[Route]) -> tuple[str, str]:
    """(network, how it is reached) of an address: by its own route, else its /24."""
    if ":" in host:
        return str(ip_network(f"{host}/64", strict=False)), "IPv6"
    route = way_to(host, known)
    size = 24 if route is None or route.network.prefixlen < 24 else route.network.prefixlen
    if route is None:
        return str(ip_network(f"{host}/{size}", strict=False)), "no route to it is known"
    way = f"routed by {route.gateway}" if route.gateway else f"on the link {route.interface}"
    return str(ip_network(f"{host}/{size}", strict=False)), way


def _number(host: str) -> int:
    return int(ip_address(host))


def _range(first: str, last: str) -> str:
    if first == last:
        return first
    if ":" in first or IPv4Address(first).packed[:3] != IPv4Address(last).packed[:3]:
        return f"{first} to {last}"
    return f"{first}-{last.rpartition('.')[2]}"
