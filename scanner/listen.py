"""Listening: what devices announce by themselves, as evidence, for a time. Not one packet is sent.

As in a sweep, every piece of evidence is in the run's log before anything is derived from it.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from scanner.derive import Context
from scanner.identify.engine import DeviceBuilder
from scanner.models import Evidence
from scanner.net.api import Interface, NetError
from scanner.net.ears import Ears
from scanner.net.guard import first_cause
from scanner.progress import Progress
from scanner.runs import RunFolder

MAX_HOSTS = 20_000
MAX_SAYINGS = 64
"""Different things that one host may say by one protocol; what it says beyond that is not kept."""
SHOW_SECONDS = 0.5
_MAX_RECENT = 65_536

Open = Callable[[Interface], AbstractAsyncContextManager[Ears]]


class Dissector(Protocol):
    """Reads one link's frames in their order. Raises nothing, whatever they hold."""

    def take(self, frame: bytes, seconds: float) -> Iterable[Evidence]:
        """What an Ethernet frame says that was seen at a time (seconds since 1970)."""

    def rest(self) -> Iterable[Evidence]:
        """What only the end settles."""


class Heard(msgspec.Struct):
    """What listening came to, beside the evidence. `failed` are interfaces that could not be listened to, and why."""

    hosts: set[str] = msgspec.field(default_factory=set)
    frames: int = 0
    dropped: int = 0
    unkept: int = 0
    failed: dict[str, NetError] = msgspec.field(default_factory=dict)


class Listener:
    """Listens into one run folder. `heard` holds its state whatever ends it.

    `own` are addresses of this host: what it says itself is nobody's evidence.
    """

    def __init__(
        self,
        run: RunFolder,
        context: Context,
        progress: Progress,
        dissector: Callable[[], Dissector],
        open_ears: Open,
        own: frozenset[str] = frozenset(),
    ) -> None:
        self._run = run
        self._context = context
        self._progress = progress
        self._dissector = dissector
        self._open = open_ears
        self._own = own
        self._builders: dict[str, DeviceBuilder] = {}
        self._said: set[int] = set()
        self._sayings: Counter[tuple[str, str]] = Counter()
        self._recent: set[int] = set()
        self._changed: set[str] = set()
        self.heard = Heard()

    async def listen(self, interfaces: Sequence[Interface], seconds: float | None = None) -> Heard:
        """Listen on all `interfaces` for `seconds` (None: until cancelled), or until none can be heard any more.

        LogError when evidence can't be written.
        """
        keeper = asyncio.create_task(self._keep_up())
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for interface in interfaces:
                    group.create_task(self._on(interface))
        except TimeoutError:
            pass
        except ExceptionGroup as group:
            raise first_cause(group) from group
        finally:
            keeper.cancel()
            self._show()
        return self.heard

    async def _on(self, interface: Interface) -> None:
        dissector = self._dissector()
        try:
            async with self._open(interface) as ears:
                try:
                    while True:
                        for frame in await ears.receive():
                            self._take(frame, dissector, interface)
                        await asyncio.sleep(0)  # a busy link must not keep the others, or the end, waiting
                finally:
                    self.heard.dropped += ears.dropped()
                    self._keep(dissector.rest(), interface)
        except NetError as error:
            self.heard.failed[interface.name] = error
            self._progress.note(f"{interface.name} is not listened to: {error}")

    def _take(self, frame: bytes, dissector: Dissector, interface: Interface) -> None:
        self.heard.frames += 1
        key = hash((interface.name, frame))
        if key in self._recent:
            return
        if len(self._recent) >= _MAX_RECENT:
            self._recent.clear()
        self._recent.add(key)
        self._keep(dissector.take(frame, time.time()), interface)

    def _keep(self, found: Iterable[Evidence], interface: Interface) -> None:
        for evidence in found:
            if evidence.host not in self._own and self._is_new(evidence):
                fields = {**evidence.fields, "interface": interface.name}
                self._record(msgspec.structs.replace(evidence, fields=fields))

    def _is_new(self, evidence: Evidence) -> bool:
        """Whether this is said for the first time, and its sender has not filled its share of the log."""
        key = hash(msgspec.structs.replace(evidence, seen_at=None).to_line())
        if key in self._said:
            return False
        kind = (evidence.host, evidence.protocol)
        stranger = evidence.host not in self.heard.hosts
        if self._sayings[kind] >= MAX_SAYINGS or (stranger and len(self.heard.hosts) >= MAX_HOSTS):
            self.heard.unkept += 1
            return False
        self._said.add(key)
        self._sayings[kind] += 1
        return True

    def _record(self, evidence: Evidence) -> None:
        self._run.append(evidence)
        host = evidence.host
        self.heard.hosts.add(host)
        if host not in self._builders:
            self._builders[host] = DeviceBuilder(host, self._context.rules)
        self._builders[host].add(evidence)
        self._changed.add(host)

    def _show(self) -> None:
        for host in self._changed:
            self._progress.device(self._context.judge(self._builders[host].device()))
        self._changed.clear()

    async def _keep_up(self) -> None:
        while True:
            await asyncio.sleep(SHOW_SECONDS)
            self._show()
            await asyncio.to_thread(self._run.sync)
