"""The end of every judging command: write, show, gate."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scanner.cli.choices import Gates
from scanner.cli.exits import Exit
from scanner.cli.output import colored, result, say, width
from scanner.models import Inventory, UsageError
from scanner.report.formats import Format


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


def rendered(inventory: Inventory, form: Format, anchor: str | None = None) -> str | bytes:
    """The inventory in one format, for standard output. `anchor`: the committed file that SARIF points to."""
    from scanner.report.formats import Look, render

    look = Look(width=width(), color=colored())
    return render(inventory, form, look if anchor is None else Look(look.width, look.color, anchor))


def check_format(form: Format) -> None:
    """UsageError for what no terminal can show, said before anything is done."""
    from scanner.report.formats import BINARY

    if form in BINARY and sys.stdout.isatty():
        raise UsageError(
            f"--format {form.value} is no text: write it to a file, as in `… --format {form.value} > FILE`"
        )


def gate(inventory: Inventory, gates: Gates) -> Exit:
    """Say why each gate is hit, one line a reason; the exit code."""
    if not gates.chosen:
        return Exit.DONE
    from scanner.gates import reasons
    from scanner.text import clean

    found = reasons(inventory, gates.chosen, gates.baseline)
    for reason in found:
        say(f"gate {clean(reason, 300)}")
    return Exit.GATE if found else Exit.DONE
