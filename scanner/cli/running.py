"""Run a planned sweep to its end: network part, inventory, files. Ctrl-C and SIGTERM leave a partial result."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.cli.exits import Exit
from scanner.models import Coverage, EvidenceProblem, Inventory

if TYPE_CHECKING:
    from scanner.derive import Context
    from scanner.net.api import Interface
    from scanner.net.door import SocketNetwork
    from scanner.net.scope import Scope
    from scanner.progress import Progress
    from scanner.runs import RunFolder
    from scanner.sweep import Find, Gathered, Sweeper, SweepOptions

PortMap = Mapping[tuple[str, int, str], tuple[str, int]]


@dataclass(frozen=True)
class Plan:
    """A sweep, decided: what, how fast, judged how, into which folder.

    `reach` is the scope with the switches that were named beside the targets; None where it is the scope itself.
    """

    scope: Scope
    used: tuple[Interface, ...]
    skipped: tuple[Interface, ...]
    context: Context
    options: SweepOptions
    folder: Path
    rate: float
    host_rate: float
    resume: bool = False
    site: str | None = None
    recorded_options: dict[str, Any] = field(default_factory=dict)
    reach: Scope | None = None
    pins: bytes = b""


@dataclass(frozen=True)
class Ended:
    """The inventory, the exit code before gates, and the files written."""

    inventory: Inventory
    exit: Exit
    report: Path


def run_plan(
    plan: Plan,
    progress: Progress,
    site: Callable[[], AbstractAsyncContextManager[PortMap]] | None = None,
    find: Find | None = None,
) -> Ended:
    """Sweep. `site` is a simulated site to keep up meanwhile; its port map goes to the door.

    `find` takes the place of discovery, whose listening takes seconds that not every test has.
    """
    from scanner.runs import PINS, RunFolder

    with RunFolder.reopen(plan.folder) if plan.resume else RunFolder.create(plan.folder) as run:
        if plan.pins:
            run.write(PINS, plan.pins)
        return _Runner(plan, run, progress, find).go(site)


class _Runner:
    def __init__(self, plan: Plan, run: RunFolder, progress: Progress, find: Find | None) -> None:
        self._plan = plan
        self._find = find
        self._run = run
        self._progress = progress
        self._sweeper: Sweeper | None = None
        self._net: SocketNetwork | None = None

    def go(self, site: Callable[[], AbstractAsyncContextManager[PortMap]] | None) -> Ended:
        from scanner.timestamps import now

        started = self._started(now())
        interrupted = False
        try:
            asyncio.run(self._network(site))
        except (KeyboardInterrupt, asyncio.CancelledError):
            interrupted = True
        except BaseException:
            self._progress.phase("ended", 0)  # gives the terminal back
            raise
        self._progress.phase("judge", 0)
        inventory = self._conclude(started, now(), interrupted=interrupted)
        report = write_run(self._run, inventory)
        if interrupted:
            return Ended(inventory, Exit.INTERRUPTED, report)
        return Ended(inventory, Exit.DONE if inventory.sweep.complete else Exit.INCOMPLETE, report)

    def _started(self, now: str) -> str:
        for state in self._run.states():
            if "started" in state:
                return str(state["started"])
        basis = [msgspec.to_builtins(file) for file in self._plan.context.basis]
        self._run.mark({"started": now, "options": self._plan.recorded_options, "basis": basis})
        return now

    async def _network(self, site: Callable[[], AbstractAsyncContextManager[PortMap]] | None) -> None:
        from scanner.discover import discover
        from scanner.net.door import SocketNetwork
        from scanner.net.limits import neighbour_limit, pending_for
        from scanner.sweep import Sweeper

        cancel_on_sigterm()
        plan = self._plan
        async with site() if site else contextlib.nullcontext({}) as port_map:
            self._net = SocketNetwork(
                plan.reach or plan.scope,
                interfaces=plan.used,
                rate=plan.rate,
                host_rate=plan.host_rate,
                on_link_pending=pending_for(neighbour_limit()),
                port_map=port_map or None,
            )
            self._sweeper = Sweeper(
                self._net, self._run, plan.context, plan.options, self._progress, self._find or discover
            )
            await self._sweeper.gather()

    def _conclude(self, started: str, finished: str, *, interrupted: bool) -> Inventory:
        from scanner.derive import build_inventory, derive_devices, once
        from scanner.models import Sweep

        plan = self._plan
        gathered = self._gathered(interrupted=interrupted)
        unread: list[EvidenceProblem] = []
        devices = derive_devices(once(self._run.evidence()), plan.context, merge=True, problem=unread.append)
        if unread:
            gathered.notes.append(f"Damaged lines of the evidence log, passed over: {len(unread)}.")
        sweep = Sweep(
            id=plan.folder.resolve().name.encode("utf-8", "replace").decode(),
            started=started,
            finished=finished,
            complete=gathered.complete,
            scope=plan.scope.texts,
            policy=tuple(p.id for p in plan.context.policies),
            as_of=plan.context.as_of.isoformat(),
            site=plan.site,
            options=plan.recorded_options,
        )
        return build_inventory(devices, plan.context, sweep, self._coverage(gathered))

    def _gathered(self, *, interrupted: bool) -> Gathered:
        from scanner.sweep import Gathered

        gathered = self._sweeper.gathered if self._sweeper else Gathered()
        if interrupted:
            gathered.complete = False
            gathered.ended = f"Interrupted; continue it with: camcensus sweep --resume {self._plan.folder}"
        return gathered

    def _coverage(self, gathered: Gathered) -> Coverage:
        from scanner.coverage import coverage_of
        from scanner.net.ledger import Ledger
        from scanner.net.limits import neighbour_limit
        from scanner.net.routes import routes

        plan, ledger = self._plan, self._net.ledger if self._net else Ledger()
        return coverage_of(
            plan.scope,
            plan.options,
            gathered,
            plan.used,
            plan.skipped,
            ledger,
            neighbour_rows=neighbour_limit(),
            known=routes(),
        )


def write_run(run: RunFolder, inventory: Inventory) -> Path:
    """Write the inventory and the report into the run's folder; the path of the report."""
    from scanner.report.html import render_html
    from scanner.report.json import render_json
    from scanner.runs import INVENTORY, REPORT

    run.write(INVENTORY, render_json(inventory))
    return run.write(REPORT, render_html(inventory))


def cancel_on_sigterm() -> None:
    """Let SIGTERM end the running task as Ctrl-C does."""
    task = asyncio.current_task()
    if task is None:
        return
    with contextlib.suppress(
        NotImplementedError, ValueError, RuntimeError
    ):  # no signals off the main thread, on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
