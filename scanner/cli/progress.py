"""Progress on standard error: live for a person, JSON lines for a machine, or nothing."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from scanner.cli.choices import ProgressMode
from scanner.cli.events import JsonProgress
from scanner.cli.output import say
from scanner.models import Device, Status
from scanner.progress import Progress, Silent
from scanner.text import clean

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

_SHOWN = 12  # newest devices in the live view
_PHASES = {
    "listen": "Listening, sending nothing",
    "discover": "Listening and asking who is there",
    "probe": "Asking each device",
    "switches": "Reading the switches",
    "judge": "Judging",
    "ended": "Ended early",
}


def progress_for(mode: ProgressMode, *, quiet: bool) -> Progress:
    """Live on a terminal, plain phase lines where there is none, JSON lines or nothing as asked."""
    if mode is ProgressMode.JSON:
        return JsonProgress()
    if quiet or mode is ProgressMode.NONE:
        return Silent()
    return LiveProgress() if sys.stderr.isatty() else PlainProgress()


class PlainProgress:
    """One line a phase: for logs."""

    def phase(self, name: str, total: int) -> None:
        say(f"{_PHASES.get(name, name)}{f' ({total} addresses)' if total else ''} …")

    def done(self, count: int) -> None:
        """Not told: a log wants no counter."""

    def device(self, device: Device) -> None:
        """Told only when it is a camera."""
        if device.is_camera:
            say(f"  {device.host}  {_what(device)}")

    def note(self, text: str) -> None:
        say(clean(text, 400))


class LiveProgress:
    """What is found so far, redrawn in place; gone when the result is printed."""

    def __init__(self) -> None:
        self._phase = ""
        self._total = 0
        self._count = 0
        self._devices: dict[str, Device] = {}
        self._live: Live | None = None
        self._drawn = 0.0

    def phase(self, name: str, total: int) -> None:
        self._phase, self._total, self._count = name, total, 0
        if name in ("judge", "ended"):
            self._stop()
        else:
            self._draw(force=True)

    def done(self, count: int) -> None:
        self._count = count
        self._draw()

    def device(self, device: Device) -> None:
        self._devices.pop(device.host, None)
        self._devices[device.host] = device
        self._draw()

    def note(self, text: str) -> None:
        if self._live is not None:
            self._live.console.print(clean(text, 400), markup=False, highlight=False)
        else:
            say(clean(text, 400))

    def _draw(self, *, force: bool = False) -> None:
        # Drawing costs milliseconds of the event loop: four times a second is enough for an eye.
        moment = time.monotonic()
        if not force and moment - self._drawn < 0.25:
            return
        self._drawn = moment
        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._view(), refresh=True)

    def _view(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        from scanner.report.table import device_table

        found = list(self._devices.values())
        cameras = sum(1 for d in found if d.is_camera)
        listed = sum(1 for d in found if d.status is Status.LISTED)
        count = f" {self._count}/{self._total}" if self._total else ""
        head = (
            f"{_PHASES.get(self._phase, self._phase)}{count} · {len(found)} devices, {cameras} cameras, {listed} listed"
        )
        newest = [d for d in found if d.is_camera is not False][-_SHOWN:]
        return Group(Text(head, style="bold"), device_table(newest, wide=False) if newest else Text(""))

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def _what(device: Device) -> str:
    words = " ".join(w for w in (device.brand or device.maker or "", device.model or "") if w)
    return clean(f"{words or 'maker not established'} · {device.status.value}", 200)
