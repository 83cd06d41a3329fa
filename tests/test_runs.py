"""The run folder keeps what it was told, whatever happens next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanner.models import Evidence, LogError, UsageError
from scanner.runs import EVIDENCE, STATE, RunFolder, write_whole


def record(number: int) -> Evidence:
    return Evidence("198.51.100.10", "banner", {"port": 21, "text": f"220 {number}"}, "2026-11-22T09:00:00Z")


def test_what_is_appended_is_on_disk_at_once(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run") as run:
        run.append(record(1))
        assert (tmp_path / "run" / EVIDENCE).read_bytes() == record(1).to_line()
        run.mark({"visited": "198.51.100.10"})
        assert list(run.evidence()) == [record(1)]
        assert [state["visited"] for state in run.states()] == ["198.51.100.10"]
        assert all(held for _state, held in run.held())


def test_a_folder_that_holds_a_sweep_is_not_written_over(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path) as run:
        run.mark({"started": "2026-11-22T09:00:00Z"})
    with pytest.raises(UsageError, match="--resume"):
        RunFolder.create(tmp_path)


def test_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sweep to resume"):
        RunFolder.reopen(tmp_path)


@pytest.mark.parametrize("torn", [b'{"host":"198.51', b"x" * 70000, b""])
def test_a_torn_last_line_is_dropped_and_the_rest_kept(tmp_path: Path, torn: bytes) -> None:
    with RunFolder.create(tmp_path / "run") as run:
        run.append(record(1))
        run.mark({"a": 1})
    log = tmp_path / "run" / EVIDENCE
    log.write_bytes(log.read_bytes() + torn)
    with RunFolder.reopen(tmp_path / "run") as run:
        run.append(record(2))
        assert list(run.evidence()) == [record(1), record(2)]


def test_a_log_of_one_torn_line_becomes_empty(tmp_path: Path) -> None:
    RunFolder.create(tmp_path).close()
    (tmp_path / EVIDENCE).write_bytes(b'{"host"')
    with RunFolder.reopen(tmp_path) as run:
        assert list(run.evidence()) == []


def test_kill_9_loses_no_line_that_was_appended(tmp_path: Path) -> None:
    """The writer says a number after it appended it; after kill -9 every number that was said is in the log."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.test_runs import record\nfrom scanner.runs import RunFolder\n"
        "run = RunFolder.create(Path(sys.argv[1]))\n"
        "for n in range(10**6):\n    run.append(record(n))\n    print(n, flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    said = 0
    end = time.monotonic() + 20
    while said < 200 and time.monotonic() < end:
        said = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    rest = writer.stdout.read().split(b"\n")
    writer.stdout.close()
    writer.wait()
    said = max([said, *(int(n) for n in rest[:-1] if n)])
    with RunFolder.reopen(_with_state(tmp_path)) as run:
        kept = list(run.evidence())
    assert kept[: said + 1] == [record(n) for n in range(said + 1)]


def _with_state(folder: Path) -> Path:
    (folder / STATE).touch()
    return folder


def test_a_full_disk_is_a_message_not_a_traceback(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (tmp_path / EVIDENCE).symlink_to("/dev/full")
    (tmp_path / STATE).touch()
    run = RunFolder(tmp_path)._open()
    try:
        with pytest.raises(LogError, match="No space left"):
            run.append(record(1))
    finally:
        os.close(run._evidence)
        os.close(run._state)


def test_a_derived_file_is_never_half_written(tmp_path: Path) -> None:
    target = write_whole(tmp_path / "deep" / "inventory.json", "old")
    write_whole(target, b"new")
    assert target.read_text() == "new"
    assert [p.name for p in target.parent.iterdir()] == ["inventory.json"]
    with pytest.raises(UsageError, match="can't write"):
        write_whole(tmp_path / "deep" / "inventory.json" / "x", "y")


def test_no_place_to_write(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="can't write"):
        RunFolder.create(tmp_path / "file" / "run")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_or_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [sys.executable, "-c", f"print(open({str(pipe)!r}).read())"], stdout=subprocess.PIPE
    ) as reader:
        write_whole(pipe, "all of it")
        assert reader.communicate(timeout=20)[0] == b"all of it\n"
    assert pipe.is_fifo()


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Is a directory"):
        write_whole(tmp_path, "x")


def test_a_run_that_lost_its_evidence_is_not_resumed_as_if_nothing_were(tmp_path: Path) -> None:
    RunFolder.create(tmp_path).close()
    (tmp_path / EVIDENCE).unlink()
    with pytest.raises(UsageError, match="has lost its"):
        RunFolder.reopen(tmp_path)


def test_two_processes_do_not_write_into_one_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with RunFolder.create(tmp_path), pytest.raises(UsageError, match="at work"):
        RunFolder.reopen(tmp_path)
    RunFolder.reopen(tmp_path).close()


def test_what_rests_on_evidence_that_a_power_cut_took_never_counts_again(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path) as run:
        run.append(record(1))
        run.mark({"visited": "198.51.100.10"})
        run.append(record(2))
        run.mark({"visited": "198.51.100.11"})
    (tmp_path / EVIDENCE).write_bytes(record(1).to_line() + record(2).to_line()[:10])
    with RunFolder.reopen(tmp_path) as run:
        assert [held for state, held in run.held() if "visited" in state] == [True, False]
        run.append(record(3))
        run.append(record(4))
        run.mark({"visited": "198.51.100.12"})
    with RunFolder.reopen(tmp_path) as run:
        assert [held for state, held in run.held() if "visited" in state] == [True, False, True]


@pytest.mark.parametrize("torn", [b"", b"{", b'{"started": 1'])
def test_a_sweep_killed_before_its_first_whole_line_leaves_its_folder_free(tmp_path: Path, torn: bytes) -> None:
    RunFolder.create(tmp_path).close()
    (tmp_path / STATE).write_bytes(torn)
    with RunFolder.create(tmp_path) as run:
        run.mark({"started": 2})
        assert [state["started"] for state in run.states()] == [2]


def test_logs_cut_anywhere_can_be_gone_on_with(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path) as run:
        for number in range(3):
            run.append(record(number))
            run.mark({"visited": f"198.51.100.{number}"})
    logs = {name: (tmp_path / name).read_bytes() for name in (EVIDENCE, STATE)}
    for evidence in range(0, len(logs[EVIDENCE]) + 1, 7):
        for state in range(0, len(logs[STATE]) + 1, 11):
            (tmp_path / EVIDENCE).write_bytes(logs[EVIDENCE][:evidence])
            (tmp_path / STATE).write_bytes(logs[STATE][:state])
            with RunFolder.reopen(tmp_path) as run:
                kept = list(run.evidence())
                assert kept == [record(number) for number in range(len(kept))]
                done = [entry["visited"] for entry, held in run.held() if held and "visited" in entry]
                assert done == [f"198.51.100.{number}" for number in range(len(done))]
                assert len(done) <= len(kept)
