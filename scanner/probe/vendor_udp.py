"""The vendors' own discovery protocols, by unicast: they cross routers, and reach what broadcasts did not."""

from __future__ import annotations

import asyncio

from scanner.models import Evidence, Outcome
from scanner.net.api import NetError, Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.post import box
from scanner.probe.record import evidence
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS, VendorProtocol

_WAIT = 0.6  # seconds for an answer


class VendorUdp:
    """Only the protocols of makers that something suggests; the common ones where nothing names a maker."""

    name = "vendor-udp"
    stage = Stage.CONTACT
    sends = (
        "UDP, one datagram a protocol of the table below that the address has not answered yet: the suspected makers' "
        "protocols; SADP, DHIP, DVRIP and Reolink's where TCP 8000, 37777, 34567 or 9000 is open; and, where nothing "
        "names a maker, those marked so."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Where a protocol is plausible."""
        return bool(plausible(suspect))

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """Evidence of the first protocol that answers: a device speaks one maker's."""
        for protocol in plausible(suspect):
            told = await _ask(net, suspect.host, protocol)
            if told is not None:
                return ProbeResult(Outcome.ANSWERED, (told,))
        return ProbeResult(Outcome.TIMED_OUT)


def plausible(suspect: Suspect) -> list[VendorProtocol]:
    """The protocols worth a datagram, in the table's order."""
    if suspect.settled or suspect.is_camera is False or ":" in suspect.host:
        return []
    answered = {one.protocol for one in suspect.evidence}
    worth = _unnamed if not suspect.makers else _suggested
    return [one for one in PROTOCOLS if one.evidence not in answered and worth(one, suspect)]


def _suggested(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return any(maker in suspect.makers for maker in protocol.makers) or _open(protocol, suspect)


def _unnamed(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return protocol.blind or _open(protocol, suspect)


def _open(protocol: VendorProtocol, suspect: Suspect) -> bool:
    return any(port in suspect.open_ports for port in protocol.tcp)


async def _ask(net: Network, host: str, protocol: VendorProtocol) -> Evidence | None:
    """One question; the first answer of the host that can be read."""
    clock = asyncio.get_running_loop().time
    try:
        async with box(net, host, protocol.reply_port) as mine:
            end = clock() + _WAIT
            await mine.send(protocol.build(), protocol.port)
            while clock() < end:
                datagram = await mine.receive(end - clock())
                if datagram is None:
                    break
                try:
                    return evidence(net, host, protocol.evidence, **protocol.fields(datagram.data))
                except WireError:
                    continue
    except NetError:
        return None
    return None
