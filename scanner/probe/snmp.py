"""SNMPv3 engine discovery: one datagram without any secret, whose answer carries the maker's enterprise number."""

from __future__ import annotations

import asyncio
import random

from scanner.models import Outcome
from scanner.net.api import Network
from scanner.probe.contract import ProbeResult, Stage, Suspect
from scanner.probe.record import evidence
from scanner.wire import snmp as wire
from scanner.wire.errors import WireError

PORT = 161
_WAIT = 0.8  # seconds


class SnmpDiscovery:
    """RFC 3414 section 4; asks for nothing but the engine's identifier."""

    name = "snmp"
    stage = Stage.CONTACT
    sends = (
        "UDP 161: one SNMPv3 engine discovery datagram (no user, no community, nothing asked); once more where packets "
        "get lost."
    )

    def wanted(self, suspect: Suspect) -> bool:
        """Always, once."""
        return not any(one.protocol == "snmp" for one in suspect.evidence)

    async def run(self, net: Network, suspect: Suspect) -> ProbeResult:
        """`snmp` evidence with `engine_id`."""
        weather = net.conditions()
        for _ in range(1 + weather.lossy):
            result = await _ask(net, suspect, _WAIT + weather.rtt)
            if result.outcome is not Outcome.TIMED_OUT:
                break
        return result


async def _ask(net: Network, suspect: Suspect, wait: float) -> ProbeResult:
    question = wire.build_discovery(random.randrange(1, 2**31 - 1))  # noqa: S311 - an id, not a secret
    clock = asyncio.get_running_loop().time
    end = clock() + wait
    async with net.udp() as sock:
        await sock.send(question, suspect.host, PORT)
        while clock() < end:
            datagram = await sock.receive(end - clock())
            if datagram is None or datagram.host != suspect.host:
                continue
            try:
                engine = wire.parse_discovery(datagram.data)
            except WireError as error:
                raw = evidence(net, suspect.host, "snmp", hex=datagram.data[:2048].hex())
                return ProbeResult(Outcome.MALFORMED, (raw,), str(error))
            return ProbeResult(Outcome.ANSWERED, (evidence(net, suspect.host, "snmp", engine_id=engine.engine_id),))
    return ProbeResult(Outcome.TIMED_OUT)
