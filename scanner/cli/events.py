"""`--progress json`: events for machines, one JSON object a line on standard error (docs/progress.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scanner.cli.exits import Exit, exit_of
from scanner.cli.output import say
from scanner.models import Device, Inventory, Status
from scanner.models.progress import (
    NOTE_LIMIT,
    TEXT_LIMIT,
    AddressesDone,
    DeviceSeen,
    Ended,
    Event,
    Noted,
    PhaseBegun,
    Started,
)
from scanner.progress import Progress
from scanner.text import clean
from scanner.timestamps import now


class JsonProgress:
    """Each call is an event."""

    def phase(self, name: str, total: int) -> None:
        tell(PhaseBegun(now(), name, total))

    def done(self, count: int) -> None:
        tell(AddressesDone(now(), count))

    def device(self, device: Device) -> None:
        tell(
            DeviceSeen(
                time=now(),
                host=clean(device.host, TEXT_LIMIT),
                is_camera=device.is_camera,
                kind=_short(device.kind),
                brand=_short(device.brand),
                maker=_short(device.maker),
                model=_short(device.model),
                status=device.status.value,
            )
        )

    def note(self, text: str) -> None:
        tell(Noted(now(), clean(text, NOTE_LIMIT)))


def tell(event: Event) -> None:
    """One line. A reader that left does not end the sweep."""
    import msgspec

    say(msgspec.json.encode(event).decode())


@dataclass
class Outcome:
    """What is known of the run's end while it is still being concluded."""

    inventory: Inventory | None = None
    exit: Exit = Exit.INTERNAL

    def known(self, inventory: Inventory, code: Exit) -> Exit:
        """The inventory and, so far, the exit code, which is given back."""
        self.inventory, self.exit = inventory, code
        return code


@contextmanager
def told(
    progress: Progress, folder: Path, *, site: str | None = None, scope: Sequence[str] = (), resumed: bool = False
) -> Iterator[Outcome]:
    """Between the first event and the last, which comes also where an error passes. Only for `JsonProgress`."""
    outcome = Outcome()
    if not isinstance(progress, JsonProgress):
        yield outcome
        return
    run = _text(folder.resolve().name)
    tell(Started(now(), run, _text(str(folder.resolve())), site, tuple(scope), resumed))
    try:
        yield outcome
    except BaseException as error:
        tell(_ended(run, outcome, exit_of(error), clean(f"{type(error).__name__}: {error}", NOTE_LIMIT)))
        raise
    tell(_ended(run, outcome, outcome.exit, None))


def _ended(run: str, outcome: Outcome, code: Exit, error: str | None) -> Ended:
    inventory = outcome.inventory
    if inventory is None:
        return Ended(now(), run, code, complete=False, error=error)
    return Ended(
        now(),
        run,
        code,
        complete=inventory.sweep.complete,
        devices=len(inventory.devices),
        cameras=sum(1 for device in inventory.devices if device.is_camera),
        listed=sum(1 for device in inventory.devices if device.status is Status.LISTED),
        error=error,
    )


def _short(value: str | None) -> str | None:
    return None if value is None else clean(value, TEXT_LIMIT)


def _text(value: str) -> str:
    """Of a path, whose bytes need not be text."""
    return value.encode("utf-8", "replace").decode()
