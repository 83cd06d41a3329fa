"""Reading back what a sweep wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.judging_options import Judging
from scanner.cli.rules_options import Extras, extras_of, say_changed_rules
from scanner.models import CamcensusError, EvidenceProblem, Inventory, TargetError, UsageError

if TYPE_CHECKING:
    from scanner.derive import Context
    from scanner.diff import Again


def read_inventory_file(path: Path) -> Inventory:
    """An inventory from disk; UsageError says what is wrong with it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    return parse_inventory(str(path), data)


def parse_inventory(name: str, data: bytes) -> Inventory:
    """The inventory that `data` is; UsageError, with its `name`, where it is none."""
    import msgspec

    from scanner.report.json import read_inventory

    try:
        return read_inventory(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UsageError(f"{name} is not an inventory: {error}") from error


def read_run(run: Path) -> Inventory:
    """The inventory of a run folder or an inventory file. UsageError if there is none."""
    if run.is_dir():
        from scanner.runs import INVENTORY

        if not (run / INVENTORY).is_file():
            raise UsageError(f"{run} holds no {INVENTORY}: the sweep did not end; continue it with --resume {run}")
        return read_inventory_file(run / INVENTORY)
    return read_inventory_file(run)


def rejudge(run: Path, inventory: Inventory, by: Judging, given: Extras | None = None) -> Inventory:
    """The run's evidence judged again; scope, times and coverage stay those of the sweep.

    Policies, overlays and waivers are those that the inventory holds, where none of their kind is given; own
    fingerprints and pins are those given, else those that the run recorded. The run's files stay as they are.
    """
    import msgspec

    from scanner.derive import build_inventory, derive_devices, once
    from scanner.runs import EVIDENCE, read_evidence

    log = run / EVIDENCE
    if not log.is_file():
        raise UsageError(f"{run} holds no {EVIDENCE} to judge again")
    extras = extras_of(run, inventory, given or Extras())
    context = by.or_that_of(inventory.sweep.policy, inventory.sweep.basis).context(extras)
    say_changed_rules(inventory, context.rules.digest)
    unread: list[EvidenceProblem] = []
    devices = derive_devices(once(read_evidence(log)), context, merge=True, problem=unread.append)
    coverage = inventory.coverage
    if unread:
        note = f"Damaged lines of the evidence log, passed over: {len(unread)}."
        coverage = msgspec.structs.replace(coverage, notes=tuple(dict.fromkeys((*coverage.notes, note))))
    sweep = msgspec.structs.replace(
        inventory.sweep,
        policy=tuple(p.id for p in context.policies),
        as_of=context.as_of.isoformat(),
        options={**inventory.sweep.options, **extras.recorded()},
    )
    return build_inventory(devices, context, sweep, coverage)


def as_now(run: Path | None, old: Inventory, new: Inventory) -> Again | None:
    """The earlier sweep `old` as `new` was judged, as far as this installation is what judged `new`; None if alike.

    `run` is the folder of `old`, whose evidence tells what other fingerprints changed.
    """
    from scanner.diff import Again, judged_by

    same_rules = old.tool.fingerprints == new.tool.fingerprints
    same_lists = old.tool.registry.digest == new.tool.registry.digest
    same_verdicts = same_lists and judged_by(old.sweep) == judged_by(new.sweep)
    if same_rules and same_verdicts:
        return None
    from scanner.runs import EVIDENCE

    context = context_of(new)
    devices = None
    if run is not None and not same_rules and new.tool.fingerprints == context.rules.digest:
        devices = rejudge(run, old, Judging()).devices if (run / EVIDENCE).is_file() else None
    if new.tool.registry.digest != context.registry.digest:
        return Again(devices)
    then = _then(old, new)
    return Again(devices, context.judge, then.judge if then else None)


def _then(old: Inventory, new: Inventory) -> Context | None:
    """The lists of `new`, by the policy and on the day of `old`; None where that policy is not known any more."""
    from scanner.derive import Context

    overlays = [file for file in new.sweep.basis if file.kind == "overlay"]
    policies = [file for file in old.sweep.basis if file.kind == "policy"]
    try:
        return Context.load(old.sweep.policy, date.fromisoformat(old.sweep.as_of), basis=(*overlays, *policies))
    except (CamcensusError, ValueError):
        return None


def context_of(inventory: Inventory) -> Context:
    """This installation's fingerprints and lists, with the policy, day and own files of an inventory."""
    from scanner.derive import Context

    sweep = inventory.sweep
    return Context.load(sweep.policy, date.fromisoformat(sweep.as_of), basis=sweep.basis)


def asked_by(inventory: Inventory) -> Callable[[str], bool | None] | None:
    """Whether an address was in the scan's scope, without a look-up; None where the scan recorded no scope."""
    excluded = inventory.sweep.options.get("exclude")
    exclude = [text for text in excluded if isinstance(text, str)] if isinstance(excluded, list) else []
    return asked_of(inventory.sweep.scope, exclude)


def asked_of(texts: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool | None] | None:
    """Whether an address is in a scope as it was recorded; None where none was."""
    from scanner.net.scope import Scope
    from scanner.net.targets import parse_targets

    if not texts:
        return None
    scopes: list[Scope] = []
    names = False
    for text in texts:
        try:
            scopes.append(parse_targets([text], exclude=exclude, allow_public=True, resolve=lambda _name: []))
        except TargetError:
            names = True  # a name, which may stand for another address by now, or a target that is wholly excluded

    def asked(address: str) -> bool | None:
        if any(scope.contains(address) for scope in scopes):
            return True
        return None if names else False

    return asked
