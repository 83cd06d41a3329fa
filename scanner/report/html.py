"""The inventory as one HTML file: no script, no network, no external font."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.models import Inventory
from scanner.report import words
from scanner.text import clean

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(inventory: Inventory) -> str:
    """The report; every word of a device is escaped by the template engine and cleaned of control characters."""
    return template("report.html.j2").render(
        inventory=inventory,
        devices=words.in_reading_order(inventory.devices),
        counts=words.status_counts(inventory),
        headline=words.headline(inventory),
        reach=words.reach_line(inventory),
        instruments=words.instruments_met(inventory),
    )


@cache
def template(name: str) -> Template:
    """A template of ours; every value is escaped, and a name that is not given is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = lambda value: clean(str(value), 2000)
    environment.globals["words"] = words
    return environment.get_template(name)
