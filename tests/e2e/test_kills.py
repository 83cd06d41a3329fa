"""A sweep that is killed at any moment, again and again, ends as one that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.models import Evidence
from scanner.runs import EVIDENCE, INVENTORY, STATE, read_evidence

KILLS = 50
LONGEST_LIFE = 0.7  # seconds
FACTS = ("host", "is_camera", "kind", "brand", "maker", "family", "model", "firmware", "serial", "mac", "status")
ROOT = Path(__file__).parents[2]


class Lives:
    """A simulated site, and sweeps of it that may be killed."""

    def __init__(self, folder: Path) -> None:
        self._record = folder / "record.json"
        ready = folder / "ready.json"
        self._lab = subprocess.Popen(
            [sys.executable, "-m", "scanner.lab", "--ports", "mapped", "--site", "demo", "--ready-file", str(ready),
             "--record", str(self._record)], cwd=ROOT,
        )  # fmt: skip
        until = time.monotonic() + 30
        while not ready.exists() and time.monotonic() < until:
            time.sleep(0.05)
        told = json.loads(ready.read_bytes())
        port_map = folder / "map.json"
        port_map.write_text(json.dumps(told["port_map"]))
        target = f"{told['addresses'][0]}-{told['addresses'][-1].rpartition('.')[2]}"
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.lives", str(port_map), target], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._line() == "ready"

    def live(self, folder: Path, seconds: float | None) -> int:
        """One life of a sweep, to its end or killed after `seconds`; the exit code, negative for a signal."""
        assert self._server.stdin is not None
        self._server.stdin.write(f"{folder}\n")
        self._server.stdin.flush()
        child = int(self._line())
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)  # not reaped before its status is said, so the id is still its own
        return int(self._line())

    def violations(self) -> list[Any]:
        """What the site saw that it should not have seen; ends the site."""
        self._lab.terminate()
        self._lab.wait(30)
        return list(json.loads(self._record.read_bytes())["violations"])

    def close(self) -> None:
        """End both processes."""
        self._server.communicate(timeout=60)
        if self._lab.poll() is None:
            self._lab.terminate()
            self._lab.wait(30)

    def _line(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline().strip()


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Lives]:
    started = Lives(tmp_path)
    yield started
    started.close()


def facts(folder: Path) -> list[dict[str, Any]]:
    """What the inventory says of each device; how often something was said may differ."""
    inventory = json.loads((folder / INVENTORY).read_bytes())
    assert inventory["sweep"]["complete"] is True
    return [
        {name: device[name] for name in FACTS}
        | {"findings": [(f["instrument"], f["relation"], f["strength"]) for f in device["findings"]]}
        for device in inventory["devices"]
    ]


def asked_again(folder: Path) -> set[str]:
    """Devices that said something more, or were visited again, after they were complete."""
    marks = [json.loads(line) for line in (folder / STATE).read_text().splitlines()]
    ends = {mark["visited"]: mark["log"] for mark in marks if "visited" in mark}
    twice = {
        host for host, count in Counter(mark["visited"] for mark in marks if "visited" in mark).items() if count > 1
    }
    place, later = 0, set()
    for record in read_evidence(folder / EVIDENCE):
        assert isinstance(record, Evidence)  # no line is damaged
        if place >= ends[record.host]:
            later.add(record.host)
        place += len(record.to_line())
    return twice | later


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a site on 127.77.0.0/24")
def test_fifty_kills_change_nothing(lives: Lives, tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    moments = random.Random(seed)  # noqa: S311 - moments, no secrets
    assert lives.live(tmp_path / "undisturbed", None) == 0
    wanted = facts(tmp_path / "undisturbed")
    assert len(wanted) > 20
    kills = sweeps = 0
    while kills < KILLS:
        sweeps += 1
        folder = tmp_path / f"run-{sweeps}"
        code = -signal.SIGKILL
        while code == -signal.SIGKILL:
            last = kills == KILLS
            code = lives.live(folder, None if last else moments.uniform(0, LONGEST_LIFE))
            kills += code == -signal.SIGKILL
        assert code == 0, f"seed {seed}"
        assert facts(folder) == wanted, f"seed {seed}"
        assert asked_again(folder) == set(), f"seed {seed}"
    assert lives.violations() == []
