"""Listening on a real wire: everyone who announces is heard, and not one frame leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import talker
from tests.e2e.namespaces import ROOT, SCANNER_INTERFACE, Namespaces, needed

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(needed()), reason=needed() or "-")]


PIN = f"""[[pin]]
device = "{talker.HELLO_HOST}"
set = {{ model = "AC-200" }}
reason = "name plate"
who = "Ada"
date = 2026-11-20
"""


@contextmanager
def talking(net: Namespaces) -> Iterator[None]:
    command = ["ip", "netns", "exec", net.site_namespace, sys.executable, "-m", "tests.e2e.talker", "d0"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def command(folder: Path, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "scanner", "listen", "--interface", SCANNER_INTERFACE, "--out", str(folder), *more
    ]  # fmt: skip


def inventory_of(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "inventory.json").read_text())
    return read


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    base = tmp_path_factory.mktemp("listen")
    folder, pins, unknown = base / "run", base / "mine.toml", base / "unknown.jsonl"
    pins.write_text(PIN)
    with Namespaces(count=1) as net, talking(net), net.capture() as frames:
        own = ("--pins", str(pins), "--unknown", str(unknown))
        done = net.run(command(folder, "--time", "5", "--progress", "json", *own))
    assert done.returncode == 0, done.stderr
    lines = (folder / "evidence.jsonl").read_text().splitlines()
    return {
        "frames": frames,
        "done": done,
        "evidence": [json.loads(line) for line in lines],
        "inventory": inventory_of(folder),
        "pins": (folder / "pins.toml").read_text(),
        "unknown": [json.loads(line) for line in unknown.read_text().splitlines()],
    }


def test_nothing_is_sent(heard: dict[str, Any]) -> None:
    assert heard["frames"].sent.total() == 0, heard["frames"].kinds
    assert heard["frames"].received.total() > 20


def test_everyone_who_announces_is_heard(heard: dict[str, Any]) -> None:
    told = {(e["host"], e["protocol"]) for e in heard["evidence"]}
    assert {
        (talker.ARP_HOST, "mac"),
        (talker.HELLO_HOST, "ws-discovery"),
        (talker.SSDP_HOST, "ssdp"),
        (talker.MDNS_HOST, "mdns"),
        (talker.DHCP_HOST, "dhcp"),
    } <= told
    assert talker.LLDP_NAME in json.dumps(heard["evidence"])
    assert {e["interface"] for e in heard["evidence"]} == {SCANNER_INTERFACE}
    assert all(e["seen_at"] for e in heard["evidence"])


def test_what_is_heard_is_judged(heard: dict[str, Any]) -> None:
    devices = {device["host"]: device for device in heard["inventory"]["devices"]}
    assert set(devices) >= talker.SPOKEN
    assert devices[talker.MDNS_HOST]["maker"] == "Axis"
    assert devices[talker.ARP_HOST]["mac"] == talker.ARP_MAC
    assert heard["inventory"]["sweep"]["complete"] is True
    assert "nothing was sent" in heard["inventory"]["coverage"]["notes"][0]


def test_pinned_facts_count_and_what_stays_unknown_is_written_redacted(heard: dict[str, Any]) -> None:
    devices = {device["host"]: device for device in heard["inventory"]["devices"]}
    assert devices[talker.HELLO_HOST]["model"] == "AC-200"
    assert heard["pins"] == PIN
    assert heard["inventory"]["sweep"]["options"]["pins"]["sha256"]
    assert "ws-discovery" in {record["protocol"] for record in heard["unknown"]}
    assert talker.HELLO_HOST not in json.dumps(heard["unknown"])


def test_each_thing_is_in_the_log_once(heard: dict[str, Any]) -> None:
    said = [json.dumps({**e, "seen_at": None}, sort_keys=True) for e in heard["evidence"]]
    assert len(said) == len(set(said))


def test_it_is_told_while_it_runs(heard: dict[str, Any]) -> None:
    events = [json.loads(line) for line in heard["done"].stderr.splitlines() if line.startswith("{")]
    assert {e["host"] for e in events if e["event"] == "device"} >= talker.SPOKEN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_ctrl_c_ends_it_with_what_was_heard(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "run"
    with Namespaces(count=1) as net, talking(net):
        process = subprocess.Popen(net.command(command(folder)), stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        wait_for(folder / "evidence.jsonl", talker.HELLO_HOST)
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert b"Traceback" not in errors
    assert talker.HELLO_HOST in {device["host"] for device in inventory_of(folder)["devices"]}


def test_without_the_right_it_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"]
    with Namespaces(count=1) as net:
        done = net.run([*plain, *command(folder, "--time", "5")])
    assert done.returncode == 2, done.stderr
    assert "setcap" in done.stderr
    assert "root" in done.stderr
    assert not folder.exists()


def wait_for(log: Path, word: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if log.exists() and word in log.read_text():
            return
        time.sleep(0.1)
    raise AssertionError(f"{word} was not heard")
