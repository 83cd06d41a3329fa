"""The inventory as a workbook of three sheets: summary, devices, findings (Office Open XML, by XlsxWriter)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scanner.models import Inventory
from scanner.report.columns import DEVICE_COLUMNS, FINDING_COLUMNS, Value, summary

_WIDEST = 60  # characters


def render_xlsx(inventory: Inventory) -> bytes:
    """The workbook. Numbers are numbers, yes and no are booleans; a device's text is always text, never a formula."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    # A device's words must stay words: no formulas, links or numbers are made of strings.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(buffer, options)
    # The library writes the present time into the file; the same inventory gives the same bytes.
    book.set_properties({"title": "Camera inventory", "created": _when(inventory.sweep.finished)})
    styles = {"head": book.add_format({"bold": True, "bottom": 1}), "wrap": book.add_format({"text_wrap": True})}
    _summary(book, inventory, styles)
    devices = [[column.read(device) for column in DEVICE_COLUMNS] for device in inventory.devices]
    _sheet(book, "Devices", [column.title for column in DEVICE_COLUMNS], devices, styles)
    findings = [
        [column.read(device, finding) for column in FINDING_COLUMNS]
        for device in inventory.devices
        for finding in device.findings
    ]
    _sheet(book, "Findings", [column.title for column in FINDING_COLUMNS], findings, styles)
    book.close()
    return buffer.getvalue()


def _when(text: str) -> datetime:
    """A time without a zone, as the format wants; the first that it can hold where there is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return datetime(1980, 1, 1)  # noqa: DTZ001 - as above


def _summary(book: Any, inventory: Inventory, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 22, styles["head"])
    sheet.set_column(1, 1, 110, styles["wrap"])
    for row, (what, value) in enumerate(summary(inventory)):
        sheet.write_string(row, 0, what)
        _write(sheet, row, 1, value)


def _sheet(book: Any, name: str, head: Sequence[str], rows: Sequence[Sequence[Value]], styles: dict[str, Any]) -> None:
    """A sheet with a frozen, filtered header row, and columns as wide as what is in them."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
    for column, title in enumerate(head):
        widest = max((len(str(row[column] or "")) for row in rows[:1000]), default=0)
        sheet.set_column(column, column, min(max(widest, len(title)) + 2, _WIDEST))
        sheet.write_string(0, column, title, styles["head"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value)


def _write(sheet: Any, row: int, column: int, value: Value) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)
