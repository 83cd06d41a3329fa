"""How many of the devices of a difficult site a sweep finds where packets are lost and late.

The site (tests/e2e/segments.py) is two bridged segments with a router between them, and a cable before the scanner
that loses and delays each frame by a seeded draw. Its devices answer one protocol each; beyond the router most stand
behind a firewall that drops all else. Some are late, two share a MAC, one has two addresses, one IPv6 alone, one has
its factory's address, one lets nothing through. "Found": in the inventory; "with its word": what it says by its one
protocol is in the evidence; "named": those that can't answer are in the coverage by address. Needs root.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks.measure import run_process, show_seconds
from benchmarks.table import Table
from tests.e2e import singles
from tests.e2e.namespaces import Frames, needed
from tests.e2e.segments import Segments

NAME = "recall"
LOSSES = (0.0, 0.01, 0.05)
DELAY = (0.001, 0.150)
SEEDS = (1, 2, 3)
BOUND = 180.0
TARGETS = (singles.A, singles.B, singles.DARK)
COLUMNS = (
    "loss each way", "runs", "found", "with its word", "named as unreachable", "listed twice", "outside the scope",
    "violations", "seconds", "frames",
)  # fmt: skip
_GROUPS = tuple(ip_network(text) for text in ("224.0.0.0/4", "255.255.255.255/32"))


class Swept(msgspec.Struct, frozen=True):
    """One run. `missing`: devices that were not found; `wordless`: found, and not by what they say."""

    expected: int
    missing: tuple[str, ...]
    wordless: tuple[str, ...]
    unnamed: tuple[str, ...]
    twice: tuple[str, ...]
    astray: tuple[str, ...]
    violations: int
    seconds: float
    frames: int


def run(losses: Sequence[float] = LOSSES, seeds: Sequence[int] = SEEDS) -> list[Table]:
    """Each loss with each seed."""
    reason = needed()
    if reason:
        return [Table(NAME, "A difficult site", COLUMNS, (), (f"Not run: {reason}.",))]
    rows = []
    for loss in losses:
        done = []
        for seed in seeds:
            sys.stderr.write(f"  loss {loss:.0%}, seed {seed}\n")
            done.append(observe(loss, DELAY, seed))
            sys.stderr.write(f"    {done[-1]}\n")
        rows.append(row(loss, done))
    title = f"A difficult site of {done[-1].expected} devices, delay {DELAY[0] * 1000:.0f} to {DELAY[1] * 1000:.0f} ms"
    return [Table(NAME, f"{title} each way", COLUMNS, tuple(rows), ("Found, word and seconds are of each run.",))]


def observe(loss: float, delay: tuple[float, float], seed: int, *, slow_pages: bool = True) -> Swept:
    """One sweep of a fresh site."""
    with (
        tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as name,
        Segments(loss=loss, delay=delay, seed=seed, slow_pages=slow_pages) as net,
    ):
        folder = Path(name) / "run"
        with net.capture() as frames:
            command = [
                sys.executable,
                "-m",
                "scanner",
                "sweep",
                *TARGETS,
                "--out",
                str(folder),
                "--quiet",
                "--no-store",
            ]
            process = run_process(command, around=net.command, timeout=BOUND)
        if process.code != 0:
            raise RuntimeError(f"the sweep ended with exit code {process.code}")
        violations = net.stop_lab()["violations"]
        inventory = json.loads((folder / "inventory.json").read_text())
        evidence = [json.loads(line) for line in (folder / "evidence.jsonl").read_text().splitlines()]
        return judge(net.plan, inventory, evidence, frames, len(violations), process.seconds)


def judge(
    plan: singles.Plan,
    inventory: dict[str, Any],
    evidence: Sequence[dict[str, Any]],
    frames: Frames,
    violations: int,
    seconds: float,
) -> Swept:
    """What a run came to, against what stands there."""
    listed = Counter(address for device in inventory["devices"] for address in device["addresses"])
    said = {(one["host"], one["protocol"]) for one in evidence}
    present = {host for host in plan.says if host in listed}
    faces = {address: device["host"] for device in inventory["devices"] for address in device["addresses"]}
    twice = [address for address, count in listed.items() if count > 1]
    if all(host in faces for host in plan.one) and len({faces[host] for host in plan.one}) > 1:
        twice.append(" and ".join(plan.one))
    if all(host in faces for host in plan.apart) and len({faces[host] for host in plan.apart}) < 2:
        twice.append("one for two: " + " and ".join(plan.apart))
    return Swept(
        expected=len(plan.says),
        missing=tuple(sorted(set(plan.says) - present)),
        wordless=tuple(host for host in sorted(present) if plan.says[host] and (host, plan.says[host]) not in said),
        unnamed=tuple(_unnamed(plan, inventory["coverage"])),
        twice=tuple(twice),
        astray=tuple(host for host in frames.sent if host and not _allowed(host)),
        violations=violations,
        seconds=seconds,
        frames=frames.total,
    )


def row(loss: float, runs: Sequence[Swept]) -> tuple[str, ...]:
    """One line of the table."""
    found = [f"{each.expected - len(each.missing)}" for each in runs]
    words = [f"{each.expected - len(each.missing) - len(each.wordless)}" for each in runs]
    return (
        f"{loss:.0%}",
        f"{len(runs)}",
        f"{', '.join(found)} of {runs[0].expected}",
        ", ".join(words),
        "all" if not any(each.unnamed for each in runs) else "not all",
        f"{sum(len(each.twice) for each in runs)}",
        f"{sum(len(each.astray) for each in runs)}",
        f"{sum(each.violations for each in runs)}",
        ", ".join(show_seconds(each.seconds) for each in runs),
        f"{median(each.frames for each in runs):.0f}",
    )


def _unnamed(plan: singles.Plan, coverage: dict[str, Any]) -> list[str]:
    """Who can't be asked and is not told of: walled off, forbidden, in a dark network, at a factory's address."""
    notes = " ".join(coverage["notes"])
    silent, walled, blocked = (
        {host for text in coverage[name] for host in _hosts(text)} for name in ("silent_ranges", "filtered", "blocked")
    )
    mute = {host for host, protocol in plan.says.items() if protocol == "mac"}
    # A router says only so much a second that it forbids something (RFC 1812 section 4.3.2.8)
    forgotten = [*(plan.silent - silent), *(mute - walled), *({singles.PROHIBITED} - blocked - silent)]
    return forgotten + [name for name in (singles.FACTORY, singles.DARK) if name not in notes]


def _hosts(text: str) -> list[str]:
    first, _, last = text.partition("-")
    head, _, number = first.rpartition(".")
    return [f"{head}.{n}" for n in range(int(number), int(last or number) + 1)]


def _allowed(host: str) -> bool:
    address = ip_address(host)
    return any(address in network for network in (*_GROUPS, *(ip_network(text) for text in TARGETS)))
