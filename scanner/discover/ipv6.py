"""IPv6 on the chosen links: questions to link-local groups alone, and whoever answers is heard.

An address that answers need not be in the scope, for nobody can name a link's IPv6 addresses before: what it says of
itself is evidence, under that address (without its zone, which is the field `interface`). It is asked nothing: every
packet of ours goes to a group of a chosen link. A device with an IPv4 address in scope gets these as further addresses
by its MAC, which the neighbour table gives; one that has none is listed from what it announces.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from ipaddress import ip_interface

import msgspec

from scanner.discover.answers import Answers, over
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Patience, Shot
from scanner.discover.links import links, networks
from scanner.discover.mdns import Ears
from scanner.discover.ssdp import taker as ssdp_taker
from scanner.discover.ws_discovery import probe
from scanner.discover.ws_discovery import taker as ws_taker
from scanner.models import Evidence, Outcome
from scanner.net.api import Interface, NetError, Network
from scanner.wire import mdns, ssdp, ws_discovery

SITE_GROUP, MDNS_GROUP = "ff02::c", "ff02::fb"
SSDP_PORT = 1900
MAX_SENDERS = 1024
_QUESTIONS = (mdns.META_QUERY, "_http._tcp.local.")
_AFTER = Patience(least=2.0, quiet=0.7, most=3.5)
_ECHO_S = 2.0
_ROUNDS = 2


class Ipv6:
    """One form of each question on every link; the devices that have IPv4 too were asked the others there."""

    name = "ipv6"
    sends = (
        "On every link with a target that has an IPv6 link-local address (not with --no-ipv6): one WS-Discovery Probe "
        "without types to ff02::c (UDP 3702), one M-SEARCH for upnp:rootdevice (MX 1) to ff02::c (UDP 1900), to "
        f"ff02::fb (UDP 5353) one packet with PTR questions for {_QUESTIONS[0]} and {_QUESTIONS[1]}, and, where the "
        "system allows it, one ICMPv6 echo to ff02::1; all with hop limit 1. All once more where nobody answered, or "
        "somebody answered the echo alone, and a third time where packets get lost. Nothing to an IPv6 address outside "
        "the scope."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """Evidence of all who answer on the links of the targets, in scope or not, with the field `interface`."""
        heard = _Heard(net, targets)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(net, link, heard, emit)) for link in v6_links(net, targets)]
        notes = [note for task in tasks for note in task.result()]
        if heard.full:
            notes.append(f"More than {MAX_SENDERS} addresses answered over IPv6: the rest was not kept.")
        return DiscoverResult(
            Outcome.ANSWERED if heard.senders else Outcome.EMPTY, frozenset(heard.senders), tuple(notes)
        )


def v6_links(net: Network, targets: Sequence[str]) -> list[Interface]:
    """The links of the targets that carry multicast and have a link-local address to send it from, with IPv6 alone."""
    found = []
    for link in links(net, targets):
        own = tuple(str(one) for one in networks(link) if one.version == 6)
        if link.multicast and not link.loopback and any(ip_interface(text).ip.is_link_local for text in own):
            found.append(msgspec.structs.replace(link, addresses=own))
    return found


class _Heard:
    """Who may be heard: any IPv6 address but our own, up to MAX_SENDERS."""

    def __init__(self, net: Network, targets: Sequence[str]) -> None:
        self.senders: set[str] = set()
        self._own = {str(own.ip) for one in net.interfaces() for own in networks(one)}
        self._targets = frozenset(targets)
        self._net = net

    @property
    def full(self) -> bool:
        """Whether no further one is heard."""
        return len(self.senders) >= MAX_SENDERS

    def admits(self, sender: str) -> bool:
        """Whether `sender` is heard; it is counted then. What is in scope and no target was left out on purpose."""
        if sender in self.senders:
            return True
        unwanted = sender not in self._targets and self._net.in_scope(sender)
        if ":" not in sender or sender in self._own or unwanted or self.full:
            return False
        self.senders.add(sender)
        return True


class _Open(Answers):
    """Answers from whoever is heard."""

    def __init__(self, net: Network, name: str, heard: _Heard) -> None:
        super().__init__(net, name, ())
        self._heard = heard

    def expected(self, sender: str) -> bool:
        """See Answers: here the sender need not be a target."""
        return self._heard.admits(sender)


async def _ask(net: Network, link: Interface, heard: _Heard, emit: Emit) -> list[str]:
    async def tell(evidence: Evidence) -> None:
        await emit(msgspec.structs.replace(evidence, fields={**evidence.fields, "interface": link.name}))

    here = [_Open(net, name, heard) for name in ("WS-Discovery", "SSDP", "mDNS")]
    questions = (
        (probe("untyped"), SITE_GROUP, ws_discovery.PORT, ws_taker(net, here[0], tell)),
        (ssdp.build_search(host=f"[FF02::C]:{SSDP_PORT}", target="upnp:rootdevice"), SITE_GROUP, SSDP_PORT,
         ssdp_taker(net, here[1], tell)),
        (mdns.build_query(_QUESTIONS), MDNS_GROUP, mdns.PORT, Ears(net, here[2], tell).take),
    )  # fmt: skip
    notes: dict[str, None] = {}
    echoed: set[str] = set()
    for number in range(_ROUNDS + 1):
        if number == _ROUNDS and not net.conditions().lossy:
            break
        async with asyncio.TaskGroup() as group:
            echo = group.create_task(_echo(net, link))
            asked = [
                group.create_task(over(net, link, [Shot(data, to, port, group=True)], take, _AFTER))
                for data, to, port, take in questions
            ]
        notes |= dict.fromkeys([*echo.result()[1], *(note for task in asked for note in task.result())])
        echoed |= {host for host in echo.result()[0] if heard.admits(host)}
        senders = {sender for answers in here for sender in answers.senders}
        if notes or (senders and echoed <= senders):
            break
    await _tell_macs(net, link, senders | echoed, tell)
    return list(notes)


async def _echo(net: Network, link: Interface) -> tuple[frozenset[str], list[str]]:
    try:
        return await net.echo_link(link, _ECHO_S), []
    except NetError as error:
        return frozenset(), [
            f"IPv6 on {link.name}: no echo to all nodes, so who announces nothing is not heard: {error}."
        ]


async def _tell_macs(net: Network, link: Interface, senders: Collection[str], tell: Emit) -> None:
    for row in net.neighbours(heard=senders):
        if row.mac and row.resolved and row.host in senders and row.interface == link.name:
            await tell(Evidence(row.host, "mac", {"mac": row.mac}, net.now()))
