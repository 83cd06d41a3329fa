"""`camcensus sweep --site FILE`: what is planned, when, into which folders; mistakes before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.cli.asked import Asked, Once
from scanner.cli.exits import Exit, worst
from scanner.cli.references import secret_at
from scanner.cli.site_sweep import closed, sweep_sites, within
from scanner.cli.sweeping import prepare
from scanner.models import UsageError
from scanner.runs import RunFolder
from scanner.sitefile import Keys, Schedule
from tests.cli.conftest import Inside, Run

HALL = '[[site]]\nname = "town-hall"\ntargets = ["198.51.100.0/29"]\n'
DEPOT = '[[site]]\nname = "depot"\ntargets = ["@depot.txt"]\nrate = 50\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "depot.txt").write_text("203.0.113.10-12\n")
    path = tmp_path / "camcensus.toml"
    path.write_text('[defaults]\nout = "runs/{site}/{date}"\nhost-rate = 7\n' + HALL + DEPOT)
    return path


def shut() -> str:
    """A window that is not open now, nor will be soon."""
    begin = datetime.now(UTC) + timedelta(hours=6)
    return f'schedule = {{ from = "{begin:%H:%M}", until = "{begin + timedelta(hours=1):%H:%M}", zone = "UTC" }}\n'


def test_each_site_is_planned_by_its_own_keys(inside: Inside, file: Path, tmp_path: Path) -> None:
    done = inside("sweep", "--site", file, "--dry-run", "--host-rate", "9", "--exclude", "203.0.113.11")
    assert done.returncode == 0, done.stderr
    hall, depot = done.stdout.split("== Site depot (2 of 2)\n")
    assert "6 addresses" in hall
    assert "1000 packets/s in all, 9 to one device" in hall
    assert "2 addresses" in depot
    assert "50 packets/s in all, 9 to one device" in depot
    assert not (tmp_path / "runs").exists()


def test_a_mistake_in_any_site_is_told_by_line_before_anything_is_sent(inside: Inside, file: Path) -> None:
    file.write_text(file.read_text() + 'interface = ["nosuch0"]\n' + HALL.replace("town-hall", "pool") + "rat = 1\n")
    done = inside("sweep", "--site", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "camcensus.toml:15: unknown key 'rat'; did you mean 'rate'?" in done.stderr
    file.write_text(file.read_text().replace("rat = 1\n", ""))
    done = inside("sweep", "--site", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "camcensus.toml:11: site 'depot': no interface is called 'nosuch0' here" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "dept"], "did you mean 'depot'?"),
        (["198.51.100.1"], "--only NAME"),
        (["--out", "x"], "put {site} in it"),
        (["--json", "-"], "put {site} in it"),
        (["--format", "csv"], "--only NAME"),
        (["--resume", "x"], "--only NAME"),
        (["--only", "depot", "--resume", "no-such"], "no-such"),
    ],
)
def test_what_the_command_line_may_not_say_for_several_sites(
    inside: Inside, file: Path, arguments: list[str], says: str
) -> None:
    done = inside("sweep", "--site", file, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_outside_its_window_nothing_is_begun_and_that_is_no_success(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HALL + shut())
    assert sweep_sites(file, [], Asked(Keys(out=str(tmp_path / "run"))), Once()) is Exit.INCOMPLETE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "town-hall: not begun, nothing was reached: outside its window" in told
    assert "--now" in told
    assert not (tmp_path / "run").exists()
    assert sweep_sites(file, [], Asked(Keys()), Once(dry_run=True)) is Exit.DONE


def test_the_budget_ends_with_the_window(tmp_path: Path) -> None:
    now = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
    ready = prepare(Asked(Keys(targets=("198.51.100.1",), budget=7200, out=str(tmp_path / "run"))), Once())
    ends = Schedule(frozenset(range(7)), 22 * 60, 29 * 60, "UTC").ends(now)
    assert ends is not None
    cut = within(ready, ends, now).plan
    assert (cut.options.budget, cut.recorded_options["window_ends"]) == (3600, "2026-11-28T05:00:00Z")
    assert within(ready, ends + timedelta(days=1), now).plan.options.budget == 7200
    assert "next begins Sat 2026-11-28 22:00" in closed(
        Schedule(frozenset(range(7)), 22 * 60, 29 * 60, "UTC"), now + timedelta(hours=3)
    )


def test_the_worst_exit_code_stands_for_all() -> None:
    assert worst(Exit.DONE, Exit.GATE, Exit.INCOMPLETE) is Exit.INCOMPLETE
    assert worst(Exit.INCOMPLETE, Exit.USAGE, Exit.GATE) is Exit.USAGE
    assert worst(Exit.USAGE, Exit.INTERRUPTED, Exit.INTERNAL) is Exit.INTERNAL
    assert worst(Exit.DONE, Exit.GATE) is Exit.GATE


def test_secrets_come_from_where_the_file_says(tmp_path: Path) -> None:
    kept = tmp_path / "snmp"
    kept.write_text("s3cret\n")
    kept.chmod(0o600)
    assert secret_at(f"file:{kept}") == secret_at(str(kept)) == "s3cret"
    kept.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600") as caught:
        secret_at(f"file:{kept}")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(UsageError, match="NO_SUCH_VARIABLE is not set"):
        secret_at("env:NO_SUCH_VARIABLE")
    with pytest.raises(UsageError, match="can't read"):
        secret_at("file:no-such-file")


def test_a_community_by_reference_is_the_given_one(camcensus: Run, inside: Inside, file: Path) -> None:
    file.write_text(HALL + 'snmp-community = ["env:SITE_SNMP"]\nswitch = ["198.51.100.2"]\n')
    done = camcensus("sweep", "--site", file, "--dry-run", SITE_SNMP="hunter2")
    assert done.returncode == 0, done.stderr
    assert "switch 198.51.100.2" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    refused = inside("sweep", "--site", file, "--dry-run")
    assert refused.returncode == 2
    assert "camcensus.toml:4: site 'town-hall': the environment variable SITE_SNMP is not set" in refused.stderr


def test_a_run_that_is_resumed_knows_its_site(tmp_path: Path) -> None:
    run = tmp_path / "run"
    begun = prepare(Asked(Keys(targets=("198.51.100.1",), out=str(run)), site="depot"), Once()).plan
    with RunFolder.create(run) as folder:
        folder.mark({"started": "2026-11-28T01:00:00Z", "options": begun.recorded_options, "basis": []})
    assert prepare(Asked(Keys()), Once(resume=run)).plan.site == "depot"
    again = prepare(Asked(Keys(targets=("203.0.113.1",), exclude=("203.0.113.2",)), site="depot"), Once(resume=run))
    assert (again.plan.scope.texts, again.plan.scope.excluded) == (("198.51.100.1",), ("203.0.113.2",))
    with pytest.raises(UsageError, match="a sweep of the site 'depot', not of 'pool'"):
        prepare(Asked(Keys(), site="pool"), Once(resume=run))
