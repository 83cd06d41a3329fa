"""What it takes to write a large inventory: JSON and HTML of 5,000 judged devices.

The devices are real ones of the samples, identified and judged by the registry, repeated under other addresses with all
their claims and findings. Yardstick: the standard library's `json.dumps` of the same inventory as a plain dict, compact
and in UTF-8. Memory is how far the peak of a fresh process grows while it renders, beyond what the inventory takes.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from benchmarks.measure import forget_peak, in_fresh_process, in_turn, peak_mib, show_ratio, show_seconds
from benchmarks.samples import host, read_devices, samples, stored
from benchmarks.table import Table
from scanner.derive import Context, build_inventory
from scanner.identify.engine import identify
from scanner.models import Coverage, Evidence, Inventory, Sweep
from scanner.report.html import render_html
from scanner.report.json import render_json, render_jsonl
from scanner.report.table import render_table

NAME = "report"
YARDSTICK = "json.dumps of the plain dict"
AS_OF = date(2026, 11, 22)


def run(devices: int = 5_000, runs: int = 3) -> list[Table]:
    """One table: seconds, size and memory of each format."""
    inventory = large_inventory(samples().devices, devices)
    works = renderers(inventory)
    timings = in_turn(works, YARDSTICK, runs)
    with stored() as file:
        grown = {name: in_fresh_process("benchmarks.report:growth", file, devices, name)["mib"] for name in works}
    rows = []
    for name, timing in timings.items():
        size = len(works[name]()) / 1e6
        seconds = show_seconds(timing.median)
        rows.append((name, seconds, timing.spread, show_ratio(timing.ratio), f"{size:.1f}", f"{grown[name]:.0f}"))
    columns = ("format", "median", "fastest to slowest", f"against {YARDSTICK}", "MB written", "MiB grown")
    claims = sum(len(device.claims) for device in inventory.devices)
    findings = sum(len(device.findings) for device in inventory.devices)
    notes = (f"{claims:,} claims and {findings:,} findings.", samples().origin)
    return [Table(NAME, f"Inventory of {devices:,} devices, median of {runs}", columns, tuple(rows), notes)]


def renderers(inventory: Inventory) -> dict[str, Callable[[], bytes]]:
    """Each format as a call that gives its bytes, the yardstick first."""
    plain = msgspec.to_builtins(inventory)
    return {
        YARDSTICK: lambda: json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode(),
        "JSON": lambda: render_json(inventory),
        "JSON Lines": lambda: render_jsonl(inventory),
        "HTML": lambda: render_html(inventory).encode(),
        "terminal table": lambda: render_table(inventory, width=120, color=False).encode(),
    }


def large_inventory(recorded: Sequence[Sequence[Evidence]], count: int) -> Inventory:
    """`count` judged devices at ever different addresses: those of the `recorded` evidence, repeated."""
    context = Context.load(as_of=AS_OF)
    judged = [context.judge(identify(records, context.rules)) for records in recorded[:count]]
    devices = tuple(
        msgspec.structs.replace(device, id=f"{number:016x}", host=host(number), addresses=(host(number),))
        for number, device in zip(range(count), itertools.cycle(judged), strict=False)
    )
    sweep = Sweep(
        id="benchmark", started="", finished="", complete=True, scope=("198.18.0.0/15",), policy=(),
        as_of=AS_OF.isoformat(),
    )  # fmt: skip
    return build_inventory(devices, context, sweep, Coverage(addresses=count, answered=count))


def growth(file: str, count: int, name: str) -> dict[str, float]:
    """In a fresh process, with the samples in `file`: {"mib": growth of the peak by one rendering}."""
    recorded = read_devices(Path(file))
    work = renderers(large_inventory(recorded, count))[name]
    renderers(large_inventory(recorded, 1))[name]()
    forget_peak()
    before = peak_mib()
    work()
    return {"mib": peak_mib() - before}
