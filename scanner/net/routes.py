"""The routes of this machine (Linux: /proc/net/route, the main table of IPv4); empty where they can't be read."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import msgspec

_UP, _REJECT = 0x1, 0x200  # linux/route.h
_TABLE = Path("/proc/net/route")


class Route(msgspec.Struct, frozen=True):
    """To `network` by `interface`; `gateway` is the router, None where the network is on the link."""

    network: IPv4Network
    interface: str
    gateway: str | None


def routes(table: Path = _TABLE) -> tuple[Route, ...]:
    """The most special first, the default route last."""
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return ()
    found = [route for line in lines if (route := _read(line.split())) is not None]
    return tuple(sorted(found, key=lambda one: -one.network.prefixlen))


def way_to(host: str, known: Iterable[Route]) -> Route | None:
    """The route that `host` is reached by; `known` as `routes` gives them."""
    address = IPv4Address(host)
    return next((one for one in known if address in one.network), None)


def _read(words: list[str]) -> Route | None:
    try:
        target, gateway, mask = (IPv4Address(int.from_bytes(bytes.fromhex(words[at]), "little")) for at in (1, 2, 7))
        if not int(words[3], 16) & _UP or int(words[3], 16) & _REJECT:
            return None
        return Route(IPv4Network(f"{target}/{mask}"), words[0], str(gateway) if int(gateway) else None)
    except (IndexError, ValueError):
        return None
