"""Policies, waivers and overlays as their user gives them: one file each, refused with a line, kept with the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from scanner.cli.app import main
from scanner.cli.judging_options import Judging
from scanner.cli.planning import Wishes, plan_sweep
from scanner.registry import basis_file
from tests.registry.importing import lists
from tests.registry.test_policy_file import COUNCIL
from tests.registry.test_waivers import ONE


class Done(NamedTuple):
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def camcensus(capfd: pytest.CaptureFixture[str]) -> Run:
    """`camcensus(*arguments)` in this process: a process for each would cost a second."""

    def run(*arguments: str | Path) -> Done:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


EVIDENCE = """\
{"host":"198.51.100.10","protocol":"http","port":80,"status":200,"headers":[["Server","App-webs/"]],"body":""}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "e.jsonl").write_text(EVIDENCE)
    (tmp_path / "policy.toml").write_text(COUNCIL)
    (tmp_path / "waivers.toml").write_text(ONE.replace("US-NDAA-889", "tower-hamlets-ban"))
    (tmp_path / "list.csv").write_text(lists.DOD)
    return tmp_path


def test_an_own_policy_and_its_waivers_are_judged_by_gated_by_and_kept(camcensus: Run, files: Path) -> None:
    run = files / "run"
    gated = camcensus(
        "import", files / "e.jsonl", "--out", run, "--policy", files / "policy.toml", "--fail-on", "listed"
    )
    assert gated.returncode == 1, gated.stderr
    inventory = json.loads((run / "inventory.json").read_text())
    assert inventory["sweep"]["policy"] == ["tower-hamlets"]
    basis = inventory["sweep"]["basis"][0]
    assert (basis["kind"], basis["name"], basis["text"]) == ("policy", "policy.toml", COUNCIL)
    (files / "policy.toml").unlink()  # the run has all that it needs
    explained = camcensus("explain", run, "198.51.100.10", "--waivers", files / "waivers.toml", "--as-of", "2026-11-28")
    assert "listed, waived" in explained.stdout, explained.stderr
    assert "tower-hamlets-ban" in explained.stdout
    again = camcensus("report", run, "--rejudge", "--format", "json")
    assert json.loads(again.stdout)["sweep"]["basis"] == inventory["sweep"]["basis"]


def test_a_valid_waiver_opens_the_gate_and_an_expired_one_shuts_it(camcensus: Run, files: Path) -> None:
    given = (
        "identify", files / "e.jsonl", "--policy-file", files / "policy.toml", "--waivers", files / "waivers.toml",
        "--fail-on", "review", "--as-of",
    )  # fmt: skip
    assert camcensus(*given, "2026-11-28").returncode == 0
    after = camcensus(*given, "2028-01-01")
    assert after.returncode == 1
    assert "gate waiver: W-1 (J. Doe) expired on 2027-03-31" in after.stderr


def test_a_mistake_in_a_file_is_exit_2_with_line_and_suggestion(camcensus: Run, files: Path) -> None:
    (files / "policy.toml").write_text('name = "x"\ninstruments = ["US-NDAA-898"]\n')
    done = camcensus("identify", files / "e.jsonl", "--policy", files / "policy.toml")
    assert done.returncode == 2
    assert "policy.toml:2: unknown instrument 'US-NDAA-898'; did you mean 'US-NDAA-889'?" in done.stderr


def test_lists_are_imported_previewed_signed_off_and_used(camcensus: Run, files: Path) -> None:
    overlay = files / "o.toml"
    imported = camcensus("registry", "import", files / "list.csv", "-o", overlay)
    assert imported.returncode == 0, imported.stderr
    assert "- US-DOD-1260H: “Zhejiang Dahua Technology Co., Ltd. (Dahua)”" in imported.stdout
    refused = camcensus("identify", files / "e.jsonl", "--registry-overlay", overlay)
    assert refused.returncode == 2
    assert "not signed off" in refused.stderr
    overlay.write_text(overlay.read_text().replace('"undecided"', '"reject"'))
    assert camcensus("registry", "sign-off", overlay, "--by", "J. Doe").returncode == 0
    used = camcensus("identify", files / "e.jsonl", "--registry-overlay", overlay, "--json", files / "i.json")
    assert used.returncode == 0, used.stderr
    changed = camcensus("registry", "impact", "shipped", overlay, files / "i.json", "--json")
    assert json.loads(changed.stdout)["schema"] == "camcensus.registry-impact/1"
    assert "~ instrument US-DOD-1260H" in camcensus("registry", "diff", "shipped", overlay).stdout


def test_the_registry_and_files_are_checked_and_a_dossier_is_written(camcensus: Run, files: Path) -> None:
    checked = camcensus("registry", "check", files / "waivers.toml", files / "policy.toml")
    assert checked.returncode == 0, checked.stderr
    assert "Valid:" in checked.stdout
    assert camcensus("registry", "dossier", "Lorex").stdout.startswith("# Dossier: Lorex")
    page = camcensus("registry", "dossier", "Lorex", "--format", "html", "-o", files / "d.html")
    assert page.returncode == 0
    assert (files / "d.html").read_text().startswith("<!doctype html>")


def test_a_resumed_sweep_is_judged_by_the_files_it_began_with(tmp_path: Path) -> None:
    begun = {
        "targets": ["198.51.100.0/30"], "exclude": [], "interfaces": [], "policies": [], "as_of": "2026-11-28",
        "rate": 1000.0, "host_rate": 40.0,
    }  # fmt: skip
    basis = [msgspec.to_builtins(basis_file("policy", "policy.toml", COUNCIL))]
    (tmp_path / "state.jsonl").write_text(json.dumps({"started": "x", "options": begun, "basis": basis}) + "\n")
    plan = plan_sweep(Wishes(resume=tmp_path))
    assert [policy.id for policy in plan.context.policies] == ["tower-hamlets"]
    other = basis_file("policy", "b.toml", COUNCIL.replace("tower-hamlets", "other"))
    plan = plan_sweep(Wishes(resume=tmp_path, judging=Judging(files=(other,))))
    assert [policy.id for policy in plan.context.policies] == ["other"]
    assert plan.context.as_of.isoformat() == "2026-11-28"
