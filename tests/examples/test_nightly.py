"""What each example runs is a command line that ours understands, and no exit code of it gets lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.examples.conftest import asked
from tests.examples.lines import RefusedError, documented, read
from tests.examples.systems import JENKINS, ROOT, SYSTEMS, Action, Cron, GitHub, System

Ending = Callable[[int], Path]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the examples are for Linux")


@pytest.mark.parametrize("system", [*SYSTEMS, Action])
def test_it_sweeps_by_the_site_file_with_a_store_and_its_results_kept(
    system: type[System], ending: Ending, tmp_path: Path
) -> None:
    machine = system(tmp_path / "machine", command := ending(0))
    machine.site_file.write_text("")
    assert machine.night().code == 0
    words = asked(command)
    assert words[0] == "sweep"
    found = read(words)
    assert machine.site_file.samefile(machine.workspace_of(found["site"]))
    assert "store.sqlite" in str(found["store"])
    assert found["summary"]
    assert not found["targets"], "targets stand in the site file"


@pytest.mark.parametrize("code", [1, 2, 3, 4, 130])
@pytest.mark.parametrize("system", [*SYSTEMS, Action])
def test_no_exit_code_gets_lost(system: type[System], code: int, ending: Ending, tmp_path: Path) -> None:
    machine = system(tmp_path / "machine", ending(code))
    machine.site_file.write_text("")
    ended = machine.night()
    assert ended.code == code
    assert "SUMMARY OF THE NIGHT" in ended.said
    assert "gate new: 198.51.100.14" in ended.said


def test_github_keeps_the_store_of_a_night_that_found_something(ending: Ending, tmp_path: Path) -> None:
    machine = GitHub(tmp_path / "machine", ending(1))
    machine.site_file.write_text("")
    machine.night()
    (machine.folder / "cache").joinpath("store.sqlite").write_text("history")
    machine.night()
    assert (machine.workspace / "camcensus-store" / "store.sqlite").read_text() == "history"
    assert machine.outputs["exit-code"] == "1"


def test_the_action_tells_its_results_and_may_leave_the_verdict_to_others(ending: Ending, tmp_path: Path) -> None:
    machine = Action(tmp_path / "machine", command := ending(1))
    machine.site_file.write_text("")
    machine.inputs = {"fail": "false", "only": "town hall\nlibrary", "options": "--exclude\n198.51.100.7\n\n--no-ipv6"}
    assert machine.night().code == 0
    assert machine.outputs == {
        "exit-code": "1", "listed": "1", "sarif": "camcensus.sarif", "inventory": "camcensus-run/inventory.json",
    }  # fmt: skip
    found = read(asked(command))
    assert (*found["only"], *found["exclude"], found["no_ipv6"]) == ("town hall", "library", "198.51.100.7", True)
    machine = Action(tmp_path / "other", ending(3))
    machine.site_file.write_text("")
    machine.inputs = {"fail": "false"}
    assert machine.night().code == 3, "a sweep that is not complete is never green"


def test_the_action_takes_no_text_for_a_command(ending: Ending, tmp_path: Path) -> None:
    machine = Action(tmp_path / "machine", command := ending(0))
    machine.site_file.write_text("")
    text = '$(touch caught); `touch caught` "; touch caught #'
    machine.inputs = {"only": text}
    machine.night()
    assert not (machine.workspace / "caught").exists()
    assert text in asked(command)


def test_jenkins_tells_a_finding_from_what_went_wrong() -> None:
    text = re.sub(r"\s+", " ", JENKINS.read_text("utf-8"))
    assert re.search(r"if \(code == 1\) \{ unstable\(", text)
    assert re.search(r"else if \(code == 3\) \{ error\(", text)
    assert re.search(r"else if \(code != 0\) \{ error\(", text)
    assert "skipMarkingBuildUnstable: true" in text, "known findings would make every night yellow"


def test_cron_says_nothing_of_a_night_without_news(ending: Ending, tmp_path: Path) -> None:
    machine = Cron(tmp_path / "machine", ending(0))
    machine.site_file.write_text("")
    assert machine.night().said == ""


def test_cron_leaves_a_sweep_that_still_runs_alone(ending: Ending, tmp_path: Path) -> None:
    import fcntl

    machine = Cron(tmp_path / "machine", command := ending(0))
    machine.site_file.write_text("")
    (machine.folder / "home").mkdir()
    with (machine.folder / "home" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = machine.night()
    assert (ended.code, "has not ended" in ended.said) == (75, True)
    assert not (command.parent / "arguments").exists()


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]), ids=lambda p: p.name)
def test_every_command_of_the_documentation_exists(page: Path) -> None:
    for words in documented(page):
        read(words)


def test_a_word_that_the_command_does_not_know_is_refused() -> None:
    with pytest.raises(RefusedError, match="--fail-no"):
        read(["sweep", "--fail-no", "listed"])
