"""The vendors' own discovery protocols, by unicast: they cross routers, and reach what broadcasts did not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from scanner.models import Evidence, Outcome
from scanner.net.api import NetError, Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.post import Box, box
from scanner.probe.record import evidence
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

_WAIT = 0.6  # seconds for an answer
_SINGLY = 4  # protocols that are asked one after the other, since the first answer makes the others needless


class VendorUdp:
    """Only the protocols of makers that something suggests; the common ones where nothing names a maker."""

    name = "vendor-udp"
    stage = Stage.CONTACT
    sends = (
        "UDP, one datagram a protocol of the table below that the address has not answered yet: the suspected makers' "
        "protocols; SADP, DHIP, DVRIP and Reolink's where TCP 8000, 37777, 34567 or 9000 is open; and, where nothing "
        "names a maker, those marked so, beyond a router all. Once more where packets get lost."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Where a protocol is plausible."""
        return bool(plausible(suspect))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """Evidence of the first protocol that answers: a device speaks one maker's."""
        worth = plausible(suspect)
        weather = net.conditions()
        for together in _in_turn(worth, singly=0 if weather.lossy or suspect.routed else _SINGLY):
            for _ in range(1 + weather.lossy):
                told = await _first([_ask(net, suspect.host, one, _WAIT + weather.rtt) for one in together])
                if told is not None:
                    return ProbeResult(Outcome.ANSWERED, (told,))
        return ProbeResult(Outcome.TIMED_OUT)


def plausible(suspect: Suspect) -> list[VendorProtocol]:
    """The protocols worth a datagram, in the table's order."""
    if suspect.settled or suspect.is_camera is False or ":" in suspect.host:
        return []
    answered = {one.protocol for one in suspect.evidence}
    worth = _suggested if suspect.makers else (_anybody if suspect.routed else _unnamed)
    return [one for one in PROTOCOLS if one.evidence not in answered and worth(one, suspect)]


def _suggested(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return any(maker in suspect.makers for maker in protocol.makers) or _open(protocol, suspect)


def _unnamed(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return protocol.blind or _open(protocol, suspect)


def _anybody(_protocol: VendorProtocol, _suspect: Suspect) -> bool:
    return True


def _open(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return any(port in suspect.open_ports for port in protocol.tcp)


def _in_turn(worth: Sequence[VendorProtocol], singly: int) -> Iterator[Sequence[VendorProtocol]]:
    """The likeliest one by one; the rest at once, as far as no two share a port of ours."""
    for one in worth[:singly]:
        yield (one,)
    rest = list(worth[singly:])
    while rest:
        ports = [one.reply_port for one in rest]
        together = [one for at, one in enumerate(rest) if not one.reply_port or one.reply_port not in ports[:at]]
        yield together
        rest = [one for one in rest if one not in together]


async def _first(questions: Sequence[Coroutine[Any, Any, Evidence | None]]) -> Evidence | None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(question) for question in questions]
    return next((told for task in tasks if (told := task.result()) is not None), None)


@asynccontextmanager
async def _own(net: Network, host: str) -> AsyncIterator[Box]:
    """A socket for one question alone, where the answer comes to the asker's port."""
    async with net.udp() as sock, asyncio.TaskGroup() as group:
        mine = Box(sock, host)
        reader = group.create_task(mine.collect())
        yield mine
        reader.cancel()


async def _ask(net: Network, host: str, protocol: VendorProtocol, wait: float) -> Evidence | None:
    """One question; the first answer of the host that can be read."""
    clock = asyncio.get_running_loop().time
    try:
        async with box(net, host, protocol.reply_port) if protocol.reply_port else _own(net, host) as mine:
            end = clock() + wait
            await mine.send(protocol.build(), protocol.port)
            # What has come is read, however late a busy machine gets here.
            while (datagram := await mine.receive(max(0.0, end - clock()))) is not None:
                with contextlib.suppress(WireError):
                    return evidence(net, host, protocol.evidence, **protocol.fields(datagram.data))
                if clock() >= end:
                    break
    except NetError:
        return None
    return None
