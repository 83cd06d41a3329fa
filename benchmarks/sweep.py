"""A sweep of 120 simulated devices across a real wire: how long it takes, and what the network and its devices bear.

The site (tests/e2e/namespaces.py) has an interface, MAC and address for each device, in network namespaces of its own;
frames are counted on the scanner's interface, connections by the devices. Needs root; without, the demo site on
loopback is swept, where frames cannot be counted. Every run has a fresh site. Seconds and peak memory are those of the
scanning process from start to exit, with reading the rules and writing the reports.

Yardstick: one TCP connection to each first-tier port of each device (benchmarks/connect.py), and where it is installed
nmap: `-sT` over the same ports of the same network, `-sV` over four devices, ended after 120 seconds. nmap's version
probes go only into the namespaces.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import msgspec

from benchmarks.contenders import (
    WITHOUT_CAPABILITIES,
    Contender,
    Said,
    Truth,
    camcensus,
    connect,
    makers,
    nmap,
    read_inventory,
)
from benchmarks.measure import Process, run_process, show_ratio, show_seconds, timing_of
from benchmarks.samples import demo_command
from benchmarks.table import Table
from scanner.lab.sites import demo_site, large_site
from scanner.lab.spec import Site
from tests.e2e.namespaces import SCANNER_ADDRESS, Namespaces, needed

NAME = "sweep"
BOUND = 120.0
FEW = 4
COLUMNS = (
    "run", "median", "fastest to slowest", "seconds against yardstick", "frames sent a device", "frames both ways",
    "frames against yardstick", "connections a device", "peak MiB", "found", "makers right", "wrong",
)  # fmt: skip


class Run(msgspec.Struct, frozen=True):
    """One run; frames and connections are means over the devices asked for. `said` is None where it was ended early."""

    process: Process
    sent: float
    both: float
    connections: float
    said: Said | None


def run(count: int = 120, runs: int = 3) -> list[Table]:
    """The whole site, then four devices of it against nmap's version detection where nmap is installed."""
    reason = needed()
    if reason:
        return [on_loopback(runs, reason)]
    hosts = [device.host for device in large_site(count).devices]
    network = f"{hosts[0].rpartition('.')[0]}.0/24"
    contenders = [connect(hosts), camcensus("camcensus sweep, root")]
    contenders.append(camcensus("camcensus sweep, no capabilities", WITHOUT_CAPABILITIES))
    if shutil.which("nmap"):
        contenders.append(nmap("nmap -sT, first-tier ports, root", "-sT", "--exclude", SCANNER_ADDRESS))
    title = f"{network} with {count} devices, median of {runs}"
    tables = [compare(contenders, [network], count, runs, title)]
    if shutil.which("nmap"):
        tables.append(against_version_detection(count, runs))
    return tables


def against_version_detection(count: int, runs: int) -> Table:
    """Four cameras of four makers, named to both tools."""
    few = few_cameras(count)
    contenders = [
        connect(few),
        camcensus("camcensus sweep, root"),
        nmap("nmap -sV --version-light, first-tier ports, root", "-sV", "--version-light"),
        nmap("nmap -sV, first-tier ports, root", "-sV"),
    ]
    return compare(contenders, few, count, runs, f"{FEW} cameras of {FEW} makers on the same site, median of {runs}")


def compare(contenders: Sequence[Contender], targets: Sequence[str], count: int, runs: int, title: str) -> Table:
    """All contenders in turn, `runs` times; the first is the yardstick."""
    done: dict[str, list[Run]] = {each.name: [] for each in contenders}
    for number in range(runs):
        for each in contenders:
            sys.stderr.write(f"  {number + 1} of {runs}: {each.name}\n")
            done[each.name].append(observe(each, targets, count))
    yardstick = done[contenders[0].name]
    truth = truth_of(large_site(count))
    asked = {host: each for host, each in truth.items() if host in targets} or truth
    rows = tuple(row(each.name, done[each.name], yardstick, asked) for each in contenders)
    stopped = [name for name, each in done.items() if any(one.process.code is None for one in each)]
    notes = (f"Ended after {BOUND:g} s before it was done: {', '.join(stopped)}.",) if stopped else ()
    return Table(NAME, title, COLUMNS, rows, notes)


