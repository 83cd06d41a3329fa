"""The vendors' own discovery protocols on every link: cameras that answer nothing else, or are set up for another net.

A device whose address is out of scope, as one with its factory address, is noted from what it announces; no packet
goes to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from scanner.discover.announced import Announced
from scanner.discover.answers import Answers
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Handle, Patience, Shot, exchange
from scanner.discover.links import multicast_links
from scanner.models import Evidence
from scanner.net.api import Datagram, Interface, NetError, Network
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

_GAP = 0.02  # seconds between two questions, so that no burst fills a small device's buffer
_ROUNDS = (0.0, 1.0)  # one repeat: these are datagrams, and Wi-Fi loses broadcasts first
_AFTER = Patience(least=1.2, quiet=0.4, most=2.5)

Group = tuple[VendorProtocol, ...]


class Vendors:
    """One socket for each port that answers come to, on each link."""

    name = "vendors"

    def __init__(self, protocols: Sequence[VendorProtocol] = PROTOCOLS) -> None:
        self._protocols = tuple(protocols)
        self.sends = (
            "UDP, twice a second apart (those marked rare: once) on every link with a target, by multicast (TTL 1) "
            "or by broadcast on that link: the questions of the table below, which only ask who is there."
        )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """Evidence of each vendor protocol that a target answers; others are noted."""
        answers = Answers(net, "vendor discovery", targets)
        strangers = Announced(net)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_ask(net, interface, mine, _taker(net, interface, mine, answers, strangers, emit)))
                for interface in multicast_links(net, targets)
                for mine in _by_reply(self._protocols)
            ]
        failed = [note for task in tasks for note in task.result()]
        return answers.result([*strangers.notes(), *failed])


def _by_reply(protocols: Sequence[VendorProtocol]) -> list[Group]:
    """The protocols that can share a socket."""
    groups: dict[tuple[int, str], list[VendorProtocol]] = {}
    for protocol in protocols:
        groups.setdefault((protocol.reply_port, protocol.reply_group), []).append(protocol)
    return [tuple(group) for group in groups.values()]


async def _ask(net: Network, interface: Interface, protocols: Group, take: Handle) -> list[str]:
    """One exchange; the notes for the coverage where it failed."""
    port, join = protocols[0].reply_port, protocols[0].reply_group
    try:
        async with net.udp(interface, port=port, join=[join] if join else [], broadcast=True) as sock:
            shots = list(_shots(protocols))
            failed = await exchange(sock, shots, take, _AFTER)
    except NetError as error:
        return [f"{_titles(protocols)} not used on {interface.name}: {error}"]
    if failed and len(failed) == len(shots):
        return [f"{_titles(protocols)} could not be sent on {interface.name}: {failed[0]}"]
    return []


def _titles(protocols: Group) -> str:
    return ", ".join(protocol.title for protocol in protocols)


def _shots(protocols: Group) -> Iterator[Shot]:
    for again, start in enumerate(_ROUNDS):
        for number, protocol in enumerate(protocols):
            if again and protocol.rare:
                continue
            at = start + number * _GAP
            if protocol.group:
                yield Shot(protocol.build(), protocol.group, protocol.port, at, group=True)
            if protocol.broadcast:
                yield Shot(protocol.build(), "", protocol.port, at)


def _taker(
    net: Network, interface: Interface, protocols: Group, answers: Answers, strangers: Announced, emit: Emit
) -> Handle:
    async def take(datagram: Datagram) -> None:
        sender = datagram.host
        if strangers.full and not net.in_scope(sender):
            return
        for protocol in sorted(protocols, key=lambda one: one.port != datagram.port):
            try:
                fields = protocol.fields(datagram.data)
            except WireError:
                continue
            if answers.expected(sender):
                if answers.fresh(sender, protocol.name):
                    await emit(Evidence(sender, protocol.evidence, fields, net.now()))
            elif not net.in_scope(sender):
                strangers.heard(sender, interface.name, protocol.title, fields)
            return

    return take
