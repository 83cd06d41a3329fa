"""The examples run without the systems they are for: their own shell text, on a machine that looks as they expect.

Each system is a folder that stands for its machine, the text that the example itself has (never a copy of it), and
what the system would do between two nights: clean the workspace, bring the cache back.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GITHUB, GITLAB, JENKINS = EXAMPLES / "github-actions.yml", EXAMPLES / "gitlab-ci.yml", EXAMPLES / "Jenkinsfile"
SERVICE, TIMER = EXAMPLES / "systemd" / "camcensus.service", EXAMPLES / "systemd" / "camcensus.timer"
SCRIPT, CRONTAB = EXAMPLES / "cron" / "camcensus-nightly", EXAMPLES / "cron" / "camcensus.crontab"
ACTION = ROOT / "action.yml"
SECONDS = 120.0


def read_yaml(path: Path) -> Any:
    """A YAML 1.2 file, with plain values."""
    return YAML(typ="safe", pure=True).load(path)


@dataclass(frozen=True)
class Ended:
    """One night: the exit code, all that somebody would read of it, and where the evidence is."""

    code: int
    said: str
    run: Path


class System(ABC):
    """A machine in `folder`. `before` is put before the command that runs the example, such as `ip netns exec …`."""

    def __init__(self, folder: Path, camcensus: Path, before: Sequence[str] = ()) -> None:
        self.folder = folder
        self.camcensus = camcensus
        self._before = before
        self._nights = 0
        folder.mkdir(parents=True)

    @property
    @abstractmethod
    def site_file(self) -> Path:
        """Where the system has the site file."""

    def workspace_of(self, path: str) -> Path:
        """A path as the example names it."""
        return self.site_file.parent / path

    @abstractmethod
    def night(self) -> Ended:
        """Run the example once."""

    def _run(self, command: Sequence[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """As the system would: a clean environment, the command on the path."""
        self._nights += 1
        env = {
            "PATH": f"{self.camcensus.parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "NO_COLOR": "1",
            **environment,
        }
        return subprocess.run(
            [*self._before, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=SECONDS
        )


class _Workspace(System):
    """A checkout that is cleaned for each job, but for what the system's cache brings back."""

    @property
    def workspace(self) -> Path:
        """The checkout."""
        return self.folder / "workspace"

    @property
    def site_file(self) -> Path:
        """At the top of the repository."""
        self.workspace.mkdir(exist_ok=True)
        return self.workspace / "camcensus.toml"

    def _clean(self, *cached: str) -> None:
        for entry in self.workspace.iterdir():
            if entry.is_dir() and entry.name not in cached:
                shutil.move(entry, self.folder / f"{entry.name}-of-night-{self._nights}")
            elif entry.is_file() and entry.name not in ("camcensus.toml", "lists.toml"):
                entry.unlink()


class GitHub(_Workspace):
    """The step `Sweep` of the workflow. The cache is kept as its condition says: where there is an exit code."""

    def night(self) -> Ended:
        """One job."""
        return self._job(step(read_yaml(GITHUB)["jobs"]["sweep"]["steps"], "Sweep")["run"], {})

    def _job(self, script: str, environment: dict[str, str]) -> Ended:
        cache, store = self.folder / "cache", self.workspace / "camcensus-store"
        self._clean()
        if cache.exists():
            shutil.copytree(cache, store)
        output, summary = self.folder / "output", self.folder / "summary.md"
        for file in (output, summary):
            file.write_text("")
        done = self._run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script], self.workspace,
            GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), RUNNER_TEMP=str(self.folder), **environment,
        )  # fmt: skip
        self.outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        if self.outputs.get("exit-code") and store.exists():
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(store, cache)
        said = done.stdout + done.stderr + summary.read_text()
        return Ended(done.returncode, said, self.workspace / "camcensus-run")


class Action(GitHub):
    """The step `Sweep` of our own action, with the inputs' defaults and what `inputs` says otherwise."""

    inputs: dict[str, str] = {}  # noqa: RUF012 - replaced, never changed

    def night(self) -> Ended:
        """One use of the action."""
        action = read_yaml(ACTION)
        given = {name: str(value["default"]) for name, value in action["inputs"].items()} | self.inputs
        sweep = step(action["runs"]["steps"], "Sweep")
        known = {f"inputs.{name}": value for name, value in given.items()}
        environment = {name: expressions(text, known) for name, text in sweep["env"].items()}
        environment["CAMCENSUS"] = str(self.camcensus)
        return self._job(sweep["run"], environment)


