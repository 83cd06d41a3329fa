"""One sweep from what is asked to its exit code: everything that can be wrong is found before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scanner.cli.asked import Asked, Once, maybe_path, wishes_of
from scanner.cli.choices import Gates, ProgressMode, read_gates
from scanner.cli.exits import Exit
from scanner.cli.output import result, say
from scanner.report.formats import Format

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.cli.running import Plan


@dataclass(frozen=True)
class Ready:
    """A sweep that may begin."""

    asked: Asked
    plan: Plan
    gates: Gates
    form: Format
    json_file: Path | None
    unknown: Path | None


def prepare(asked: Asked, once: Once) -> Ready:
    """Read and check all that the sweep needs; UsageError or DataError for what is wrong."""
    from scanner.cli.finish import check_format, check_json_file, check_writable
    from scanner.cli.planning import plan_sweep

    keys = asked.keys
    form = Format(keys.format or Format.TABLE)
    json_file, unknown = maybe_path(keys.json), maybe_path(keys.unknown)
    gates = read_gates(list(keys.fail_on), maybe_path(keys.baseline))
    check_json_file(json_file)
    check_writable("--unknown", unknown)
    check_format(form)
    return Ready(asked, plan_sweep(wishes_of(asked, once)), gates, form, json_file, unknown)


def run(ready: Ready, once: Once) -> Exit:
    """Sweep, or with --dry-run say what would be sent."""
    from scanner.cli.finish import gate, show
    from scanner.cli.planning import describe, port_map_from
    from scanner.cli.progress import progress_for
    from scanner.cli.running import run_plan
    from scanner.cli.unknowns import write_unknown_of_run

    plan, keys = ready.plan, ready.asked.keys
    if once.dry_run:
        result(describe(plan))
        return Exit.DONE
    if not keys.quiet:
        say(f"Sweeping {', '.join(plan.scope.texts)}; evidence goes to {plan.folder}")
    mode = ProgressMode(keys.progress or ProgressMode.AUTO)
    ended = run_plan(plan, progress_for(mode, quiet=keys.quiet), port_map_from(once.port_map))
    write_unknown_of_run(ready.unknown, ended.inventory, plan.folder, plan.context.rules)
    show(ended.inventory, ready.form, ready.json_file)
    if not keys.quiet:
        say(f"Report: {ended.report}")
    gated = gate(ended.inventory, ready.gates)
    return ended.exit or gated
