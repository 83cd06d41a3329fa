"""The report as PDF, by WeasyPrint (an extra: `camcensus[pdf]`, with Pango on the system). Nothing is fetched."""

from __future__ import annotations

from typing import Any

from scanner.models import Inventory, UsageError
from scanner.models.history import SiteTrend
from scanner.report.html import render_html


def render_pdf(inventory: Inventory, history: SiteTrend | None = None) -> bytes:
    """The printed page of `render_html`, A4; UsageError says what is missing where it can't be made."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except ImportError as error:
        raise UsageError("--format pdf needs WeasyPrint: install camcensus[pdf]") from error
    except OSError as error:  # its libraries are loaded at import
        raise UsageError(f"--format pdf needs Pango on this system (Debian: libpangoft2-1.0-0): {error}") from error
    page = HTML(string=render_html(inventory, history), url_fetcher=_refuse, base_url=None)
    written: bytes = page.write_pdf(pdf_identifier=inventory.sweep.id.encode("utf-8", "replace"))
    return written


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    """The page names nothing outside itself, and a device's word that did would not be followed."""
    raise ValueError(f"not fetched: {url[:80]}")
