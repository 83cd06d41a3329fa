"""The demo's folder: its own may be made anew, anybody else's is never touched."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_real_sweep_in_the_folder_is_left_alone(camcensus: Run, tmp_path: Path) -> None:
    run = tmp_path / "site-a"
    run.mkdir()
    (run / "state.jsonl").write_text('{"started":"2026-11-22T09:00:00Z","options":{"targets":["198.51.100.0/24"]}}\n')
    (run / "evidence.jsonl").write_text('{"host":"198.51.100.10","protocol":"port","port":80,"state":"open"}\n')
    before = {file.name: file.read_bytes() for file in run.iterdir()}
    done = camcensus("demo", "--out", run)
    assert done.returncode == 2
    assert "already holds a sweep" in done.stderr
    assert {file.name: file.read_bytes() for file in run.iterdir()} == before


def test_an_earlier_demo_makes_room_and_what_else_lies_there_stays(camcensus: Run, tmp_path: Path) -> None:
    out = tmp_path / "demo"
    for _ in range(2):
        done = camcensus("demo", "--out", out, "--quiet")
        assert done.returncode == 0, done.stderr
        (out / "notes.txt").write_text("mine")
    assert (out / "notes.txt").read_text() == "mine"
