"""Sweeps, each a process that may be killed: forked from this one, which has imported everything and knows the lists.

`python -m tests.e2e.lives PORT_MAP TARGET` reads a folder a line; a new sweep into it, or the resumption of the one
that it holds, is begun in a child whose process id is the answer. When the child has ended, its status is said.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from scanner.cli.planning import Wishes, plan_sweep, port_map_from
from scanner.cli.running import run_plan
from scanner.discover import Discovery
from scanner.net.api import Network
from scanner.progress import Silent
from scanner.runs import STATE


async def everybody(_net: Network, targets: Sequence[str], _emit: object, *, ipv6: bool) -> Discovery:
    """No time spent on listening."""
    return Discovery(candidates=tuple(targets))


def sweep(folder: Path, port_map: Path, target: str) -> int:
    """One life."""
    going_on = (folder / STATE).is_file() and b'"options"' in (folder / STATE).read_bytes()
    wishes = Wishes(resume=folder) if going_on else Wishes(targets=(target,), out=folder, rate=5000, host_rate=400)
    return run_plan(plan_sweep(wishes), Silent(), port_map_from(port_map), everybody).exit


def main(port_map: str, target: str) -> None:
    """Until standard input ends."""
    plan_sweep(Wishes(targets=(target,)))  # reads fingerprints and lists, which the children have then
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 4
            try:
                code = sweep(Path(line.strip()), Path(port_map), target)
            finally:
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