def observe(contender: Contender, targets: Sequence[str], count: int) -> Run:
    """One run over a fresh site."""
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as name, Namespaces(count) as net:
        folder = Path(name)
        truth: Truth = net.ready["truth"]
        with net.capture() as frames:
            process = run_process(
                contender.command(targets, folder),
                around=lambda words: net.command([*contender.prefix, *words]),
                timeout=BOUND,
            )
        if process.code not in (0, None):
            raise RuntimeError(f"{contender.name}: exit code {process.code}")
        connections = net.stop_lab()["connections"]
        asked = [host for host in truth if host in targets] or list(truth)
        return Run(
            process=process,
            sent=mean(frames.sent[host] for host in asked),
            both=mean(frames.per_host(asked).values()),
            connections=mean(connections.get(host, 0) for host in asked),
            said=None if process.code is None else contender.read(folder, {host: truth[host] for host in asked}),
        )


def row(name: str, runs: Sequence[Run], yardstick: Sequence[Run], truth: Truth) -> tuple[str, ...]:
    """One line of the table: medians, and the worst of what was said."""
    timing = timing_of([each.process.seconds for each in runs], [each.process.seconds for each in yardstick])
    both = median(each.both for each in runs)
    bound = "> " if any(each.process.code is None for each in runs) else ""
    return (
        name,
        bound + show_seconds(timing.median),
        timing.spread,
        bound + show_ratio(timing.ratio),
        f"{median(each.sent for each in runs):.1f}",
        f"{both:.1f}",
        show_ratio(median(each.both / b.both for each, b in zip(runs, yardstick, strict=True))),
        f"{median(each.connections for each in runs):.1f}",
        f"{median(each.process.peak_mib for each in runs):.0f}",
        *_said([each.said for each in runs], truth),
    )


def on_loopback(runs: int, reason: str) -> Table:
    """Without namespaces: the demo site, in the same process as the sweep, against judging its evidence alone."""
    yardstick = "yardstick: camcensus identify of the evidence"
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as name:
        folder = Path(name) / "run"
        truth = truth_of(demo_site())
        judge = [sys.executable, "-m", "scanner", "identify", str(folder / "evidence.jsonl")]
        sweeps, judgings, said = [], [], []
        for _ in range(runs):
            sweeps.append(run_process(demo_command(folder)))
            judgings.append(run_process(judge))
            said.append(read_inventory(folder / "inventory.json", truth))
    rows = []
    nothing: list[Said | None] = [None]
    for each, done, judged in ((yardstick, judgings, nothing), ("camcensus demo", sweeps, said)):
        timing = timing_of([one.seconds for one in done], [one.seconds for one in judgings])
        peak = f"{median(one.peak_mib for one in done):.0f}"
        seconds = show_seconds(timing.median)
        rows.append((each, seconds, timing.spread, show_ratio(timing.ratio), peak, *_said(judged, truth)))
    columns = (*COLUMNS[:4], *COLUMNS[-4:])
    note = f"On loopback, with the site in the same process, since the site of namespaces {reason}."
    return Table(NAME, f"Demo site of {len(truth)} devices, median of {runs}", columns, tuple(rows), (note,))


def few_cameras(count: int) -> list[str]:
    """The first four cameras of four different makers."""
    firsts: dict[str, str] = {}
    for host, maker in makers(truth_of(large_site(count))).items():
        firsts.setdefault(maker, host)
    return list(firsts.values())[:FEW]


def truth_of(site: Site) -> dict[str, dict[str, Any]]:
    """What a perfect sweep would say, by address."""
    return {device.host: msgspec.to_builtins(device.truth) for device in site.devices}


def _said(said: Sequence[Said | None], truth: Truth) -> tuple[str, str, str]:
    """The worst of all runs."""
    done = [each for each in said if each is not None]
    if len(done) < len(said):
        return "–", "–", "–"
    right = [each.right for each in done if each.right is not None]
    wrong = [each.wrong for each in done if each.wrong is not None]
    return (
        f"{min(each.found for each in done)} of {len(truth)}",
        f"{min(right)} of {len(makers(truth))}" if right else "–",
        f"{max(wrong)}" if wrong else "–",
    )
