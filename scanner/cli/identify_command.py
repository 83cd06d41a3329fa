"""`camcensus identify`: judge recorded evidence; the network is not touched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner.cli.choices import (
    AsOfOption,
    BaselineOption,
    FailOnOption,
    Format,
    JsonOption,
    PolicyOption,
    read_date,
    read_gates,
)
from scanner.cli.exits import Exit
from scanner.cli.finish import gate, show
from scanner.cli.output import say

if TYPE_CHECKING:
    from scanner.models import Evidence, EvidenceProblem

_PROBLEMS_SHOWN = 20


def identify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Evidence as JSON Lines; - is standard input.")],
    json_file: JsonOption = None,
    policy: PolicyOption = None,
    as_of: AsOfOption = None,
    merge: Annotated[bool, typer.Option("--merge", help="Join hosts that are one device, as a sweep does.")] = False,
    form: Annotated[Format, typer.Option("--format", help="What to write to standard output.")] = Format.TABLE,
    fail_on: FailOnOption = None,
    baseline: BaselineOption = None,
) -> int:
    """Judge recorded evidence (contract 1). Sends nothing."""
    gates = read_gates(fail_on, baseline)
    from scanner.derive import Context, build_inventory, derive_devices
    from scanner.models import Coverage, Sweep
    from scanner.timestamps import now

    context = Context.load(policy or (), read_date(as_of))
    problems = _Problems()
    started = now()
    devices = derive_devices(_records(files, problems), context, merge=merge, problem=problems.add)
    sweep = Sweep(
        id="recorded", started=started, finished=now(), complete=True, scope=(),
        policy=tuple(p.id for p in context.policies), as_of=context.as_of.isoformat(), options={"merge": merge},
    )  # fmt: skip
    notes = ["Judged from recorded evidence; what it does not hold was not looked at.", *problems.notes()]
    if not devices:
        notes.insert(0, "No evidence was read, so nothing can be said of any device.")
    inventory = build_inventory(devices, context, sweep, Coverage(notes=tuple(notes)))
    show(inventory, form, json_file)
    return gate(inventory, gates) or Exit.DONE


class _Problems:
    """Counts skipped lines and names the first of them."""

    def __init__(self) -> None:
        self.file = ""
        self.count = 0

    def add(self, problem: EvidenceProblem) -> None:
        self.count += 1
        if self.count <= _PROBLEMS_SHOWN:
            say(f"{self.file}:{problem.line}: skipped: {problem.reason}")

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [f"Lines that could not be read and were skipped: {self.count}."]


def _records(files: list[Path], problems: _Problems) -> Iterator[Evidence | EvidenceProblem]:
    from scanner.models.evidence import capped_lines, read_lines
    from scanner.runs import read_evidence

    for file in files:
        problems.file = str(file)
        if str(file) == "-":
            yield from read_lines(capped_lines(sys.stdin.buffer))
        else:
            yield from read_evidence(file)
