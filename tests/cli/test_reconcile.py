"""`camcensus reconcile` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_cli import AXIS, HIKVISION, assert_explained
from tests.intake.test_rows import MILESTONE

LEASES = "1795373427 44:19:b6:00:12:01 198.51.100.10 hik *\n1795373427 00:40:8c:12:34:56 198.51.100.77 phone *\n"
LIST = "Name,Address,MAC,Model,Firmware,Manufacturer\nDoor,198.51.100.9,,P3384-VE,5.40,AXIS\nGate,203.0.113.5,,X,1,Y\n"


def test_a_scan_a_lease_file_and_a_list(camcensus: Run, tmp_path: Path) -> None:
    scan, leases, cameras = tmp_path / "scan.json", tmp_path / "leases", tmp_path / "vms.csv"
    leases.write_text(LEASES)
    cameras.write_text(LIST)
    camcensus("identify", "-", "--json", scan, stdin=HIKVISION + AXIS)
    inventory = json.loads(scan.read_text())
    inventory["sweep"]["scope"] = ["198.51.100.0/24"]
    scan.write_text(json.dumps(inventory))
    done = camcensus("reconcile", scan, "--known", leases, cameras)
    assert done.returncode == 0, done.stderr
    for words in ("Seen and unknown", "Known and unseen", "not asked: outside the scope", "Seen and known"):
        assert words in done.stdout
    done = camcensus("reconcile", scan, "--known", leases, "--known", cameras, "--json", "-")
    found = json.loads(done.stdout)
    standing = {row["host"]: row["standing"] for row in found["rows"]}
    assert standing == {
        "198.51.100.10": "seen-and-unknown",
        "203.0.113.5": "known-and-unseen",
        "198.51.100.9": "seen-and-known",
        "198.51.100.77": "on-the-network-only",
    }
    assert found["sources"] == ["leases", "vms.csv"]
    assert camcensus("reconcile", scan, "--known", leases, "--json", tmp_path / "out.json").returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["schema"] == "camcensus.reconciliation/1"


def test_a_run_folder_of_an_import_has_no_scope(camcensus: Run, tmp_path: Path) -> None:
    leases, cameras = tmp_path / "leases", tmp_path / "vms.csv"
    leases.write_text(LEASES)
    cameras.write_text(MILESTONE)
    camcensus("import", leases, "--out", tmp_path / "run")
    done = camcensus("reconcile", tmp_path / "run", "--known", cameras)
    assert done.returncode == 0, done.stderr
    assert "no scope" in done.stdout
    assert "2 devices, 3 listed channels" in done.stdout
    assert "Secret" not in done.stdout


def test_mistakes_are_explained(camcensus: Run, tmp_path: Path) -> None:
    assert_explained(camcensus("reconcile", tmp_path), 2, "--known")
    leases = tmp_path / "leases"
    leases.write_text(LEASES)
    assert_explained(camcensus("reconcile", tmp_path / "nothing", "--known", leases), 2, "can't read")
    assert_explained(camcensus("reconcile", tmp_path, "--known", leases), 2, "inventory.json")
