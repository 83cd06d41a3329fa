"""Numbers of one sweep for Prometheus (text format 0.0.4), for the node exporter's textfile collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from scanner.models import Inventory
from scanner.report import words
from scanner.text import clean

Sample = tuple[dict[str, str], float]


def render_prometheus(inventory: Inventory) -> str:
    """Gauges by status, maker and instrument, of the coverage, and when it was; a label `site` on each."""
    coverage, sweep = inventory.coverage, inventory.sweep
    waivers = [str(record.state) for record in inventory.waivers]
    blocks = [
        _block("devices", "Devices by verdict.", _by_status(inventory)),
        _block("cameras_by_maker", "Cameras and recorders by maker; empty where not established.", _makers(inventory)),
        _block("devices_by_instrument", "Devices for which an instrument counts.", _instruments(inventory)),
        _block("waivers", "Waivers by state.",
               [({"state": state}, number) for state, number in sorted(Counter(waivers).items())]),
        _block("addresses", "Addresses asked, by whether they answered.",
               [({"state": "answered"}, coverage.answered), ({"state": "silent"}, coverage.silent)]),
        _block("sweep_complete", "1 if the sweep was complete.", [({}, float(sweep.complete))]),
        _block("sweep_finished_timestamp_seconds", "When the sweep ended.", _time(sweep.finished)),
        _block("registry_edition_timestamp_seconds", "Date of the registry that judged.",
               _time(inventory.tool.registry.edition + "T00:00:00Z")),
    ]  # fmt: skip
    site = clean(sweep.site) if sweep.site else ""
    return "".join(_text(name, words_, samples, site) for name, words_, samples in blocks)


def _block(name: str, meaning: str, samples: Iterable[Sample]) -> tuple[str, str, list[Sample]]:
    return f"camcensus_{name}", meaning, list(samples)


def _by_status(inventory: Inventory) -> list[Sample]:
    return [({"status": status.value}, count) for status, count in words.status_counts(inventory).items()]


def _makers(inventory: Inventory) -> list[Sample]:
    counts = Counter((d.maker or "", d.status.value) for d in inventory.devices if d.is_camera)
    return [({"maker": maker, "status": status}, count) for (maker, status), count in sorted(counts.items())]


def _instruments(inventory: Inventory) -> list[Sample]:
    return [({"instrument": finding.instrument}, count) for finding, count in words.instruments_met(inventory)]


def _time(text: str) -> list[Sample]:
    try:
        return [({}, datetime.fromisoformat(text).timestamp())]
    except ValueError:
        return []


def _text(name: str, meaning: str, samples: list[Sample], site: str) -> str:
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    for labels, value in samples:
        named = {"site": site, **labels} if site else labels
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in named.items())
        lines.append(f"{name}{{{inside}}} {_number(value)}" if inside else f"{name} {_number(value)}")
    return "\n".join(lines) + "\n" if samples else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _escaped(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')
