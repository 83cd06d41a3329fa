"""mDNS and DNS-SD: our own questions, whose answers keep the sender's address, beside zeroconf's browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from scanner.discover.answers import Answers, over
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Patience, Shot
from scanner.discover.links import first_ipv4, multicast_links
from scanner.discover.mdns_browser import Resolved, browse
from scanner.models import Evidence
from scanner.net.api import Datagram, Interface, Network
from scanner.wire import mdns as wire
from scanner.wire.errors import WireError

TYPES = tuple(
    f"{name}.local."
    for name in (
        "_axis-video._tcp",
        "_onvif._tcp",
        "_rtsp._tcp",
        "_http._tcp",
        "_hap._tcp",
        "_axis-nvr._tcp",
        "_arec._tcp",
        "_psia._tcp",
        "_CGI._tcp",
        "_device-info._tcp",
        "_sip._udp",
        "_printer._tcp",
        "_ipp._tcp",
        "_smb._tcp",
        "_googlecast._tcp",
    )
)
_PAIRS = (
    (wire.META_QUERY, "_http._tcp.local."),
    ("_axis-video._tcp.local.", "_onvif._tcp.local."),
    ("_rtsp._tcp.local.", "_hap._tcp.local."),
)
_GAP = 0.12
_AFTER = Patience(least=1.5, quiet=0.5, most=2.5)  # responders wait 20 to 120 ms (RFC 6762 section 6)
_UNICAST_AFTER = Patience(least=0.8, quiet=0.4, most=2.0)
_MAX_LISTED = 6  # types that a device lists and that are asked for by name
_BROWSE = 3.5  # seconds

Browser = Callable[[str, Sequence[str], float, Resolved], Coroutine[None, None, list[str]]]


class Mdns:
    """Multicast on every link."""

    name = "mdns"
    sends = (
        "UDP 5353 to 224.0.0.251 on every link with a target: PTR questions for "
        + ", ".join(name for pair in _PAIRS for name in pair)
        + " (at most two a packet, unicast answers asked for); zeroconf's browser, for 3.5 seconds, asks for "
        + ", ".join(TYPES)
        + " and resolves what it finds; a device that lists further types is asked for those, at its own address."
    )

    def __init__(self, browser: Browser = browse) -> None:
        self._browse = browser

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`mdns` evidence for each service that a target names."""
        ears = Ears(net, Answers(net, "mDNS", targets), emit)
        await asyncio.to_thread(_load)
        interfaces = multicast_links(net, targets)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(_ask(net, interface, ears)) for interface in interfaces]
            browsed = [
                group.create_task(self._browse(address, TYPES, _BROWSE, ears.resolved))
                for address in (first_ipv4(interface) for interface in interfaces)
                if address is not None
            ]
        notes = [note for task in (*asked, *browsed) for note in task.result()]
        if not interfaces:
            notes.append("mDNS not browsed: no link with a target carries multicast")
        return ears.answers.result(notes)


class MdnsUnicast:
    """To each target by itself (RFC 6762 section 5.5 allows it on the link; many answer beyond it)."""

    name = "mdns-unicast"
    sends = (
        "UDP 5353 to each address that may be there and has not answered: one packet with PTR questions for "
        f"{_PAIRS[0][0]} and {_PAIRS[0][1]}; to one that lists further types, at most three packets that ask for them."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """`mdns` evidence for each service that a target names."""
        ears = Ears(net, Answers(net, "mDNS", targets), emit)
        await asyncio.to_thread(_load)
        shots = [Shot(wire.build_query(_PAIRS[0]), target, wire.PORT) for target in targets]
        notes = await over(net, None, shots, ears.take, _UNICAST_AFTER)
        await _ask_listed(net, None, ears)
        return ears.answers.result(notes)


def _load() -> None:
    """Import zeroconf off the event loop: it takes a sixth of a second."""
    import zeroconf.asyncio  # noqa: F401 - only loaded


async def _ask(net: Network, interface: Interface, ears: Ears) -> list[str]:
    shots = [
        Shot(wire.build_query(pair), wire.GROUP, wire.PORT, number * _GAP, group=True)
        for number, pair in enumerate(_PAIRS)
    ]
    notes = await over(net, interface, shots, ears.take, _AFTER)
    await _ask_listed(net, interface, ears)
    return notes


async def _ask_listed(net: Network, interface: Interface | None, ears: Ears) -> None:
    shots = [
        Shot(wire.build_query(types[at : at + 2]), host, wire.PORT)
        for host, types in ears.unresolved().items()
        for at in range(0, len(types), 2)
    ]
    if shots:
        await over(net, interface, shots, ears.take, _UNICAST_AFTER)


class Ears:
    """Turns answers into evidence and remembers the types that a device listed and did not resolve."""

    def __init__(self, net: Network, answers: Answers, emit: Emit) -> None:
        self.answers = answers
        self._net = net
        self._emit = emit
        self._listed: dict[str, dict[str, None]] = {}
        self._known: dict[str, set[str]] = {}

    async def take(self, datagram: Datagram) -> None:
        """One packet: all its services belong to its sender."""
        if not self.answers.expected(datagram.host):
            return
        try:
            services = wire.parse(datagram.data, datagram.host)
        except WireError:
            return
        for service in services:
            await self._tell(datagram.host, service)

    async def resolved(self, service: wire.MdnsService) -> None:
        """One service that the browser resolved: it belongs to those of its own IPv4 addresses that are targets."""
        for address in service.addresses:
            if ":" not in address and self.answers.expected(address):
                await self._tell(address, service)

    async def _tell(self, host: str, service: wire.MdnsService) -> None:
        kind = service.service.lower()
        if service.name:
            self._known.setdefault(host, set()).add(kind)
        elif kind:
            self._listed.setdefault(host, {})[service.service] = None
        fields: dict[str, Any] = {"service": service.service, "name": service.name, "hostname": service.host}
        fields = {name: text for name, text in fields.items() if text}
        if service.port is not None:
            fields["port"] = service.port
        if service.name:
            fields["txt"] = dict(service.txt)
        if fields and self.answers.fresh(host, (kind, service.name, service.host, str(sorted(service.txt.items())))):
            await self._emit(Evidence(host, "mdns", fields, self._net.now()))

    def unresolved(self) -> dict[str, list[str]]:
        """By device, the listed types without an instance yet, at most _MAX_LISTED; those are then no longer listed."""
        found = {}
        for host, types in self._listed.items():
            names = [t for t in types if t.lower() not in self._known.get(host, ()) and _askable(t)]
            if names:
                found[host] = names[:_MAX_LISTED]
        self._listed.clear()
        return found


def _askable(service_type: str) -> bool:
    """Whether a listed type is one that we may repeat in a question: `_name._tcp.local.` of ordinary length."""
    labels = service_type.rstrip(".").split(".")
    return len(labels) == 3 and all(0 < len(label) <= 32 for label in labels) and service_type.isascii()
