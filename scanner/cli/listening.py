"""Listen to the end: the interfaces chosen, the network part, the inventory, the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from scanner.cli.exits import Exit
from scanner.cli.judging_options import Judging
from scanner.cli.planning import new_folder, own_addresses
from scanner.cli.rules_options import NOTHING_ADDED, Extras
from scanner.cli.running import Ended, cancel_on_sigterm, write_run
from scanner.cli.unknowns import write_unknown_of_run
from scanner.models import Coverage, Evidence, EvidenceProblem, InterfaceCoverage, Inventory, Outcome, UsageError

if TYPE_CHECKING:
    from scanner.derive import Context
    from scanner.listen import Heard, Listener
    from scanner.net.api import Interface
    from scanner.progress import Progress
    from scanner.runs import RunFolder

_ETHERNET = 1  # link type, as captures number it
_PERMISSION = (
    "listening needs raw sockets: run it as root, or give the interpreter the right once with "
    "`sudo setcap cap_net_raw+ep $(readlink -f $(command -v python3))`"
)


@dataclass(frozen=True)
class Wish:
    """The options of `camcensus listen`, as given. `seconds` None: until Ctrl-C."""

    interfaces: tuple[str, ...] = ()
    seconds: float | None = None
    judging: Judging = field(default_factory=Judging)
    folder: Path = field(default_factory=new_folder)
    extras: Extras = NOTHING_ADDED
    unknown: Path | None = None


def listen_to(wish: Wish, progress: Progress, tell: Callable[[str], None]) -> Ended:
    """Listen, and write what was heard. UsageError where not one interface can be listened to."""
    from scanner.net.interfaces import local_interfaces
    from scanner.runs import PINS, RunFolder

    interfaces = local_interfaces()
    used, skipped = choose_ears(interfaces, wish.interfaces)
    context = wish.judging.context(wish.extras)
    pins = wish.extras.pins_text()
    folder = wish.folder
    _try_out(used)
    names = ", ".join(one.name for one in used)
    until = f"for {wish.seconds:g} s" if wish.seconds else "until Ctrl-C"
    tell(f"Listening on {names} {until}, sending nothing; evidence goes to {folder}")
    with RunFolder.create(folder) as run:
        if pins:
            run.write(PINS, pins)
        ended = _Session(wish, run, context, progress, own_addresses(interfaces)).go(used, skipped)
    write_unknown_of_run(wish.unknown, ended.inventory, folder, context.rules)
    return ended


def choose_ears(
    interfaces: Sequence[Interface], names: Sequence[str] = ()
) -> tuple[tuple[Interface, ...], tuple[Interface, ...]]:
    """(listened to, skipped): those named (a mirror port has no address), else those no rule leaves out."""
    known = {one.name for one in interfaces}
    for name in names:
        if name not in known:
            raise UsageError(f"no interface is called '{name}' here; there are: {', '.join(sorted(known)) or 'none'}")
    used: list[Interface] = []
    skipped: list[Interface] = []
    for one in interfaces:
        reason = one.skip or ("loopback" if one.loopback else "")
        if names:
            reason = "" if one.name in names else "not named by --interface"
        (skipped if reason else used).append(msgspec.structs.replace(one, skip=reason))
    if not used:
        reasons = ", ".join(f"{one.name} ({one.skip})" for one in skipped)
        raise UsageError(
            f"no interface to listen to: name one with --interface. Left out: {reasons or 'there is none'}"
        )
    return tuple(used), tuple(skipped)


def _try_out(used: Sequence[Interface]) -> None:
    """Open each once: what is forbidden everywhere is said before a folder is made."""
    from scanner.net.api import NetError
    from scanner.net.ears import open_ears

    async def attempt(one: Interface) -> NetError | None:
        try:
            async with open_ears(one, ()):
                return None
        except NetError as error:
            return error

    async def attempts() -> list[NetError | None]:
        return [await attempt(one) for one in used]

    errors = asyncio.run(attempts())
    if all(errors):
        first = next(error for error in errors if error)
        raise UsageError(_PERMISSION if first.outcome is Outcome.NOT_PERMITTED else f"can't listen: {first}")


class _Frames:
    """The reader of captures, for frames as they come."""

    def __init__(self) -> None:
        from scanner.intake.capture import Sieve

        self._sieve = Sieve("listen")
        self._number = 0

    def take(self, frame: bytes, seconds: float) -> Iterable[Evidence]:
        from scanner.intake.pcap import Packet

        self._number += 1
        return _evidence(self._sieve.take(Packet(self._number, _ETHERNET, seconds, frame)))

    def rest(self) -> Iterable[Evidence]:
        return _evidence(self._sieve.rest())


def _evidence(found: Iterable[Evidence | EvidenceProblem]) -> Iterable[Evidence]:
    return (each for each in found if not isinstance(each, EvidenceProblem))


class _Session:
    def __init__(self, wish: Wish, run: RunFolder, context: Context, progress: Progress, own: frozenset[str]) -> None:
        self._wish = wish
        self._run = run
        self._context = context
        self._progress = progress
        self._own = own
        self._listener: Listener | None = None

    def go(self, used: Sequence[Interface], skipped: Sequence[Interface]) -> Ended:
        from scanner.timestamps import now

        started = now()
        self._run.mark({"listened": started, "interfaces": [one.name for one in used]})
        interrupted = False
        self._progress.phase("listen", 0)
        try:
            asyncio.run(self._listen(used))
        except (KeyboardInterrupt, asyncio.CancelledError):
            interrupted = True
        self._progress.phase("judge", 0)
        inventory = self._conclude(started, now(), used, skipped, interrupted)
        exit_code = Exit.INTERRUPTED if interrupted else Exit.DONE if inventory.sweep.complete else Exit.INCOMPLETE
        return Ended(inventory, exit_code, write_run(self._run, inventory))

    async def _listen(self, used: Sequence[Interface]) -> None:
        from scanner.intake.capture import PORTS
        from scanner.listen import Listener
        from scanner.net.ears import open_ears

        cancel_on_sigterm()
        self._listener = Listener(
            self._run,
            self._context,
            self._progress,
            _Frames,
            lambda interface: open_ears(interface, PORTS),
            self._own,
        )
        await self._listener.listen(used, self._wish.seconds)

    def _conclude(
        self, started: str, finished: str, used: Sequence[Interface], skipped: Sequence[Interface], interrupted: bool
    ) -> Inventory:
        from scanner.derive import build_inventory, derive_devices
        from scanner.listen import Heard
        from scanner.models import Sweep

        heard = self._listener.heard if self._listener else Heard()
        devices = derive_devices(self._run.evidence(), self._context, merge=True, problem=lambda _problem: None)
        lost = len(heard.failed) == len(used)
        sweep = Sweep(
            id=self._run.folder.resolve().name.encode("utf-8", "replace").decode(),
            started=started,
            finished=finished,
            complete=not lost and not (interrupted and self._wish.seconds is not None),
            scope=(),
            policy=tuple(policy.id for policy in self._context.policies),
            as_of=self._context.as_of.isoformat(),
            options={
                "listen": True,
                "interfaces": [one.name for one in used],
                "time": self._wish.seconds,
                **self._wish.extras.recorded(),
            },
        )
        return build_inventory(devices, self._context, sweep, coverage_of(heard, used, skipped, started, finished))


def coverage_of(
    heard: Heard, used: Sequence[Interface], skipped: Sequence[Interface], started: str, finished: str
) -> Coverage:
    """What was listened to, and what that can't hear: said first."""
    names = ", ".join(one.name for one in used)
    notes = [
        f"Only listened, on {names}, from {started} to {finished}; nothing was sent. A device that announced nothing "
        "meanwhile is not in this list, and one that did said only what it announces.",
        *(f"{name} was not listened to, or not to the end: {error}." for name, error in heard.failed.items()),
    ]
    if heard.dropped:
        notes.append(f"{heard.dropped} frames came too fast to be read.")
    if heard.unkept:
        notes.append(f"{heard.unkept} announcements were not kept: their senders said too many different things.")
    return Coverage(
        answered=len(heard.hosts),
        interfaces=tuple(
            InterfaceCoverage(name=i.name, addresses=i.addresses, used=not i.skip, reason=i.skip)
            for i in (*used, *skipped)
        ),
        notes=tuple(notes),
    )
