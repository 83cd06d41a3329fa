"""Run the command as its user does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Inside = Callable[..., "Said"]


class Said(NamedTuple):
    """What a command in this process said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`inside(*arguments)`: the same in this process, for what is decided before a process of its own matters."""

    def run(*arguments: str | Path) -> Said:
        from scanner.cli.app import main

        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Said(int(ended.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def camcensus(tmp_path: Path) -> Run:
    """`camcensus(*arguments, stdin=…)`: the finished process, with its output as text."""

    def run(*arguments: str | Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scanner", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={
                **os.environ,
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "XDG_CONFIG_HOME": str(tmp_path / "config"),
                "NO_COLOR": "1",
                **environment,
            },
        )

    return run
