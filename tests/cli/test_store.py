"""The store's commands as a user meets them: nights recorded, a device asked for, the store made anew from its runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec

from scanner.report.json import render_json
from scanner.runs import INVENTORY
from tests.cli.conftest import Run
from tests.cli.test_cli import HIKVISION, assert_explained
from tests.store.nights import camera, night


def test_from_runs_to_history_and_back(camcensus: Run, tmp_path: Path) -> None:
    store = {"CAMCENSUS_STORE": str(tmp_path / "store.sqlite")}
    runs = tmp_path / "runs"
    for day, devices in ((1, [camera(1), camera(2)]), (2, [camera(1, firmware="6")])):
        (runs / str(day)).mkdir(parents=True)
        (runs / str(day) / INVENTORY).write_bytes(render_json(night(day, *devices)))
    done = camcensus("store", "add", runs / "1", runs / "2", "--site", "hq", **store)
    assert done.returncode == 0, done.stderr
    assert "2/: added" in done.stderr.replace("2:", "2/:")
    assert "already there" in camcensus("store", "add", runs / "2", "--site", "hq", **store).stderr
    done = camcensus("history", "198.51.100.1", **store)
    assert "firmware: not established → 6 (the device changed)" in done.stdout
    gone = json.loads(camcensus("history", "198.51.100.2", "--json", "-", **store).stdout)["devices"][0]
    assert (gone["standing"], gone["since"], gone["site"]) == ("gone", "2026-01-02T02:00:00Z", "hq")
    done = camcensus("removal", "plan", "198.51.100.1", "--on", "2026-01-09", "--reason", "889", **store)
    assert "Planned: removal of LTS CMIP1042 at 198.51.100.1, site hq, 2026-01-09" in done.stderr
    assert "overdue" in camcensus("removal", "list", **store).stdout
    done = camcensus("store", "rebuild", runs, **store)
    assert "2 sweeps, 1 notes of removals carried over" in done.stderr, done.stderr
    assert "problems: 0" in camcensus("store", "check", **store).stdout
    assert "1 planned removals are overdue" in camcensus("sites", **store).stdout
    assert "hq: 2 sweeps, 2026-01-01 to 2026-01-02" in camcensus("trend", "--by", "maker", **store).stdout


def test_made_anew_from_the_evidence_itself(camcensus: Run, tmp_path: Path) -> None:
    store = {"XDG_DATA_HOME": str(tmp_path / "data")}
    evidence, run = tmp_path / "hikvision.jsonl", tmp_path / "run"
    evidence.write_text(HIKVISION)
    assert camcensus("import", evidence, "--out", run).returncode == 0
    whole = msgspec.json.decode((run / INVENTORY).read_bytes())
    whole["devices"][0]["maker"] = "Somebody"  # what is derived does not count where the evidence lies by it
    (run / INVENTORY).write_bytes(msgspec.json.encode(whole))
    done = camcensus("store", "rebuild", tmp_path, **store)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/camcensus/store.sqlite").is_file()
    (device,) = json.loads(camcensus("history", "--json", "-", **store).stdout)["devices"]
    assert (device["maker"], device["site"]) == ("Hikvision", "default")


def test_mistakes_are_explained(camcensus: Run, tmp_path: Path) -> None:
    store = ("--store", tmp_path / "store.sqlite")
    assert_explained(camcensus("history", *store), 2, "camcensus store add RUN")
    assert_explained(camcensus("store", "add", tmp_path / "nothing", *store), 2, "can't read")
    assert_explained(camcensus("store", "rebuild", tmp_path / "runs", *store), 2, "there is no")
    assert_explained(camcensus("removal", "plan", "x", "--on", "soon", *store), 2, "looks like 2026-11-22")


def test_help_loads_no_database() -> None:
    code = (
        "import sys\nfrom scanner.cli.app import app\n"
        "try: app(['store', '--help'], standalone_mode=False)\nexcept SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "alembic", "psycopg", "sqlite3"} & set(done.stderr.split())
