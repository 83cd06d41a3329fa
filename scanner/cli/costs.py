"""What each discoverer and probe costs: the one table, held by a test to what a sweep of 120 devices sends on a wire.

Averages, a quarter above what was measured, so that a plan errs upwards. `tests/e2e/purposes.py` prints the measured
ones. Where `measured` is false the figures are worked out from what the code may send.
"""

from __future__ import annotations

from typing import NamedTuple


class Amount(NamedTuple):
    """Packets sent and received, connections accepted, bytes both ways with link headers. Averages, so fractions."""

    sent: float = 0
    received: float = 0
    connections: float = 0
    size: float = 0

    def plus(self, other: Amount) -> Amount:
        """The sum."""
        return Amount(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, count: float) -> Amount:
        """So many of them."""
        return Amount(*(a * count for a in self))


class Cost(NamedTuple):
    """Of one step: a link, an ordinary device on it."""

    link: Amount = Amount()
    device: Amount = Amount()
    measured: bool = True


FIRST_CONTACT, SWITCH = "first contact", "switch"
COSTS = {
    "neighbours": Cost(),
    "arp": Cost(device=Amount(2.5, 2.5, 0, 210)),
    "ws-discovery": Cost(Amount(14, 0, 0, 3800), Amount(0, 3.2, 0, 4500)),  # group membership is counted here
    "mdns": Cost(Amount(9, 0, 0, 5000), Amount(0, 0.9, 0, 260)),
    "ssdp": Cost(Amount(5, 0, 0, 1000), Amount(0, 2.8, 0, 800)),
    "vendors": Cost(Amount(55, 0, 0, 5000), Amount(0, 1.5, 0, 750)),
    "ipv6": Cost(Amount(12, 0, 0, 2400), Amount(3, 4.5, 0, 1900)),
    "ws-discovery-unicast": Cost(device=Amount(0.4, 0.1, 0, 300)),
    "mdns-unicast": Cost(device=Amount(0.9, 0.1, 0, 110)),
    "ssdp-unicast": Cost(device=Amount(0.8, 0.1, 0, 150)),
    "routed-unicast": Cost(device=Amount(9, 3, 0, 2700)),
    FIRST_CONTACT: Cost(device=Amount(19, 13.8, 2.7, 3650)),
    "vendor-udp": Cost(device=Amount(0.4, 0.4, 0, 190)),
    "snmp": Cost(device=Amount(1.3, 0.4, 0, 190)),
    "upnp": Cost(device=Amount(0.2, 0.2, 0.05, 150)),
    "onvif": Cost(device=Amount(1.7, 1.6, 0.1, 930)),
    "http": Cost(device=Amount(1.8, 1.4, 0, 560)),
    "favicon": Cost(device=Amount(0.2, 0.3, 0, 250)),
    "snmp-read": Cost(device=Amount(3, 3, 0, 1500), measured=False),
    "login": Cost(device=Amount(60, 60, 2, 60_000), measured=False),
    SWITCH: Cost(device=Amount(250, 250, 0, 250_000), measured=False),  # of some 48 ports
}
# Addresses at which nobody is: measured 2, 3 and 23 packets
SILENT_ARP = Amount(2.5, 0, 0, 105)
SILENT_KERNEL = Amount(3.6, 0, 0, 150)
SILENT_ROUTED = Amount(29, 0, 0, 4000)
ONLY_ROUTED = frozenset({"routed-unicast"})
ONLY_ON_LINK = frozenset({"arp", "ipv6"})
GIVEN = frozenset({"snmp-read", "login"})

TYPICAL_SHARE = 0.25  # of a network's addresses, devices
LISTENING = 6.0  # seconds that discovery takes whoever is there
ASKING = 6.0  # seconds in which the slowest device has answered
SILENT_SECONDS = 8.0  # that one silent address beyond a router keeps a worker


def a_device(steps: frozenset[str] | set[str]) -> Amount:
    """What `steps` cost an ordinary device together."""
    total = Amount()
    for name in sorted(steps):
        total = total.plus(COSTS[name].device)
    return total


def ordinary(*, on_link: bool, ipv6: bool = False) -> frozenset[str]:
    """The steps that any device goes through, without what is given for it."""
    without = GIVEN | {SWITCH} | (ONLY_ROUTED if on_link else ONLY_ON_LINK) | (frozenset() if ipv6 else {"ipv6"})
    return frozenset(COSTS) - without


def of_links(*, ipv6: bool) -> Amount:
    """What is sent on one link by itself."""
    total = Amount()
    for name, cost in COSTS.items():
        total = total.plus(cost.link if ipv6 or name != "ipv6" else Amount())
    return total


class Expected(NamedTuple):
    """Of a sweep on a link: if no address is a device's, and if every one is an ordinary device's."""

    least_packets: int
    most_packets: int
    least_seconds: float
    most_seconds: float


def expected(size: int, rate: float) -> Expected:
    """What to sweep so many addresses may come to; packets both ways, seconds by those sent."""
    links, device = of_links(ipv6=True), a_device(ordinary(on_link=True, ipv6=True))
    least = links.plus(SILENT_KERNEL.times(size))
    most = links.plus(device.times(size))
    return Expected(
        round(least.sent + least.received),
        round(most.sent + most.received),
        least.sent / rate + LISTENING,
        most.sent / rate + LISTENING + ASKING,
    )
