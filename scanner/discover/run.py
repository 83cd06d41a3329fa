"""All discoverers side by side: who is there, who may be, and what the coverage must say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from scanner.discover.arp import askable
from scanner.discover.contract import Discoverer, DiscoverResult, Emit
from scanner.discover.reach import Reach, reach
from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.net.guard import guarded

_LIMIT = 12.0  # seconds for one discoverer on a small network; a large one gets more, by its number of addresses
_PER_TARGET = 0.02


class Discovery(msgspec.Struct, frozen=True):
    """`alive` answered something; `candidates` (in the targets' order) are worth a TCP connection; `absent` are not.

    `beyond` are addresses that are no targets and were heard on a link all the same: they were asked nothing.
    `outcomes` says by discoverer how it ended; `notes` are sentences for the coverage.
    """

    alive: frozenset[str] = frozenset()
    candidates: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()
    outcomes: Mapping[str, Outcome] = {}
    notes: tuple[str, ...] = ()


class _Record:
    """Hands evidence on, each once, and remembers who said something and by which protocol."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._seen: set[bytes] = set()
        self.by_protocol: dict[str, set[str]] = {}

    async def take(self, evidence: Evidence) -> None:
        key = msgspec.structs.replace(evidence, seen_at=None).to_line()
        if key in self._seen:
            return
        self._seen.add(key)
        await self._emit(evidence)
        self.by_protocol.setdefault(evidence.protocol, set()).add(evidence.host)

    def heard(self) -> frozenset[str]:
        return frozenset().union(*self.by_protocol.values())


async def discover_all(
    net: Network,
    targets: Sequence[str],
    emit: Emit,
    *,
    multicast: Sequence[Discoverer],
    unicast: Sequence[Discoverer],
    routed: Discoverer,
    arp: Discoverer,
    table: Discoverer,
) -> Discovery:
    """Multicast questions and ARP at once; then, to those who may be there, the unicast ones; then the table.

    `routed` is asked of those beyond routers that are still silent then.

    `emit` has put evidence on disk when it returns, so whatever ends this early loses nothing that was heard.
    """
    record = _Record(emit)
    results: dict[str, DiscoverResult] = {}

    async def one(discoverer: Discoverer, among: Sequence[str]) -> DiscoverResult:
        limit = _LIMIT + _PER_TARGET * len(among)
        work = discoverer.run(net, among, record.take)
        results[discoverer.name] = result = await guarded(work, limit, _failed(discoverer.name))
        return result

    async def asked_one_by_one() -> Reach:
        found = await one(arp, targets)
        arp_ran = found.outcome in (Outcome.ANSWERED, Outcome.EMPTY)
        silent = askable(net, targets) - found.alive if arp_ran else frozenset[str]()
        asked = [t for t in targets if t not in silent]
        return await _unicast(asked, absent=silent)

    async def _unicast(asked: Sequence[str], absent: frozenset[str]) -> Reach:
        async with asyncio.TaskGroup() as group:
            for discoverer in unicast:
                silent = [t for t in asked if t not in record.by_protocol.get(_protocol(discoverer), ())]
                group.create_task(one(discoverer, silent))
            known = record.heard() | absent
            watch = group.create_task(reach(net, [t for t in asked if net.on_link(t) and t not in known]))
        if beyond := _silent_beyond(net, asked, record.heard()):
            await one(routed, beyond)
        await one(table, asked)
        return Reach(watch.result().present, absent | watch.result().absent)

    async with asyncio.TaskGroup() as group:
        for discoverer in multicast:
            group.create_task(one(discoverer, targets))
        seen = group.create_task(asked_one_by_one())
    return _sum(targets, seen.result(), record.heard(), results)


def _silent_beyond(net: Network, asked: Sequence[str], heard: frozenset[str]) -> list[str]:
    return [target for target in asked if target not in heard and not net.on_link(target)]


async def ask_again(net: Network, targets: Sequence[str], emit: Emit, discoverers: Sequence[Discoverer]) -> None:
    """The `discoverers` once more, side by side, of `targets` that have said nothing while packets were lost."""
    record = _Record(emit)
    async with asyncio.TaskGroup() as group:
        for discoverer in discoverers:
            limit = _LIMIT + _PER_TARGET * len(targets)
            group.create_task(guarded(discoverer.run(net, targets, record.take), limit, _failed(discoverer.name)))


def _protocol(discoverer: Discoverer) -> str:
    return discoverer.name.removesuffix("-unicast")


def _failed(name: str) -> Callable[[Outcome, str], DiscoverResult]:
    def otherwise(outcome: Outcome, detail: str) -> DiscoverResult:
        return DiscoverResult(outcome, notes=(f"{name} did not finish: {detail}",))

    return otherwise


def _sum(
    targets: Sequence[str], seen: Reach, heard: frozenset[str], results: Mapping[str, DiscoverResult]
) -> Discovery:
    said = heard.union(seen.present, *(r.alive for r in results.values()))
    alive = said & frozenset(targets)
    absent = seen.absent - alive
    return Discovery(
        alive=alive,
        candidates=tuple(t for t in targets if t not in absent),
        absent=absent,
        beyond=heard - frozenset(targets),
        outcomes={name: result.outcome for name, result in results.items()},
        notes=tuple(note for result in results.values() for note in result.notes),
    )
