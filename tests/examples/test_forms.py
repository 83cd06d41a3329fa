"""The examples' forms: published schemas, linters, and what a reviewer looks for."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.site_file import load_sites
from scanner.registry import load_registry
from tests.examples.systems import (
    ACTION,
    EXAMPLES,
    GITHUB,
    GITLAB,
    JENKINS,
    ROOT,
    SCRIPT,
    jenkins_scripts,
    read_yaml,
    step,
)

SCHEMAS = {GITHUB: "vendor.github-workflows", ACTION: "vendor.github-actions", GITLAB: "vendor.gitlab-ci"}
BIN = Path(sys.executable).parent


def wrong(document: Any, schema: str) -> list[str]:
    """What the published schema, as check-jsonschema carries it, says against a document."""
    from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]
    from jsonschema import Draft7Validator  # type: ignore[import-untyped]

    return [error.message for error in Draft7Validator(get_builtin_schema(schema)).iter_errors(document)]


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda path: path.name)
def test_it_holds_by_the_published_schema(file: Path) -> None:
    assert wrong(read_yaml(file), SCHEMAS[file]) == []


@pytest.mark.parametrize(("file", "key"), [(GITHUB, "jobs"), (ACTION, "runs"), (GITLAB, "camera-census")])
def test_the_schema_refuses_what_is_wrong(file: Path, key: str) -> None:
    document = read_yaml(file)
    document[key] = {"nonsense": True}
    assert wrong(document, SCHEMAS[file])


def scripts() -> Iterator[tuple[str, str, str]]:
    """(name, shell, text) of every shell text."""
    for name, steps in (("action", read_yaml(ACTION)["runs"]["steps"]), ("github", github_steps())):
        yield from ((f"{name}-{each['name']}", "bash", each["run"]) for each in steps if "run" in each)
    job = read_yaml(GITLAB)["camera-census"]
    yield "gitlab", "bash", "\n".join([*job["before_script"], *job["script"]])
    yield from ((f"jenkins-{number}", "sh", text) for number, text in enumerate(jenkins_scripts()))
    yield "cron", "sh", SCRIPT.read_text("utf-8")


def github_steps() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = read_yaml(GITHUB)["jobs"]["sweep"]["steps"]
    return steps


@pytest.mark.parametrize(("shell", "text"), [each[1:] for each in scripts()], ids=[each[0] for each in scripts()])
def test_shell_text_passes_shellcheck(shell: str, text: str) -> None:
    command = [str(BIN / "shellcheck"), "--shell", shell, "--enable", "check-unassigned-uppercase", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    # What the system or the step's `env` sets is not assigned in the text
    told = [part for part in done.stdout.split("\n\n") if "SC" in part and "SC2154" not in part]
    assert not told, done.stdout


def test_dockerfile_passes_hadolint() -> None:
    done = subprocess.run(
        [str(BIN / "hadolint"), str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_workflow_may_do_little_and_trusts_nobody() -> None:
    workflow = read_yaml(GITHUB)
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["sweep"]["permissions"] == {"contents": "read", "security-events": "write"}
    assert set(workflow["on"]) == {"schedule", "workflow_dispatch"}, "a pull request must not run on that machine"
    assert "self-hosted" in workflow["jobs"]["sweep"]["runs-on"]
    assert github_steps()[0]["with"]["persist-credentials"] is False


def test_actions_are_pinned_to_a_commit_with_its_version() -> None:
    used = re.findall(r"uses: (.*)", GITHUB.read_text("utf-8"))
    assert used
    for each in used:
        assert re.fullmatch(r"[a-z-]+/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_no_expression_stands_in_shell_text() -> None:
    for name, _shell, text in scripts():
        assert "${{" not in text, name


def test_what_is_kept_is_kept_whatever_the_sweep_said() -> None:
    assert step(github_steps(), "Keep the store")["if"].startswith("${{ !cancelled()")
    assert "always()" in step(github_steps(), "Keep the evidence")["if"]
    job = read_yaml(GITLAB)["camera-census"]
    assert job["artifacts"]["when"] == job["cache"]["when"] == "always"
    assert "allow_failure" not in job
    assert re.search(r"post\s*\{\s*always\s*\{", JENKINS.read_text("utf-8"))


def test_what_one_step_leaves_another_finds() -> None:
    sweep = step(github_steps(), "Sweep")["run"]
    alerts = step(github_steps(), "Show the alerts")
    assert f"sarif={alerts['with']['sarif_file']}" in sweep
    assert f"--out {step(github_steps(), 'Keep the evidence')['with']['path']} " in sweep
    fetch, keep = step(github_steps(), "Fetch the store")["with"], step(github_steps(), "Keep the store")["with"]
    assert (fetch["path"], fetch["key"]) == (keep["path"], keep["key"])
    assert fetch["key"].startswith(fetch["restore-keys"])
    job = read_yaml(GITLAB)["camera-census"]
    assert f"junit={job['artifacts']['reports']['junit']}" in "\n".join(job["script"])


def test_the_action_uploads_nothing_and_says_where_its_results_are() -> None:
    action = read_yaml(ACTION)
    assert all("uses" not in each for each in action["runs"]["steps"])
    assert set(action["outputs"]) == {"exit-code", "listed", "sarif", "inventory"}
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.sweep.outputs.{name} }}}}"
        assert f"{name}=" in step(action["runs"]["steps"], "Sweep")["run"]
    used = set(re.findall(r"inputs\.([a-z]+)", ACTION.read_text("utf-8")))
    assert used == set(action["inputs"])


def test_jenkins_braces_and_quotes_are_paired() -> None:
    text = re.sub(r"'''.*?'''|'[^'\n]*'|\"[^\"\n]*\"|//[^\n]*", "", JENKINS.read_text("utf-8"), flags=re.DOTALL)
    depth = 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert not set(text) & {"'", '"'}


def test_no_example_is_left_out_of_the_documentation() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    for file in [*(path for path in EXAMPLES.rglob("*") if path.is_file()), ACTION, ROOT / "Dockerfile"]:
        assert f"(../{file.relative_to(ROOT)})" in page, file


def test_the_site_file_holds_with_all_that_it_suggests(tmp_path: Path) -> None:
    text = (EXAMPLES / "camcensus.toml").read_text("utf-8")
    suggested = re.sub(r"^# (?=[a-z-]+ = )", "", text, flags=re.MULTILINE)
    assert suggested.count("\n# ") < text.count("\n# ")
    (tmp_path / "camcensus.toml").write_text(suggested)
    (site,) = load_sites(tmp_path / "camcensus.toml").sites
    assert site.keys.exclude
    assert set(site.keys.policy) <= set(load_registry().policies)
    (plain,) = load_sites(EXAMPLES / "camcensus.toml").sites
    assert (plain.keys.baseline, plain.keys.fail_on) == ("store", ("listed", "new", "coverage"))
