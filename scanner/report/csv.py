"""Devices or findings as CSV (RFC 4180), safe to open in a spreadsheet.

UTF-8 without a byte order mark, CRLF, one header row with stable keys. Each row repeats which sweep it is from and
whether that was complete, since rows travel without the file that they came from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from scanner.models import Inventory
from scanner.report.columns import DEVICE_COLUMNS, FINDING_COLUMNS
from scanner.text import clean, csv_safe

_SWEEP = ("site", "sweep", "swept", "sweep_complete", "registry")


def render_csv(inventory: Inventory) -> str:
    """One row a device; columns of `DEVICE_COLUMNS`, then which sweep it was."""
    head = [column.key for column in DEVICE_COLUMNS]
    rows = ([column.read(device) for column in DEVICE_COLUMNS] for device in inventory.devices)
    return _with_sweep(inventory, head, rows)


def render_findings_csv(inventory: Inventory) -> str:
    """One row a finding, those that only give context included."""
    head = [column.key for column in FINDING_COLUMNS]
    rows = (
        [column.read(device, finding) for column in FINDING_COLUMNS]
        for device in inventory.devices
        for finding in device.findings
    )
    return _with_sweep(inventory, head, rows)


def table(head: Sequence[str], rows: Iterable[Iterable[object]], *, delimiter: str = ",") -> str:
    """A CSV text; every cell is made safe against being run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else csv_safe(value)


def _with_sweep(inventory: Inventory, head: list[str], rows: Iterable[Sequence[object]]) -> str:
    sweep = inventory.sweep
    site = clean(sweep.site) if sweep.site else None
    same = [site, clean(sweep.id), sweep.finished, sweep.complete, inventory.tool.registry.edition]
    return table([*head, *_SWEEP], ([*row, *same] for row in rows))
