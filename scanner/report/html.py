"""The inventory as one HTML file: no network, no font, one script of ours that its policy names by its hash."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.models import Device, Inventory
from scanner.models.history import SiteTrend
from scanner.report import words
from scanner.report.details import chain_text, finding_groups, packed_details
from scanner.report.over_time import SHOWN, over_time
from scanner.text import clean

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_BARS = 12
_WHY = 200  # characters of the reason in the table; the details have the rest
Bar = tuple[str, int, str]
"""Label, count, and the class that gives it its colour."""


def render_html(inventory: Inventory, history: SiteTrend | None = None) -> str:
    """The report; every word of a device is escaped by the template engine and cleaned of control characters.

    `history`: the sweeps of the site, as a store tells them, for a chart over time.
    """
    from markupsafe import Markup

    devices = words.in_reading_order(inventory.devices)
    script = _script()
    return template("report.html.j2").render(
        inventory=inventory,
        devices=devices,
        counts=words.status_counts(inventory),
        headline=words.headline(inventory),
        reach=words.reach_line(inventory),
        findings=finding_groups(devices),
        upcoming=words.upcoming_lines(inventory),
        chain_text=chain_text,
        charts=_charts(inventory),
        over_time=over_time(inventory, history) if history else None,
        over_time_statuses=SHOWN,
        selects=_selects(devices),
        instruments_of=_instrument_ids,
        rank={status: rank for rank, status in enumerate(words.STATUS_LABEL)},
        details=packed_details(devices, inventory.sweep.as_of),
        script=Markup(script),  # noqa: S704 - ours, and no device's word is in it
        script_hash=base64.b64encode(sha256(script.encode()).digest()).decode(),
    )


def _charts(inventory: Inventory) -> list[tuple[str, list[Bar], int]]:
    """By status, by maker, by instrument; a chart without bars is left out."""
    statuses: list[Bar] = [
        (words.STATUS_LABEL[status], count, status.value) for status, count in words.status_counts(inventory).items()
    ]
    makers = Counter(device.maker or "not established" for device in inventory.devices if device.is_camera)
    instruments = Counter({finding.instrument: count for finding, count in words.instruments_met(inventory)})
    charts = [
        ("Devices by verdict", statuses),
        ("Cameras and recorders by maker", _bars(makers)),
        ("Devices by instrument that counts", _bars(instruments)),
    ]
    return [(title, bars, max(count for _, count, _ in bars) or 1) for title, bars in charts if bars]


def _bars(counts: Counter[str]) -> list[Bar]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown: list[Bar] = [(name, count, "") for name, count in ordered[:_MOST_BARS]]
    rest = ordered[_MOST_BARS:]
    return [*shown, (f"all others ({len(rest)})", sum(count for _, count in rest), "")] if rest else shown


def _selects(devices: Iterable[Device]) -> list[tuple[str, str, list[str]]]:
    """(name, title, values) of each filter."""
    listed = list(devices)
    statuses = {words.STATUS_LABEL[device.status] for device in listed}
    return [
        ("status", "Status", [label for label in words.STATUS_LABEL.values() if label in statuses]),
        ("maker", "Maker", sorted({device.maker or "not established" for device in listed})),
        ("instrument", "Instrument", sorted({each for device in listed for each in _instrument_ids(device).split()})),
        ("kind", "Kind", sorted({device.kind for device in listed})),
    ]


def _instrument_ids(device: Device) -> str:
    return " ".join(sorted({finding.instrument for finding in words.counted(device)}))


@cache
def _script() -> str:
    return (_TEMPLATES / "report.js").read_text("utf-8")


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
    environment.filters["clean"] = lambda value: _cleaned(str(value), 2000)
    environment.filters["short"] = lambda value: _cleaned(str(value), _WHY)
    environment.globals["words"] = words
    return environment.get_template(name)


@lru_cache(maxsize=4096)
def _cleaned(text: str, limit: int) -> str:
    """`clean`, remembered: a report says the same of many devices."""
    return clean(text, limit)
