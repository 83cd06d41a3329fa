"""`camcensus fingerprints check` proves rules, and never calls nothing a proof."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.identify.support import ACME, FILES

PRINTER = (
    '{"id":"p","truth":{"is_camera":false},"evidence":[{"protocol":"rtsp",'
    '"headers":[["Server","AcmeCam RTSP/2.1.0 (AC-200)"]]}]}\n'
)


def test_good_rules_pass_and_bad_ones_are_named(camcensus: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(FILES["bolt.toml"])
    bad.write_text(ACME.replace('rejects = ["NotAcmeCam', 'rejects = ["AcmeCam'))
    assert camcensus("fingerprints", "check", good).returncode == 0
    done = camcensus("fingerprints", "check", bad)
    assert done.returncode == 1
    assert "acme-rtsp-server: matches its reject" in done.stdout
    assert camcensus("fingerprints", "check", tmp_path / "absent.toml").returncode == 2


def test_cases_of_devices_that_are_no_cameras(camcensus: Run, tmp_path: Path) -> None:
    rules, cases = tmp_path / "acme.toml", tmp_path / "cases.jsonl"
    rules.write_text(ACME)
    cases.write_text(PRINTER)
    done = camcensus("fingerprints", "check", rules, "--cases", cases)
    assert done.returncode == 1
    assert "claims a camera on p, which is none" in done.stdout
    absent = camcensus("fingerprints", "check", rules, "--cases", tmp_path / "absent")
    assert absent.returncode == 2
    assert "there is no such file" in absent.stderr
