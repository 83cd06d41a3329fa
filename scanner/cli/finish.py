"""The end of every judging command: write, show, gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scanner.cli.choices import Format
from scanner.cli.exits import Exit
from scanner.cli.output import colored, result, say, width
from scanner.models import Inventory

if TYPE_CHECKING:
    from scanner.gates import Gate


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


def rendered(inventory: Inventory, form: Format) -> str | bytes:
    """The inventory in one format, for standard output."""
    from scanner.report.html import render_html
    from scanner.report.json import render_json, render_jsonl
    from scanner.report.table import render_table

    if form is Format.JSON:
        return render_json(inventory)
    if form is Format.JSONL:
        return render_jsonl(inventory)
    if form is Format.HTML:
        return render_html(inventory)
    return render_table(inventory, width=width(), color=colored())


def gate(inventory: Inventory, gates: list[Gate], baseline_file: Path | None) -> Exit:
    """Say why each gate is hit, one line a reason; the exit code."""
    if not gates:
        return Exit.DONE
    from scanner.cli.choices import read_inventory_file
    from scanner.gates import reasons
    from scanner.text import clean

    baseline = read_inventory_file(baseline_file) if baseline_file else None
    found = reasons(inventory, gates, baseline)
    for reason in found:
        say(f"gate {clean(reason, 300)}")
    return Exit.GATE if found else Exit.DONE
