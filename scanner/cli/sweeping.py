"""One sweep from what is asked to its exit code: everything that can be wrong is found before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scanner.cli.asked import Asked, Once, maybe_path, wishes_of
from scanner.cli.choices import ProgressMode
from scanner.cli.exits import Exit, worst
from scanner.cli.output import say
from scanner.cli.references import path_at, secret_at
from scanner.report.formats import Format
from scanner.sitefile.secret import is_variable

if TYPE_CHECKING:
    from pathlib import Path

    from scanner.cli.endings import Endings
    from scanner.cli.running import Plan


@dataclass(frozen=True)
class Ready:
    """A sweep that may begin."""

    asked: Asked
    plan: Plan
    ends: Endings
    unknown: Path | None


def prepare(asked: Asked, once: Once) -> Ready:
    """Read and check all that the sweep needs; UsageError or DataError for what is wrong."""
    from scanner.cli.endings import endings, prepared, recorded_in
    from scanner.cli.finish import check_writable
    from scanner.cli.planning import plan_sweep

    keys = asked.keys
    unknown = maybe_path(keys.unknown)
    ends = recorded_in(
        endings(
            form=Format(keys.format or Format.TABLE), json_file=maybe_path(keys.json),
            outputs=[_output(text) for text in keys.output],
            fail_on=keys.fail_on, baseline=_baseline(keys.baseline), max_registry_age=keys.max_registry_age,
            summary=maybe_path(keys.summary), notify=keys.notify, quiet=keys.quiet,
        ),
        _store(keys.store), no_store=keys.no_store,
    )  # fmt: skip
    check_writable("--unknown", unknown)
    plan = plan_sweep(wishes_of(asked, once))
    return Ready(asked, plan, ends if once.dry_run else prepared(ends, plan), unknown)


def run(ready: Ready, once: Once) -> Exit:
    """Sweep, or with --dry-run say what would be sent."""
    import msgspec

    from scanner.cli.events import told
    from scanner.cli.finish import conclude
    from scanner.cli.planning import port_map_from
    from scanner.cli.progress import progress_for
    from scanner.cli.running import run_plan
    from scanner.cli.unknowns import write_unknown_of_run

    plan, keys = ready.plan, ready.asked.keys
    if once.dry_run:
        from scanner.cli.dry_run import show_plans

        show_plans([plan], maybe_path(keys.json))
        return Exit.DONE
    mode = ProgressMode(keys.progress or ProgressMode.AUTO)
    options = msgspec.structs.replace(plan.options, began=once.began, renderings=len(ready.ends.outputs))
    plan = replace(plan, options=options)
    talks = not keys.quiet and mode is not ProgressMode.JSON
    if talks:
        say(f"Sweeping {', '.join(plan.scope.texts)}; evidence goes to {plan.folder}")
    progress = progress_for(mode, quiet=keys.quiet)
    with told(progress, plan.folder, site=plan.site, scope=plan.scope.texts, resumed=plan.resume) as outcome:
        ended = run_plan(plan, progress, port_map_from(once.port_map))
        outcome.known(ended.inventory, ended.exit)
        write_unknown_of_run(ready.unknown, ended.inventory, plan.folder, plan.context.rules)
        if talks:
            say(f"Report: {ended.report}")
        return outcome.known(ended.inventory, worst(ended.exit, conclude(ended.inventory, ready.ends, plan.folder)))


def _store(text: str | None) -> str | None:
    """What `--store` says; a variable may hold a URL with a password."""
    if text and is_variable(text):
        return secret_at(text)
    return str(path_at(text)) if text and text.startswith("~") else text


def _baseline(text: str | None) -> str | None:
    """What `--baseline` says, with a path from the home folder or a variable made whole."""
    return str(path_at(text)) if text and (text.startswith("~") or is_variable(text)) else text


def _output(text: str) -> str:
    form, equals, file = text.partition("=")
    return f"{form}={path_at(file)}" if equals and file else text
