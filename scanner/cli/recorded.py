"""Judging what was recorded: shared by the commands that send nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scanner.cli.output import say
from scanner.models import Inventory

if TYPE_CHECKING:
    from scanner.derive import Context
    from scanner.models import Evidence, EvidenceProblem

_PROBLEMS_SHOWN = 20


class Problems:
    """Counts what was skipped and names the first of it, by `file` and line."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.file = ""
        self.quiet = quiet
        self.count = 0

    def add(self, problem: EvidenceProblem) -> None:
        """Note one problem of the present file."""
        from scanner.text import clean

        self.count += 1
        if self.count <= _PROBLEMS_SHOWN and not self.quiet:
            say(f"{self.file}:{problem.line}: skipped: {clean(problem.reason, 200)}")

    def notes(self) -> list[str]:
        """A sentence for the coverage, if there were any."""
        if not self.count:
            return []
        return [f"Lines that could not be read and were skipped: {self.count}."]


def judge_records(
    records: Iterable[Evidence | EvidenceProblem],
    context: Context,
    problems: Problems,
    *,
    name: str,
    note: str,
    merge: bool,
    options: dict[str, Any] | None = None,
) -> Inventory:
    """The inventory of recorded evidence. `name` becomes the sweep's id, `note` says what was looked at."""
    from scanner.derive import build_inventory, derive_devices
    from scanner.models import Coverage, Sweep
    from scanner.timestamps import now

    started = now()
    devices = derive_devices(records, context, merge=merge, problem=problems.add)
    sweep = Sweep(
        id=name, started=started, finished=now(), complete=True, scope=(),
        policy=tuple(p.id for p in context.policies), as_of=context.as_of.isoformat(),
        options={"merge": merge, **(options or {})},
    )  # fmt: skip
    notes = [note, *problems.notes()]
    if not devices:
        notes.insert(0, "No evidence was read, so nothing can be said of any device.")
    return build_inventory(devices, context, sweep, Coverage(notes=tuple(notes)))
