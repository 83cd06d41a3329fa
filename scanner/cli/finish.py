"""The end of every judging command: write, record, gate, sum up, tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.exits import Exit, worst
from scanner.cli.output import colored, result, say, width
from scanner.models import CamcensusError, Inventory, UsageError
from scanner.report.formats import Format

if TYPE_CHECKING:
    from scanner.cli.endings import Endings
    from scanner.diff import Again
    from scanner.gates import Against
    from scanner.models.gate import GateResult
    from scanner.models.history import SiteTrend


def show(inventory: Inventory, form: Format, json_file: Path | None) -> None:
    """`--json` to its file (or standard output, which is then the whole result), else `form` to standard output."""
    from scanner.report.json import render_json
    from scanner.runs import write_whole

    if json_file is not None and str(json_file) == "-":
        result(render_json(inventory))
        return
    if json_file is not None:
        write_whole(json_file, render_json(inventory))
    result(rendered(inventory, form))


def check_json_file(json_file: Path | None) -> None:
    """UsageError when the file can't be written: said before anything is sent, not after."""
    if str(json_file) != "-":
        check_writable("--json", json_file)


def check_writable(option: str, file: Path | None) -> None:
    """UsageError when a result can't be written to `file`, if one was named."""
    if file is None:
        return
    if file.is_dir():
        raise UsageError(f"{option} {file}: that is a folder; name a file in it")
    folder = next((parent for parent in file.absolute().parents if parent.exists()), None)
    writable = folder is not None and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    is_device = file.exists() and not file.is_file()
    if not writable and not is_device:
        raise UsageError(f"{option} {file}: can't write in {folder}")


def rendered(
    inventory: Inventory, form: Format, anchor: str | None = None, history: SiteTrend | None = None
) -> str | bytes:
    """The inventory in one format, for standard output. `anchor`: the committed file that SARIF points to."""
    from scanner.report.formats import Look, render

    look = Look(width=width(), color=colored(), history=history)
    return render(inventory, form, look if anchor is None else Look(look.width, look.color, anchor, history))


def check_format(form: Format) -> None:
    """UsageError for what no terminal can show or what can't be made here, said before anything is done."""
    from scanner.report.formats import BINARY

    check_makeable(form)
    if form in BINARY and sys.stdout.isatty():
        raise UsageError(
            f"--format {form.value} is no text: write it to a file, as in `… --format {form.value} > FILE`"
        )


def check_makeable(form: Format) -> None:
    """UsageError for a format whose library is not installed."""
    if form is Format.PDF and find_spec("weasyprint") is None:
        raise UsageError("--format pdf needs WeasyPrint: install camcensus[pdf]")


def conclude(inventory: Inventory, ends: Endings, run: Path | None = None) -> Exit:
    """Show and write, record in the store, say why each gate is hit, sum up, tell. `run` is the sweep's folder.

    Each step is tried, whatever became of those before it: a full disk must not keep a gate from being told. The worst
    exit code of them: USAGE where one failed, GATE where a gate is hit. A notice that failed is none of them.
    """
    from scanner.cli.notify_options import tell
    from scanner.cli.recording import record_run

    codes = [_tried(partial(show, inventory, ends.form, ends.json_file))]
    codes += [_tried(partial(_write_report, inventory, form, file)) for form, file in ends.outputs]
    codes.append(_tried(partial(record_run, inventory, ends, run)))
    results: tuple[GateResult, ...] = ()
    if ends.gates or ends.max_registry_age is not None or ends.summary is not None:
        against = _against(inventory, ends)
        results = _gated(inventory, ends, against)
        if ends.summary is not None:
            codes.append(_tried(partial(_sum_up, inventory, ends, results, against)))
    if ends.notify:
        _tried(partial(tell, ends, inventory, [line for each in results for line in each.lines], run))
    return worst(*codes, Exit.GATE if any(result.hit for result in results) else Exit.DONE)


def _tried(step: Callable[[], None]) -> Exit:
    try:
        step()
    except CamcensusError as error:
        say(f"camcensus: {error}")
        return Exit.USAGE
    return Exit.DONE


def _write_report(inventory: Inventory, form: Format, file: Path) -> None:
    from scanner.report.formats import render
    from scanner.runs import write_whole

    write_whole(file, render(inventory, form))


def _against(inventory: Inventory, ends: Endings) -> Against:
    """What the gates and the summary compare with; the baseline is judged again at most once."""
    from scanner.cli.run_files import as_now, asked_by
    from scanner.gates import Against

    baseline = ends.baseline

    @cache
    def again() -> Again | None:
        try:
            return as_now(baseline.run, baseline.inventory, inventory) if baseline else None
        except CamcensusError:
            return None  # its files are not there any more: causes stay open

    if baseline is None:
        return Against(None, asked_by(inventory), again, ends.max_registry_age)
    seen: dict[str, str] = {}
    if baseline.seen:
        from scanner.store.baseline import last_seen

        seen = last_seen(baseline.seen, inventory.devices)
    return Against(baseline.inventory, asked_by(inventory), again, ends.max_registry_age, seen)


def _gated(inventory: Inventory, ends: Endings, against: Against) -> tuple[GateResult, ...]:
    """What became of each gate, each reason said in a line."""
    if not ends.gates and ends.max_registry_age is None:
        return ()
    from scanner.gates import check
    from scanner.text import clean

    results = check(inventory, ends.gates, against)
    for result_ in results:
        for line in result_.lines:
            say(f"gate {clean(line, 600)}")
    return results


def _sum_up(inventory: Inventory, ends: Endings, results: Sequence[GateResult], against: Against) -> None:
    """Append the summary, if one is wanted: GitHub gives each step a file that others may have written to."""
    if ends.summary is None:
        return
    from scanner.diff import compare
    from scanner.report.summary import render_summary

    baseline, changes = ends.baseline, None
    if baseline is not None:
        changes = compare(baseline.inventory, inventory, against.asked, against.again())
    text = render_summary(inventory, results, changes, baseline.told if baseline else None)
    try:
        ends.summary.parent.mkdir(parents=True, exist_ok=True)
        with ends.summary.open("ab") as out:
            out.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(f"can't write {ends.summary}: {error.strerror}") from error
