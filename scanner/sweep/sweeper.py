"""One sweep: discover -> probe -> evidence log; then, from the log alone, identify -> registry -> inventory.

Every piece of evidence is in the run's log before anything is derived from it. What a device has said so far is judged
while the sweep runs only to decide what is worth asking next; the inventory is derived from the log at the end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import msgspec

from scanner.derive import Context
from scanner.discover import Discovery, Emit, discover, discover_again, lingering
from scanner.models import Evidence, Outcome
from scanner.net.api import Network
from scanner.net.guard import first_cause, guarded
from scanner.probe import (
    ContactResult,
    LoginDoors,
    Probe,
    Stage,
    Suspect,
    WithLogin,
    first_contact,
    http_session,
    probes_for,
    run_probe,
    survey,
)
from scanner.progress import Progress
from scanner.runs import RunFolder
from scanner.sweep.asked import Gathered, SweepOptions
from scanner.sweep.resume import Done, read_back
from scanner.sweep.said import SoFar
from scanner.text import sort_key

SYNC_SECONDS = 1.0
_PACE_SECONDS = 0.25
_MOST_AGAIN = 1024  # silent addresses that are asked again


Find = Callable[..., Awaitable[Discovery]]


class Sweeper:
    """The network part of one sweep, into one run folder. `gathered` holds its state whatever ends it."""

    def __init__(
        self,
        net: Network,
        run: RunFolder,
        context: Context,
        options: SweepOptions,
        progress: Progress,
        find: Find = discover,
        ask_again: Callable[[Network, Sequence[str], Emit], Awaitable[None]] = discover_again,
    ) -> None:
        self._ask_again = ask_again
        self._find = find  # who is there; a seam, because listening takes seconds that not every test needs
        self._net = net
        self._run = run
        self._options = options
        self._progress = progress
        self._doors = LoginDoors()
        self.gathered = Gathered()
        self._said = SoFar(net, run, context, options, self.gathered)
        self._done = Done()

    async def gather(self) -> Gathered:
        """Discover and probe within the budget. Cancelled, it leaves the log complete up to that moment.

        LogError when evidence can't be written: then nothing more is asked.
        """
        keeper = asyncio.create_task(self._keep_synced())
        pacer: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout_at(self._asking_ends()) as limit, lingering() as linger:
                pacer = asyncio.create_task(self._keep_in_time(limit))
                discovery = self._resume() or await self._discover()
                await self._visit_all(discovery)
                await linger.heard_out()
                await self._visit_late()
                await self._look_again()
                await self._read_switches()
            self.gathered.complete = True
        except TimeoutError:
            self.gathered.ended = (
                f"The time budget of {self._options.budget:g} s ended the sweep before every address was asked."
            )
        except ExceptionGroup as group:
            raise first_cause(group) from group
        finally:
            keeper.cancel()
            if pacer is not None:
                pacer.cancel()
            self.gathered.mute = self._said.heard.mute(self._options.targets)
            self.gathered.refusing = self._said.heard.refusing(self._options.targets)
        return self.gathered

    def _asking_ends(self) -> float | None:
        """As the event loop counts time."""
        ends = self._said.budget.asking_ends()
        return None if ends is None else asyncio.get_running_loop().time() + ends - time.monotonic()

    async def _keep_in_time(self, limit: asyncio.Timeout) -> None:
        """The more is found, the more the end will take: the limit comes nearer."""
        while limit.when() is not None and not limit.expired():
            limit.reschedule(self._asking_ends())
            await asyncio.sleep(_PACE_SECONDS)

    def _resume(self) -> Discovery | None:
        """What an interrupted run has done already; its discovery, if that was complete."""
        self._done = read_back(self._run, self._said, self._doors)
        if self._done.discovery is not None:
            self.gathered.notes += self._done.discovery.notes
        if self._done:
            self.gathered.notes.append("Resumed: packets and connections are counted from there on.")
        return self._done.discovery

    async def _discover(self) -> Discovery:
        self._progress.phase("discover", len(self._options.targets))
        discovery = await self._find(self._net, self._options.targets, self._emit, ipv6=self._options.ipv6)
        self._run.mark({"discovered": msgspec.to_builtins(discovery)})
        self.gathered.notes += discovery.notes
        for name, outcome in discovery.outcomes.items():
            if outcome is Outcome.FAILED:
                self._said.note_failure(name, outcome.value)
        return discovery

    async def _visit_all(self, discovery: Discovery) -> None:
        self.gathered.alive |= discovery.alive
        self.gathered.beyond |= discovery.beyond
        self._show(discovery.beyond)
        # A resumed sweep may have been narrowed since: only today's targets count.
        targets = frozenset(self._options.targets)
        waiting = [h for h in discovery.candidates if h in targets and h not in self._done.visited]
        # The surely alive first: a budget that ends early then costs the doubtful addresses, not the devices.
        waiting.sort(key=lambda host: host not in discovery.alive)
        self._progress.phase("probe", len(waiting))
        await self._side_by_side(waiting, self._visit)

    async def _side_by_side(self, hosts: Sequence[str], work: Callable[[str], Awaitable[None]]) -> None:
        queue = iter(hosts)
        finished = 0

        async def worker() -> None:
            nonlocal finished
            for host in queue:
                await work(host)
                finished += 1
                self._progress.done(finished)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._options.workers, len(hosts))):
                group.create_task(worker())

    async def _visit_late(self) -> None:
        """Those who were silent, or thought to be absent, and have said something since."""
        alive = self.gathered.alive
        late = [
            h for h in self._options.targets if h in alive and (h in self._done.silent or h not in self._done.visited)
        ]
        self._done.silent.difference_update(late)
        await self._side_by_side(late, self._visit)

    async def _look_again(self) -> None:
        """Where packets get lost: whoever said nothing is asked everything once more."""
        if not self._net.conditions().lossy:
            return
        there = [host for host in self._options.targets if host in self.gathered.alive]
        maybe = [host for host in sorted(self._done.silent, key=sort_key) if self._said.lively(host)][:_MOST_AGAIN]
        again = [*self._said.heard.wordless(there), *maybe]
        self._progress.phase("look again", len(again))
        await self._ask_again(self._net, again, self._emit)
        await self._side_by_side(again, self._visit)
        await self._visit_late()

    async def _read_switches(self) -> None:
        """The switches that the user named, last: by now the addresses behind the hardware addresses are known."""
        if not self._options.switches or self._done.switches:
            return
        self._progress.phase("switches", len(self._options.switches))
        known: dict[str, set[str]] = {}
        for record in self._run.evidence():
            if isinstance(record, Evidence) and record.protocol == "mac" and self._net.in_scope(record.host):
                known.setdefault(str(record.get("mac")), set()).add(record.host)
        located = await survey(self._net, self._options.switches, known)
        for evidence in located.evidence:
            self._run.append(evidence)
        self.gathered.notes += located.notes
        self._run.mark({"switches": list(located.notes)})

    async def _visit(self, host: str) -> None:
        cut = False
        try:
            async with asyncio.timeout(self._options.device_seconds):
                await self._ask(host)
        except TimeoutError:
            cut = True
            self.gathered.cut.append(host)
        self._done.visited.add(host)
        (self._done.silent.discard if host in self.gathered.alive else self._done.silent.add)(host)
        self._run.mark({"visited": host, "alive": host in self.gathered.alive, "cut": cut})
        self._said.let_go(host)

    async def _ask(self, host: str) -> None:
        """First contact, then what is worth asking, cheapest first; judged again after each answer."""
        async with http_session(self._net, host):  # contact and probes share its connection
            asked = first_contact(
                self._net,
                host,
                emit=self._emit,
                enough=lambda _evidence: self._said.has_said_enough(host),
                thorough=lambda: self._said.lively(host),
            )
            contact = await guarded(asked, self._options.device_seconds, self._no_contact(host))
            self._said.note_refusal(host, contact)
            if contact.alive:
                self.gathered.alive.add(host)
            if host in self.gathered.alive:
                await self._probe(host, contact.open_ports)
        self._show([host])

    def _show(self, hosts: Iterable[str]) -> None:
        for host in hosts:
            if device := self._said.device(host):
                self._progress.device(device)

    async def _probe(self, host: str, open_ports: Mapping[int, str]) -> None:
        for stage in (Stage.CONTACT, Stage.FOLLOW_UP, Stage.CREDENTIALS):
            for probe in probes_for(self._said.suspect(host, open_ports), stage):
                suspect = self._said.suspect(host, open_ports)
                if probe.wanted(suspect) and probe.name == WithLogin.name:
                    await self._log_in(probe, suspect)
                elif probe.wanted(suspect):
                    self._said.take(host, probe.name, await run_probe(probe, self._net, suspect))

    async def _log_in(self, probe: Probe, suspect: Suspect) -> None:
        """Once a device: a refusal counts for all its addresses, and an interrupted sweep does not try again."""
        host = suspect.host
        faces = {host, self._said.mac_on_link(host) or host}
        async with self._doors.of(faces) as may_try:
            if not may_try:
                self.gathered.untried.add(host)
                return
            self._run.mark({"login": host})
            await asyncio.to_thread(self._run.sync)  # known even after a power cut: a login is never sent twice
            result = await run_probe(probe, self._net, suspect)
            if result.outcome is Outcome.REFUSED:
                self._doors.shut(faces)
                self.gathered.refused[host] = result.detail
                self._run.mark({"refused": host, "detail": result.detail})
        self._said.take(host, probe.name, result)

    def _no_contact(self, host: str) -> Callable[[Outcome, str], ContactResult]:
        def otherwise(outcome: Outcome, detail: str) -> ContactResult:
            if outcome is Outcome.FAILED:
                self._said.note_failure(f"first contact with {host}", detail)
            return ContactResult(open_ports={}, evidence=(), outcomes={}, alive=False)

        return otherwise

    async def _emit(self, evidence: Evidence) -> None:
        self._said.record(evidence)

    async def _keep_synced(self) -> None:
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            await asyncio.to_thread(self._run.sync)
