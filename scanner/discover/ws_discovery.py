"""WS-Discovery: what nearly every ONVIF device says of itself unasked for a login (ONVIF Core §7.3).

The sender's address is the device's; the XAddrs inside are its own opinion, often of an address that is not reachable.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Hashable, Sequence

from scanner.discover.aloud import asked_aloud
from scanner.discover.answers import Answers, over
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Patience, Shot
from scanner.discover.links import multicast_links
from scanner.models import Evidence
from scanner.net.api import Datagram, Network
from scanner.net.elsewhere import note_elsewhere
from scanner.text import decode
from scanner.wire import ws_discovery as wire
from scanner.wire.errors import WireError

_FORM_GAP = 0.15  # seconds between two forms: some devices drop what comes while they answer
_REPEAT_AT = (1.0,)  # Wi-Fi loses multicast; one repeat of the first form reaches most of what was lost
_AFTER = Patience(least=2.0, quiet=0.7, most=3.5)  # devices delay their answer by up to 0.5 s, slow ones by 2
_UNICAST_AFTER = Patience(least=0.9, quiet=0.4, most=2.5)


class WsDiscovery:
    """Multicast on every link."""

    name = "ws-discovery"
    sends = (
        "UDP 3702 to 239.255.255.250 on every link with a target: a WS-Discovery Probe without types, one for "
        "dn:NetworkVideoTransmitter, one for tds:Device, and the first once more after a second. Meanwhile a socket of "
        "ours is a member of the group (IGMP report and leave), to see whether our own question comes back."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`ws-discovery` evidence for each new reply of a target."""
        answers = Answers(net, "WS-Discovery", targets)
        take = taker(net, answers, emit)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(asked_aloud(net, i, _shots(), take, _AFTER)) for i in multicast_links(net, targets)
            ]
        return answers.result([note for task in tasks for note in task.result()])


class WsDiscoveryUnicast:
    """To each target by itself: multicast is lost on Wi-Fi and ends at routers."""

    name = "ws-discovery-unicast"
    sends = (
        "UDP 3702 to each address that may be there and has not answered: one WS-Discovery Probe for "
        "dn:NetworkVideoTransmitter; beyond routers one without types too, to those still silent."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`ws-discovery` evidence for each new reply of a target."""
        answers = Answers(net, "WS-Discovery", targets)
        take = taker(net, answers, emit)
        notes = await over(net, None, _aimed("dn:NetworkVideoTransmitter", targets), take, _UNICAST_AFTER)
        silent = [t for t in targets if t not in answers.senders and not net.on_link(t)]
        if silent and not notes:
            await over(net, None, _aimed("untyped", silent), take, _UNICAST_AFTER)
        return answers.result(notes)


def _shots() -> list[Shot]:
    times = [(form, n * _FORM_GAP) for n, form in enumerate(wire.PROBE_FORMS)]
    times += [(wire.PROBE_FORMS[0], at) for at in _REPEAT_AT]
    return [Shot(probe(form), wire.GROUP, wire.PORT, at, group=True) for form, at in times]


def _aimed(form: str, targets: Sequence[str]) -> list[Shot]:
    return [Shot(probe(form), target, wire.PORT) for target in targets]


def probe(form: str) -> bytes:
    """A Probe of one of wire.PROBE_FORMS, with a message id of its own."""
    return wire.build_probe(form, str(uuid.uuid4()))


def taker(net: Network, answers: Answers, emit: Emit) -> Callable[[Datagram], Awaitable[None]]:
    """Turns replies of expected senders into `ws-discovery` evidence."""

    async def take(datagram: Datagram) -> None:
        sender = datagram.host
        if not answers.expected(sender):
            return
        key: Hashable
        try:
            matches = wire.parse_replies(datagram.data)
            key = tuple(matches)
        except WireError:
            matches, key = [], datagram.data
        if not key or not answers.fresh(sender, key):
            return
        for url in (url for match in matches for url in match.xaddrs):
            note_elsewhere(net, sender, url)
        await emit(Evidence(sender, "ws-discovery", {"xml": decode(datagram.data)}, net.now()))

    return take
