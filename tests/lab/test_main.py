"""The lab as a process: its ready line, its record at the end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.lab.__main__ import main, site_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")
def test_it_says_when_it_is_ready_and_writes_its_record_at_sigterm(tmp_path: Path) -> None:
    ready, record = tmp_path / "ready.json", tmp_path / "record.json"
    command = [sys.executable, "-W", "error", "-m", "scanner.lab", "--ports", "mapped", "--granted"]
    command += ["--ready-file", str(ready), "--record", str(record)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 15
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, b"")
    line = json.loads(ready.read_bytes())
    assert line["ready"] is True
    assert set(line["truth"]) == set(line["addresses"]) == set(line["macs"])
    assert line["port_map"]
    assert json.loads(record.read_bytes())["violations"] == []


def test_what_cannot_be_put_up_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--site", "large", "--count", "1", "--first", "203.0.113.10"]) == 2
    assert "no such address" in capsys.readouterr().err


def test_sites_by_name() -> None:
    assert site_of("demo", 0, None).name == "demo"
    assert site_of("large", 3, "198.51.100.50").devices[2].host == "198.51.100.52"
    assert site_of("demo", 0, "127.77.0.100").devices[0].host == "127.77.0.100"