class GitLab(_Workspace):
    """The job's `script`, line by line in one shell."""

    def night(self) -> Ended:
        """One job."""
        job = read_yaml(GITLAB)["camera-census"]
        self._clean(*job["cache"]["paths"])
        done = self._run(
            ["bash", "-e", "-o", "pipefail", "-c", "\n".join(job["script"])], self.workspace,
            CI_PROJECT_DIR=str(self.workspace),
        )  # fmt: skip
        summary = self.workspace / "camcensus.md"
        said = done.stdout + done.stderr + (summary.read_text() if summary.exists() else "")
        return Ended(done.returncode, said, self.workspace / "camcensus-run")


class Jenkins(_Workspace):
    """The step `sh` of the stage `Sweep`. Jenkins leaves the workspace as it is."""

    def night(self) -> Ended:
        """One build."""
        number = str(self._nights + 1)
        done = self._run(
            ["sh", "-xe", "-c", jenkins_scripts()[-1]], self.workspace,
            WORKSPACE=str(self.workspace), BUILD_NUMBER=number,
        )  # fmt: skip
        summary = self.workspace / "camcensus.md"
        said = done.stdout + done.stderr + (summary.read_text() if summary.exists() else "")
        return Ended(done.returncode, said, self.workspace / f"camcensus-run-{number}")


class Cron(System):
    """The script, as the line of the crontab runs it but for the user. What it prints is what is mailed."""

    @property
    def site_file(self) -> Path:
        """Where the script is told that it is."""
        return self.folder / "camcensus.toml"

    def night(self) -> Ended:
        """One run by cron."""
        before = set(self._runs())
        done = self._run(
            [str(SCRIPT)], self.folder, CAMCENSUS_SITE=str(self.site_file), CAMCENSUS_HOME=str(self.folder / "home"),
            CAMCENSUS=str(self.camcensus),
        )  # fmt: skip
        night = next(iter(set(self._runs()) - before), self.folder)
        run = next(night.iterdir(), night)
        return Ended(done.returncode, done.stdout + done.stderr, run)

    def _runs(self) -> Iterator[Path]:
        return (each for each in (self.folder / "home" / "runs").glob("*") if each.is_dir())


class Systemd(System):
    """`ExecStartPre` and `ExecStart` with the unit's environment and capabilities, specifiers filled in."""

    drop: tuple[str, ...] = (
        "setpriv", "--bounding-set=-all,+net_raw", "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw",
        "--no-new-privs", "--",
    )  # fmt: skip
    """Takes away what the unit does not give, but for the user: that one must read this checkout."""

    @property
    def site_file(self) -> Path:
        """In the folder that stands for /etc/camcensus."""
        return self.folder / "camcensus.toml"

    def night(self) -> Ended:
        """One start of the unit."""
        unit = read_unit(SERVICE)
        state = self.folder / "state" / unit["StateDirectory"][-1]
        state.mkdir(parents=True, exist_ok=True)
        environment = dict(self._filled(line).split("=", 1) for line in unit.get("Environment", []))
        for line in unit.get("ExecStartPre", []):
            subprocess.run(shlex.split(self._filled(line)), check=True)
        before = set(self._runs())
        drop = self.drop if os.geteuid() == 0 else ()
        done = self._run([*drop, *shlex.split(self._filled(unit["ExecStart"][-1]))], state, **environment)
        summary = state / "summary.md"
        said = done.stdout + done.stderr + (summary.read_text() if summary.exists() else "")
        return Ended(done.returncode, said, next(iter(set(self._runs()) - before), state))

    def _runs(self) -> Iterator[Path]:
        return (self.folder / "state" / "camcensus" / "runs").glob("*")

    def _filled(self, text: str) -> str:
        return (
            text.replace("%S", str(self.folder / "state"))
            .replace("/etc/camcensus/camcensus.toml", str(self.site_file))
            .replace("/opt/camcensus/bin/camcensus", str(self.camcensus))
        )


SYSTEMS: tuple[type[System], ...] = (GitHub, GitLab, Jenkins, Cron, Systemd)


def step(steps: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """The step of this name."""
    return next(each for each in steps if each.get("name") == name)


def expressions(text: str, known: dict[str, str]) -> str:
    """A text with its `${{ … }}` filled in from `known`; what is not known is left empty, as GitHub does."""
    return re.sub(r"\$\{\{ *([^}]*?) *\}\}", lambda match: known.get(match[1], ""), str(text))


def jenkins_scripts() -> list[str]:
    """What the `sh` steps of the Jenkinsfile run, as Groovy reads a text in '''…'''."""
    found = re.findall(r"'''(.*?)'''", JENKINS.read_text("utf-8"), flags=re.DOTALL)
    return [text.replace("\\\n", "") for text in found]


def read_unit(path: Path) -> dict[str, list[str]]:
    """The keys of a systemd unit, whatever their section, each with all its values in order."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";", "[")):
            found.setdefault(key, []).append(value)
    return found
