"""Beyond routers: makers' own questions and SNMPv3's, one by one, to addresses that said nothing else.

No broadcast and no ARP gets there, so a camera that answers nothing but its maker's protocol would be missing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

from scanner.discover.answers import Answers
from scanner.discover.contract import DiscoverResult, Emit
from scanner.discover.exchange import Handle, Patience, Shot, exchange
from scanner.models import Evidence
from scanner.net.api import Datagram, NetError, Network
from scanner.wire import snmp
from scanner.wire.errors import WireError
from scanner.wire.vendor import PROTOCOLS

_SNMP_PORT = 161
_GAP = 0.15  # seconds between two questions to one address
_AFTER = Patience(least=0.9, quiet=0.4, most=2.0)
_BLIND = tuple(protocol for protocol in PROTOCOLS if protocol.blind)
Kind = tuple[str, int, int, Callable[[], bytes], Callable[[bytes], dict[str, object]]]
"""Evidence, port, port of the answer, question, reader."""


class RoutedUnicast:
    """Only to those beyond routers that have not answered anything else; the rest is told by the first contact."""

    name = "routed-unicast"
    sends = (
        "To each address beyond a router that has answered none of the unicast questions: "
        + ", ".join(f"UDP {protocol.port} ({protocol.title})" for protocol in _BLIND)
        + f", and UDP {_SNMP_PORT} (SNMPv3 engine discovery, no user, no community): one datagram each."
    )

    async def run(self, net: Network, targets: Sequence[str], emit: Emit) -> DiscoverResult:
        """Evidence of each protocol that a target answers."""
        answers = Answers(net, "unicast discovery", targets)
        kinds = sorted(_kinds(), key=lambda kind: kind[2])
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_ask(net, port, list(mine), targets, _taker(net, answers, emit)))
                for port, mine in groupby(kinds, key=lambda kind: kind[2])
            ]
        return answers.result([note for task in tasks for note in task.result()])


def _kinds() -> Iterator[Kind]:
    for one in _BLIND:
        yield one.evidence, one.port, one.reply_port, one.build, one.fields
    yield "snmp", _SNMP_PORT, 0, lambda: snmp.build_discovery(random.randrange(1, 2**31 - 1)), _engine  # noqa: S311 - an id


def _engine(data: bytes) -> dict[str, object]:
    return {"engine_id": snmp.parse_discovery(data).engine_id}


async def _ask(
    net: Network,
    reply_port: int,
    kinds: Sequence[Kind],
    targets: Sequence[str],
    taker: Callable[[Sequence[Kind]], Callable[[Datagram], Awaitable[None]]],
) -> list[str]:
    shots = [Shot(kind[3](), target, kind[1], number * _GAP) for number, kind in enumerate(kinds) for target in targets]
    try:
        async with net.udp(port=reply_port) as sock:
            await exchange(sock, shots, taker(kinds), _AFTER)
    except NetError as error:
        return [f"{', '.join(kind[0] for kind in kinds)} not asked beyond routers: {error}"]
    return []


def _taker(net: Network, answers: Answers, emit: Emit) -> Callable[[Sequence[Kind]], Handle]:
    def of(kinds: Sequence[Kind]) -> Handle:
        async def take(datagram: Datagram) -> None:
            sender = datagram.host
            for evidence, _, _, _, read in sorted(kinds, key=lambda kind: kind[1] != datagram.port):
                try:
                    fields = read(datagram.data)
                except WireError:
                    continue
                if answers.expected(sender) and answers.fresh(sender, evidence):
                    await emit(Evidence(sender, evidence, fields, net.now()))
                return

        return take

    return of
