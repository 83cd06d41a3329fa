"""SSDP: UPnP's question who is there (UPnP Device Architecture 2.0 §1.3)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from scanner.discover.answers import Answers, over
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Patience, Shot
from scanner.discover.links import multicast_links
from scanner.models import Evidence
from scanner.net.api import Datagram, Network
from scanner.net.elsewhere import note_elsewhere
from scanner.wire import ssdp as wire
from scanner.wire.errors import WireError
from scanner.wire.message import header

GROUP = "239.255.255.250"
PORT = 1900
_ROOT = "upnp:rootdevice"
_ALL = "ssdp:all"
_AXIS = "urn:axis-com:service:BasicService:1"  # julienblitte/UniversalScanner Axis.cs
_SCHEDULE = ((_ROOT, 0.0), (_ALL, 0.4), (_AXIS, 0.8), (_ROOT, 1.2))
_AFTER = Patience(least=1.8, quiet=0.5, most=3.0)  # MX 1 spreads the answers over a second
_UNICAST_AFTER = Patience(least=1.3, quiet=0.4, most=2.5)


class Ssdp:
    """Multicast on every link."""

    name = "ssdp"
    sends = (
        "UDP 1900 to 239.255.255.250 on every link with a target: M-SEARCH for upnp:rootdevice, for ssdp:all, "
        f"for {_AXIS}, and for upnp:rootdevice once more (MX 1)."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`ssdp` evidence for each new answer of a target."""
        answers = Answers(net, "SSDP", targets)
        take = taker(net, answers, emit)
        shots = [Shot(wire.build_search(st), GROUP, PORT, at, group=True) for st, at in _SCHEDULE]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(over(net, i, shots, take, _AFTER)) for i in multicast_links(net, targets)]
        return answers.result([note for task in tasks for note in task.result()])


class SsdpUnicast:
    """To each target by itself (UPnP DA 2.0 §1.3.2 allows it; not all devices answer it)."""

    name = "ssdp-unicast"
    sends = "UDP 1900 to each address that may be there and has not answered: one M-SEARCH for ssdp:all (MX 1)."

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`ssdp` evidence for each new answer of a target."""
        answers = Answers(net, "SSDP", targets)
        shots = [Shot(wire.build_search(_ALL, host=_host_header(t)), t, PORT) for t in targets]
        return answers.result(await over(net, None, shots, taker(net, answers, emit), _UNICAST_AFTER))


def _host_header(target: str) -> str:
    return f"[{target}]:{PORT}" if ":" in target else f"{target}:{PORT}"


def taker(net: Network, answers: Answers, emit: Emit) -> Callable[[Datagram], Awaitable[None]]:
    """Turns answers of expected senders into `ssdp` evidence."""

    async def take(datagram: Datagram) -> None:
        if not answers.expected(datagram.host):
            return
        try:
            message = wire.parse(datagram.data)
        except WireError:
            return
        if message.start_line.upper().startswith("M-SEARCH"):
            return
        told = tuple((n, v) for n, v in message.headers if n.lower() not in ("date", "ext"))
        if not answers.fresh(datagram.host, told):
            return
        if location := header(message.headers, "location"):
            note_elsewhere(net, datagram.host, location)
        headers = [[name, value] for name, value in message.headers]
        await emit(Evidence(datagram.host, "ssdp", {"headers": headers}, net.now()))

    return take
