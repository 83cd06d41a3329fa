"""What is installed on a machine: the systemd unit and timer, the line of cron, the image."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.examples.systems import CRONTAB, ROOT, SERVICE, TIMER, Systemd, read_unit

NET_RAW = 1 << 13  # capabilities(7)
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv"
)


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_finds_nothing_wrong_and_little_exposed(tmp_path: Path) -> None:
    service = tmp_path / SERVICE.name
    service.write_text(SERVICE.read_text("utf-8").replace("/opt/camcensus/bin/camcensus ", "/bin/true "))
    shutil.copy(TIMER, tmp_path)
    checked = analyze("verify", "--man=no", str(service), str(tmp_path / TIMER.name))
    assert (checked.returncode, checked.stderr) == (0, "")
    # Tenths of systemd's exposure level, of 100: what is left is that it speaks to the network
    exposed = analyze("security", "--offline=true", "--threshold=20", "--no-pager", str(service))
    assert exposed.returncode == 0, exposed.stdout


@needs_systemd
def test_the_timer_runs_every_night() -> None:
    timer = read_unit(TIMER)
    assert analyze("calendar", timer["OnCalendar"][-1]).returncode == 0
    assert (timer["Persistent"], timer["WantedBy"]) == (["yes"], ["timers.target"])
    assert timer["RandomizedDelaySec"]


def test_the_unit_has_no_root_and_one_capability() -> None:
    unit = read_unit(SERVICE)
    assert unit["DynamicUser"] == ["yes"]
    assert "User" not in unit
    assert unit["AmbientCapabilities"] == unit["CapabilityBoundingSet"] == ["CAP_NET_RAW"]
    assert unit["NoNewPrivileges"] == ["yes"]
    assert unit["ProtectSystem"] == ["strict"]
    assert {"AF_PACKET", "AF_NETLINK", "AF_INET", "AF_INET6"} <= set(unit["RestrictAddressFamilies"][-1].split())
    assert "SuccessExitStatus" not in unit, "a finding, or a sweep that is not complete, is no success"
    # Would take the capability away from the host's network
    assert "PrivateUsers" not in unit
    assert "PrivateNetwork" not in unit


@needs_root
def test_the_line_of_cron_gives_up_all_but_one_capability() -> None:
    (line,) = [each for each in CRONTAB.read_text("utf-8").splitlines() if each.startswith("17 ")]
    words = shlex.split(line)
    assert words[5:7] == ["root", "setpriv"]
    end = words.index("--")
    as_nobody = [word.replace("=camcensus", "=nobody" if "uid" in word else "=nogroup") for word in words[6:end]]
    done = subprocess.run([*as_nobody, "--", "cat", "/proc/self/status"], capture_output=True, text=True, check=True)
    held = {name: int(value, 16) for name, value in re.findall(r"Cap(\w+):\s+([0-9a-f]+)", done.stdout)}
    assert held == dict.fromkeys(("Inh", "Prm", "Eff", "Bnd", "Amb"), NET_RAW)
    assert re.search(r"NoNewPrivs:\s+1", done.stdout)
    assert not re.search(r"^Uid:.*\b0\b", done.stdout, re.MULTILINE)


def test_the_script_of_cron_is_where_the_line_looks_and_may_be_run() -> None:
    assert CRONTAB.read_text("utf-8").rstrip().endswith("/opt/camcensus/bin/camcensus-nightly")
    assert os.access(CRONTAB.parent / "camcensus-nightly", os.X_OK)


def stages() -> list[list[str]]:
    """The instructions of each stage of the Dockerfile, continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    found: list[list[str]] = [[]]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.startswith("FROM "):
            found.append([])
        if line.strip():
            found[-1].append(line)
    return found[1:]


def test_the_image_runs_as_nobody_with_what_was_built_and_no_more() -> None:
    build, final = stages()
    users = [line.split()[1] for line in final if line.startswith("USER ")]
    assert users
    assert not {"0", "root"} & set(users[-1].split(":"))
    assert [line for line in final if line.startswith("COPY ")] == ["COPY --from=build /opt/camcensus /opt/camcensus"]
    assert 'ENTRYPOINT ["camcensus"]' in final
    assert not [line for line in (*build, *final) if "setcap" in line or line.startswith("ADD ")]


def test_what_the_image_is_built_from_is_there_and_not_ignored() -> None:
    build, _final = stages()
    copied = [word for line in build if line.startswith("COPY ") for word in line.split()[1:-1]]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name
    assert "*" in ignored


def test_the_image_takes_the_versions_of_the_lock(tmp_path: Path) -> None:
    (command,) = [line for line in stages()[0] if line.startswith("RUN sed")]
    sed = command.removeprefix("RUN ").partition(">")[0].replace("requirements.lock", str(ROOT / "requirements.lock"))
    versions = subprocess.run(["sh", "-c", sed], capture_output=True, text=True, check=True).stdout.splitlines()
    locked = dict(line.lower().split("==") for line in versions)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for text in (*project["dependencies"], *project["optional-dependencies"]["postgresql"]):
        needed = Requirement(text)
        assert needed.specifier.contains(locked[needed.name.lower()]), f"{text}: the lock has another; make lock"


@needs_root
def test_the_unit_s_capabilities_can_be_had_here() -> None:
    """What the five nights run ExecStart with is what the unit says."""
    done = subprocess.run([*Systemd.drop, "cat", "/proc/self/status"], capture_output=True, text=True, check=True)
    assert int(re.findall(r"CapBnd:\s+([0-9a-f]+)", done.stdout)[0], 16) == NET_RAW
