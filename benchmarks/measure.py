"""Clocks and memory: rounds in turn, medians, whole processes, and work in a fresh process."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
_KIB_PER_MIB = 1024

# Runs a command and writes how it went: a small process, because a child's peak starts at its parent's size
_WRAPPER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
try:
    code = subprocess.run(sys.argv[3:], timeout=float(sys.argv[2])).returncode
except subprocess.TimeoutExpired:
    code = None
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
peak //= 1024 if sys.platform == "darwin" else 1
open(sys.argv[1], "w").write(json.dumps([code, seconds, peak]))
"""


class Timing(msgspec.Struct, frozen=True):
    """Several runs of one thing. `ratios` are to the yardstick of the same round; `seconds` of each run."""

    seconds: tuple[float, ...]
    ratios: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds of the median run."""
        return median(self.seconds)

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return median(self.ratios)

    @property
    def spread(self) -> str:
        """Fastest to slowest run, as text."""
        return f"{show_seconds(min(self.seconds))} to {show_seconds(max(self.seconds))}"


class Process(msgspec.Struct, frozen=True):
    """A finished process: wall seconds, peak resident set in MiB, exit code (None: ended at its time bound)."""

    code: int | None
    seconds: float
    peak_mib: float


def in_turn(work: Mapping[str, Callable[[], object]], yardstick: str, runs: int) -> dict[str, Timing]:
    """Time each of `work` once a round, `runs` rounds after one that warms up; ratios are to `work[yardstick]`."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for done in range(runs + 1):
        for name, act in work.items():
            start = time.perf_counter()
            act()
            if done:
                seconds[name].append(time.perf_counter() - start)
    return {name: timing_of(mine, seconds[yardstick]) for name, mine in seconds.items()}


def timing_of(seconds: Sequence[float], yardstick: Sequence[float]) -> Timing:
    """Runs beside those of the yardstick, round by round."""
    return Timing(tuple(seconds), tuple(a / b for a, b in zip(seconds, yardstick, strict=True)))


def run_process(
    command: Sequence[str],
    *,
    around: Callable[[list[str]], list[str]] = list,
    timeout: float = 300.0,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Run `command` to its end, or for `timeout` seconds; output dropped. `around` puts it elsewhere (a namespace).

    RuntimeError where the command could not be started.
    """
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as folder:
        report = Path(folder) / "process.json"
        wrapped = around([sys.executable, "-c", _WRAPPER, str(report), str(timeout), *command])
        settings = {**os.environ, **(environment or {})}
        done = subprocess.run(wrapped, cwd=ROOT, capture_output=True, check=False, env=settings)
        if not report.exists():
            raise RuntimeError(f"{command[0]} did not run: {done.stderr.decode('utf-8', 'replace')[-500:]}")
        code, seconds, peak = json.loads(report.read_text())
    return Process(code, seconds, peak / _KIB_PER_MIB)


def in_fresh_process(function: str, *arguments: Any) -> dict[str, Any]:
    """Call `function` ("package.module:name") with JSON `arguments` in a new interpreter; its JSON object."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", function, json.dumps(arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{function} failed: {done.stderr[-500:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def peak_mib() -> float:
    """Peak resident set of this process so far, in MiB.

    Linux's own figure for this program, since getrusage also remembers the parent's size before the program began.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KIB_PER_MIB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _KIB_PER_MIB / (_KIB_PER_MIB if sys.platform == "darwin" else 1)


def forget_peak() -> None:
    """Let `peak_mib` count from what this process holds now (Linux, proc(5), clear_refs; nothing elsewhere)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def show_seconds(seconds: float) -> str:
    """Three significant digits with a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.2g} µs"


def show_ratio(ratio: float) -> str:
    """A ratio to its yardstick: "12.3 ×"."""
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.3g} ×"


def main(arguments: Sequence[str]) -> None:
    """The other side of `in_fresh_process`."""
    module, _, name = arguments[0].partition(":")
    sys.stdout.write(json.dumps(getattr(importlib.import_module(module), name)(*json.loads(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
