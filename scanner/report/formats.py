"""Every format an inventory can be written in: one explicit list, each loaded only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import Any, NamedTuple

import msgspec

from scanner.models import Inventory
from scanner.models.history import SiteTrend


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    HTML = "html"
    CSV = "csv"
    FINDINGS_CSV = "findings-csv"
    XLSX = "xlsx"
    PDF = "pdf"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"
    CYCLONEDX = "cyclonedx"
    OCSF = "ocsf"
    NETBOX = "netbox"
    NETBOX_CSV = "netbox-csv"
    SNIPE_IT = "snipe-it"
    SERVICENOW = "servicenow"
    GLPI = "glpi"
    PROMETHEUS = "prometheus"


class Look(msgspec.Struct, frozen=True):
    """What a format may need beyond the inventory.

    The terminal; the committed file that SARIF points to; the site's earlier sweeps.
    """

    width: int = 120
    color: bool = False
    anchor: str = "camcensus.toml"
    history: SiteTrend | None = None


class _Entry(NamedTuple):
    """`takes` are the fields of `Look` that the function has as keyword arguments."""

    module: str
    function: str
    ending: str
    takes: tuple[str, ...] = ()


_ENTRIES: dict[Format, _Entry] = {
    Format.TABLE: _Entry("table", "render_table", "txt", ("width", "color")),
    Format.JSON: _Entry("json", "render_json", "json"),
    Format.JSONL: _Entry("json", "render_jsonl", "jsonl"),
    Format.HTML: _Entry("html", "render_html", "html", ("history",)),
    Format.CSV: _Entry("csv", "render_csv", "csv"),
    Format.FINDINGS_CSV: _Entry("csv", "render_findings_csv", "csv"),
    Format.XLSX: _Entry("xlsx", "render_xlsx", "xlsx"),
    Format.PDF: _Entry("pdf", "render_pdf", "pdf", ("history",)),
    Format.MARKDOWN: _Entry("markdown", "render_markdown", "md"),
    Format.SARIF: _Entry("sarif", "render_sarif", "sarif", ("anchor",)),
    Format.JUNIT: _Entry("junit", "render_junit", "xml"),
    Format.CYCLONEDX: _Entry("cyclonedx", "render_cyclonedx", "cdx.json"),
    Format.OCSF: _Entry("ocsf", "render_ocsf", "jsonl"),
    Format.NETBOX: _Entry("assets", "render_netbox", "json"),
    Format.NETBOX_CSV: _Entry("assets", "render_netbox_csv", "csv"),
    Format.SNIPE_IT: _Entry("assets", "render_snipe_it", "csv"),
    Format.SERVICENOW: _Entry("assets", "render_servicenow", "json"),
    Format.GLPI: _Entry("assets", "render_glpi", "csv"),
    Format.PROMETHEUS: _Entry("prometheus", "render_prometheus", "prom"),
}
BINARY = frozenset({Format.XLSX, Format.PDF})
"""What no terminal can show."""
WITH_HISTORY = frozenset({Format.HTML, Format.PDF})
"""What shows a site's earlier sweeps too."""


def render(inventory: Inventory, form: Format, look: Look | None = None) -> str | bytes:
    """The inventory in one format: text, or bytes where the format is bytes (JSON, XML, a workbook)."""
    entry = _ENTRIES[form]
    function: Callable[..., Any] = getattr(import_module(f"scanner.report.{entry.module}"), entry.function)
    chosen = look or Look()
    written: str | bytes = function(inventory, **{name: getattr(chosen, name) for name in entry.takes})
    return written


def ending(form: Format) -> str:
    """The usual ending of a file in this format, without the dot."""
    return _ENTRIES[form].ending
