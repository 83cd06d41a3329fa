"""`camcensus sweep --site FILE`: each site of a file in turn, in its window, into its own folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from scanner.cli.asked import Asked, Once, maybe_path
from scanner.cli.dry_run import show_plans
from scanner.cli.exits import Exit, worst
from scanner.cli.output import result, say
from scanner.cli.site_file import chosen, load_sites
from scanner.cli.sweeping import Ready, prepare, run
from scanner.models import CamcensusError, LogError, UsageError
from scanner.report.formats import Format
from scanner.sitefile import Schedule, Site, SiteFile, fill, over
from scanner.sitefile.read import clashes

_IN_WORDS = {
    Exit.DONE: "done",
    Exit.GATE: "a gate is hit",
    Exit.USAGE: "not possible as configured",
    Exit.INCOMPLETE: "not complete",
    Exit.INTERNAL: "failed",
    Exit.INTERRUPTED: "interrupted",
}
_FOLLOWING = frozenset({Format.TABLE, Format.JSONL, Format.MARKDOWN})  # may be written one after the other


def sweep_sites(file: Path, only: Sequence[str], given: Asked, once: Once) -> Exit:
    """Sweep the sites of the file, or those named; the exit code is the worst of theirs.

    All are planned before the first begins, so a mistake anywhere is an error before anything is sent.
    """
    sites = load_sites(file)
    moment = datetime.now(UTC)
    asked = [_asked(sites, site, given, moment) for site in chosen(sites, only)]
    if once.dry_run:  # a file's `json` is where a result goes, no place for a plan
        asked = [replace(one, keys=msgspec.structs.replace(one.keys, json=None)) for one in asked]
    _check_together(asked, once)
    ready = _prepare_all(asked, once)
    if once.dry_run:
        show_plans([one.plan for one in ready], maybe_path(given.keys.json))
        return Exit.DONE
    codes: list[Exit] = []
    told: list[str] = []
    for number, one in enumerate(ready, 1):
        if codes and codes[-1] in (Exit.INTERRUPTED, Exit.INTERNAL):
            told.append(f"{one.asked.site}: not begun")
            continue
        if len(ready) > 1:
            _head(one, f"Site {one.asked.site} ({number} of {len(ready)})")
        begun = _opened(one, once)
        codes.append(
            _run(begun, once if number == 1 else replace(once, began=time.monotonic())) if begun else Exit.INCOMPLETE
        )
        told.append(f"{one.asked.site}: {_IN_WORDS[codes[-1]] if begun else 'not begun'}")
    if len(ready) > 1 and not given.keys.quiet:
        say(f"Sites: {'; '.join(told)}")
    return worst(*codes)


def _asked(sites: SiteFile, site: Site, given: Asked, moment: datetime) -> Asked:
    """The site's entry, with what the command line says over it, and the marks in its paths filled in."""
    local = moment.astimezone(ZoneInfo(site.schedule.zone) if site.schedule else None)
    marks = {"site": site.name, "date": f"{local:%Y-%m-%d}", "time": f"{local:%H%M%S}"}
    return replace(
        given,
        keys=fill(over(given.keys, site.keys), marks),
        site=site.name,
        schedule=site.schedule,
        place=lambda message: sites.place(site, f"site {site.name!r}: {message}"),
    )


def _check_together(asked: Sequence[Asked], once: Once) -> None:
    """What several sites can't do at once, because the command line says one thing for all of them."""
    if len(asked) < 2:
        return
    if once.resume is not None:
        raise UsageError("--resume goes on with one sweep: say which site it is of with --only NAME")
    if asked[0].keys.targets == asked[1].keys.targets and _same([one.keys.targets for one in asked]):
        raise UsageError("all sites would be swept with the same targets: say which one is meant with --only NAME")
    for clash in clashes([(str(one.site), one.keys) for one in asked]):
        raise UsageError(f"--{clash.key}: {clash}")
    for one in asked:
        form = Format(one.keys.format or Format.TABLE)
        if form not in _FOLLOWING and not once.dry_run:
            raise UsageError(
                f"--format {form.value}: the results of several sites can't follow each other on standard output; "
                f"choose from {', '.join(sorted(_FOLLOWING))}, or one site with --only NAME"
            )


def _same(values: Sequence[object]) -> bool:
    return all(value == values[0] for value in values)


def _prepare_all(asked: Sequence[Asked], once: Once) -> list[Ready]:
    ready, wrong = [], []
    for one in asked:
        try:
            ready.append(prepare(one, once))
        except LogError:
            raise
        except CamcensusError as error:
            wrong.append(one.place(str(error)))
    if wrong:
        raise UsageError("\n".join(wrong))
    return ready


def _opened(one: Ready, once: Once) -> Ready | None:
    """The site with what time its window leaves; None, and a line that says why, while that is closed."""
    schedule, now = one.asked.schedule, datetime.now(UTC)
    if schedule is None or once.now:
        return one
    ends = schedule.ends(now)
    if ends is None:
        say(f"{one.asked.site}: {closed(schedule, now)}")
        return None
    cut = within(one, ends, now)
    shorter = cut.plan.options.budget != one.plan.options.budget and ends - now < timedelta(days=1)
    if shorter and not one.asked.keys.quiet:
        last = f"{ends.astimezone(ZoneInfo(schedule.zone)):%H:%M}"
        say(f"{one.asked.site}: ends at {last} at the latest, as its window does")
    return cut


def _run(one: Ready, once: Once) -> Exit:
    """One site. A mistake that shows only now is told, and keeps none of the others from their turn."""
    try:
        return run(one, once)
    except LogError:
        raise
    except CamcensusError as error:
        say(f"camcensus: {one.asked.place(str(error))}")
        return Exit.USAGE


def closed(schedule: Schedule, now: datetime) -> str:
    """Why nothing was begun, in one line."""
    return (
        f"not begun, nothing was reached: outside its window ({schedule}); the next begins "
        f"{schedule.begins(now):%a %Y-%m-%d %H:%M}. --now sweeps all the same."
    )


def within(one: Ready, ends: datetime, now: datetime) -> Ready:
    """The same with a budget that is over when the window is."""
    left = max(float(int((ends - now).total_seconds())), 1.0)
    budget = min(left, one.plan.options.budget or left)
    options = msgspec.structs.replace(one.plan.options, budget=budget)
    recorded = {**one.plan.recorded_options, "window_ends": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
    return replace(one, plan=replace(one.plan, options=options, recorded_options=recorded))


def _head(one: Ready, text: str) -> None:
    """A line before each site's result, there where the result goes."""
    form, keys = one.ends.form, one.asked.keys
    if form is Format.TABLE and keys.json != "-":
        result(f"== {text}\n")
    elif not keys.quiet:
        say(f"== {text}")
