"""How long a user waits for the command itself: whole processes, from start to exit.

`camcensus --help`, `camcensus --version`, and `camcensus identify` of one record (which reads all fingerprints and
the registry): an HTTP answer, a MAC (which reads the IEEE list), and the MAC without any cache of the user's.
Yardstick: an interpreter that does nothing, `python -c pass`. Median of 7 rounds; in each round every command runs
once, after one round that warms up.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import in_turn, show_ratio, show_seconds
from benchmarks.table import Table

NAME = "startup"
YARDSTICK = "python -c pass"
RECORD = b'{"host": "198.51.100.10", "protocol": "http", "port": 80, "headers": [["Server", "App-webs/"]]}\n'
MAC = b'{"host": "198.51.100.10", "protocol": "mac", "mac": "44:19:b6:00:00:01"}\n'


def run(runs: int = 7) -> list[Table]:
    """One table: seconds and ratio of each command."""
    with tempfile.TemporaryDirectory(prefix="camcensus-benchmark-") as folder:
        record = Path(folder) / "one.jsonl"
        record.write_bytes(RECORD)
        mac = Path(folder) / "mac.jsonl"
        mac.write_bytes(MAC)
        identify = [*command(), "identify", str(record)]
        cache = {"CAMCENSUS_CACHE": str(Path(folder) / "cache")}
        timings = in_turn(
            {
                YARDSTICK: whole([sys.executable, "-c", "pass"]),
                "camcensus --version": whole([*command(), "--version"]),
                "camcensus --help": whole([*command(), "--help"]),
                "camcensus identify, one record": whole(identify, cache),
                "camcensus identify, one MAC": whole([*command(), "identify", str(mac)], cache),
                "the same without a cache": whole([*command(), "identify", str(mac)], {"CAMCENSUS_CACHE": ""}),
            },
            YARDSTICK,
            runs,
        )
    rows = tuple(
        (name, show_seconds(timing.median), timing.spread, show_ratio(timing.ratio)) for name, timing in timings.items()
    )
    columns = ("command", "median", "fastest to slowest", f"against `{YARDSTICK}`")
    return [Table(NAME, f"Start to exit, median of {runs}", columns, rows)]


def command() -> list[str]:
    """The installed command beside this interpreter, else the package."""
    installed = Path(sys.executable).parent / "camcensus"
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "scanner"]


def whole(words: Sequence[str], environment: dict[str, str] | None = None) -> Callable[[], object]:
    """A call that runs `words` to the end; an exit code other than 0 is an error."""
    settings = {**os.environ, "NO_COLOR": "1", **(environment or {})}
    return lambda: subprocess.run(words, check=True, capture_output=True, env=settings)
