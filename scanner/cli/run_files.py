"""Reading back what a sweep wrote."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from scanner.cli.choices import read_inventory_file
from scanner.models import EvidenceProblem, Inventory, UsageError


def read_run(run: Path) -> Inventory:
    """The inventory of a run folder or an inventory file. UsageError if there is none."""
    if run.is_dir():
        from scanner.runs import INVENTORY

        if not (run / INVENTORY).is_file():
            raise UsageError(f"{run} holds no {INVENTORY}: the sweep did not end; continue it with --resume {run}")
        return read_inventory_file(run / INVENTORY)
    return read_inventory_file(run)


def rejudge(run: Path, inventory: Inventory, policy: list[str] | None, as_of: date | None) -> Inventory:
    """The run's evidence judged again; scope, times and coverage stay those of the sweep."""
    import msgspec

    from scanner.derive import Context, build_inventory, derive_devices, once
    from scanner.runs import EVIDENCE, read_evidence

    log = run / EVIDENCE
    if not log.is_file():
        raise UsageError(f"{run} holds no {EVIDENCE} to judge again")
    context = Context.load(policy if policy is not None else inventory.sweep.policy, as_of)
    unread: list[EvidenceProblem] = []
    devices = derive_devices(once(read_evidence(log)), context, merge=True, problem=unread.append)
    coverage = inventory.coverage
    if unread:
        note = f"Damaged lines of the evidence log, passed over: {len(unread)}."
        coverage = msgspec.structs.replace(coverage, notes=tuple(dict.fromkeys((*coverage.notes, note))))
    sweep = msgspec.structs.replace(
        inventory.sweep, policy=tuple(p.id for p in context.policies), as_of=context.as_of.isoformat()
    )
    return build_inventory(devices, context, sweep, coverage)
