"""First contact with one address: a few TCP ports, each open one used on the very connection that found it open.

Order and tiers stand in `ports.py`. At most two connections at once; an open port costs one connection, a closed one
two frames; what tells enough ends it early.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from scanner.models import Evidence, Outcome
from scanner.net.api import NetError, Network, Stream
from scanner.probe.contract import Emit
from scanner.probe.converse import Patience
from scanner.probe.ports import FIRST_TIER, PRINTING, SECOND_TIER, Use, use_of
from scanner.probe.record import evidence
from scanner.probe.session import open_session
from scanner.probe.use import Used, use

SENDS = (
    "TCP connect to "
    + ", ".join(str(p) for p in FIRST_TIER)
    + "; where these tell nothing also to "
    + ", ".join(str(p) for p in SECOND_TIER)
    + ". On an open port, on the same connection: GET / (and at most two pages of the same address that it leads to), "
    "after a TLS handshake on 443 and 8443; RTSP OPTIONS and DESCRIBE of / on 554, 8554, 10554 and 5554; nothing on "
    "the others, which are listened to."
)
_CONNECT = 1.3  # seconds: one retransmitted SYN (1 s) still arrives; a LAN answers within milliseconds
_LOSSY_CONNECT = 2.6  # where packets get lost, a second repeat (2 s on Linux) too, for a device that is there
_BRIEF = 0.5  # one SYN, at a firewall that has dropped those before
_SILENT_ENOUGH = 6  # so many ports without any answer, and no other: a firewall, or nobody
_FEW_SILENT = 3  # so many silent ports of a device that answers at others are asked once more where packets get lost
_FIRST = Patience()  # slow cameras take several seconds for a page
_SECOND = Patience(first=2.0, total=6.0)  # one that took a connection and said nothing is given less the next time
_MAX_NAMED = 2  # further ports that the device's own pages lead to

Enough = Callable[[Sequence[Evidence]], bool]


class ContactResult(msgspec.Struct, frozen=True):
    """`open_ports`: port → what speaks there ("http", "https", "rtsp", "banner", "open"). `alive`: anything at all
    came back, be it a refusal. `outcomes`: how each tried port ended.
    """

    open_ports: Mapping[int, str]
    evidence: tuple[Evidence, ...]
    outcomes: Mapping[int, Outcome]
    alive: bool

    @property
    def talks(self) -> bool:
        """Whether anything spoke HTTP or RTSP."""
        return any(kind in (Use.HTTP, Use.HTTPS, Use.RTSP) for kind in self.open_ports.values())


async def first_contact(
    net: Network,
    host: str,
    *,
    ports: Iterable[int] = tuple(FIRST_TIER),
    more_ports: Iterable[int] = tuple(SECOND_TIER),
    emit: Emit | None = None,
    enough: Enough | None = None,
    thorough: Callable[[], bool] = lambda: False,
) -> ContactResult:
    """Try `ports` of `host` in their order; `more_ports` where it is there and none of them spoke HTTP or RTSP.

    `thorough`, asked when the first ports were silent, says whether the others are worth a packet each all the same:
    the address is known to be there, so that a firewall may let a later one pass, or it may well be.

    `emit` gets each piece of evidence as it comes (it is in the result too). `enough`, asked with all evidence so far
    after each open port, ends the contact early.
    """
    contact = _Contact(net, host, emit, enough, thorough)
    await contact.try_all(ports)
    first = contact.result()
    if not first.talks and (first.alive or (contact.dropped and thorough())):
        await contact.try_all(more_ports)
    await contact.try_again()
    return contact.result()


class _Contact:
    def __init__(
        self, net: Network, host: str, emit: Emit | None, enough: Enough | None, thorough: Callable[[], bool]
    ) -> None:
        self._thorough = thorough
        self._net = net
        self._host = host
        self._queue: deque[int] = deque()
        self._emit = emit
        self._enough = enough
        self._named = 0
        self._stopped = False
        self._speechless = False
        self._open: dict[int, str] = {}
        self._evidence: list[Evidence] = []
        self._outcomes: dict[int, Outcome] = {}

    async def try_all(self, ports: Iterable[int]) -> None:
        """Try `ports`, two at once."""
        self._queue.extend(port for port in dict.fromkeys(ports) if port not in self._outcomes)
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(self._work())

    async def try_again(self) -> None:
        """The few ports that were silent while others answered, where packets get lost."""
        silent = self._silent()
        answers = len(self._outcomes) - len(silent)
        if self._net.conditions().lossy and not self._stopped and answers and len(silent) <= _FEW_SILENT:
            for port in silent:
                del self._outcomes[port]
            await self.try_all(silent)

    async def _work(self) -> None:
        while self._queue and not self._stopped:
            port = self._queue.popleft()
            self._outcomes[port] = await self._try(port, use_of(port))
            self._stopped = self._stopped or self._is_over() or self._has_enough(port)

    def result(self) -> ContactResult:
        alive = bool(self._open) or Outcome.REFUSED in self._outcomes.values()
        return ContactResult(
            open_ports=dict(sorted(self._open.items())),
            evidence=tuple(self._evidence),
            outcomes=dict(sorted(self._outcomes.items())),
            alive=alive,
        )

    async def _try(self, port: int, kind: Use, *, switched: bool = False) -> Outcome:
        try:
            stream = await self._net.connect(self._host, port, tls=kind is Use.HTTPS, timeout=self._patience())
        except NetError as error:
            if error.outcome is Outcome.MALFORMED and kind is Use.HTTPS and not switched:
                return await self._try(port, Use.HTTP, switched=True)  # open, and no TLS that we could read
            if error.outcome is Outcome.TIMED_OUT and (session := open_session(self._net, self._host)):
                await session.unpark()  # silence is slow: both places are needed now
            return error.outcome
        used = await self._use(stream, kind)
        if used.retry_tls and not switched:
            return await self._try(port, Use.HTTPS, switched=True)
        return used.outcome

    async def _use(self, stream: Stream, kind: Use) -> Used:
        self._open[stream.port] = kind.value
        await self._take(evidence(self._net, self._host, "port", port=stream.port, state="open"))
        parked = False
        try:
            used = await use(self._net, stream, kind, self._take, _SECOND if self._speechless else _FIRST)
            self._speechless = self._speechless or used.outcome is Outcome.TIMED_OUT
            session = None if Outcome.TIMED_OUT in self._outcomes.values() else open_session(self._net, self._host)
            parked = used.lasting and session is not None and session.park(stream)
        finally:
            if not parked:
                await stream.close()
        self._open[stream.port] = used.service.value
        for port in used.named_ports:
            self._add(port)
        return used

    def _add(self, port: int) -> None:
        known = port in PRINTING or port in self._outcomes or port in self._queue or port in self._open
        if not known and self._named < _MAX_NAMED:
            self._named += 1
            self._queue.append(port)

    async def _take(self, found: Evidence) -> None:
        if found in self._evidence:
            return
        if self._emit is not None:
            await self._emit(found)
        self._evidence.append(found)

    def _patience(self) -> float:
        """Seconds for a connection, by what was measured and what this device has answered so far."""
        weather = self._net.conditions()
        if self.dropped:
            return max(_BRIEF, 1.5 * weather.rtt + 0.1)
        if weather.lossy and len(self._silent()) < len(self._outcomes):
            return _LOSSY_CONNECT
        return _CONNECT + weather.rtt

    def _is_over(self) -> bool:
        """Whether a firewall, or nobody, is not worth a further packet."""
        return self.dropped and (self.result().talks or not (self._open or self._thorough()))

    @property
    def dropped(self) -> bool:
        """Whether nothing but silence came from all ports tried, those open apart."""
        silent = len(self._silent())
        return silent >= _SILENT_ENOUGH and silent + len(self._open) >= len(self._outcomes)

    def _silent(self) -> list[int]:
        nothing = (Outcome.TIMED_OUT, Outcome.UNREACHABLE)
        return [port for port, outcome in self._outcomes.items() if outcome in nothing and port not in self._open]

    def _has_enough(self, port: int) -> bool:
        return self._enough is not None and port in self._open and self._enough(tuple(self._evidence))
