"""A command that only notes what it is asked for, in the place of ours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Notes its arguments, writes a summary as ours does, and ends as it is told
RECORDER = """#!/bin/sh
printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
while [ $# -gt 0 ]; do
  case $1 in
    --summary) echo "SUMMARY OF THE NIGHT" >> "$2" ;;
    --out) mkdir -p "$2"
           echo '{{"devices": [{{"status": "listed"}}, {{"status": "review"}}]}}' > "$2/inventory.json" ;;
    --output) echo "{{}}" > "${{2#*=}}" ;;
  esac
  shift
done
echo "a table"
echo "gate new: 198.51.100.14 is not in the baseline" >&2
exit {code}
"""


@pytest.fixture
def ending(tmp_path: Path) -> Callable[[int], Path]:
    """`ending(code)`: the path of a `camcensus` that ends with that exit code."""

    def make(code: int) -> Path:
        command = tmp_path / "bin" / "camcensus"
        command.parent.mkdir(exist_ok=True)
        command.write_text(RECORDER.format(code=code))
        command.chmod(0o755)
        python = command.with_name("python")
        if not python.exists():
            python.symlink_to(sys.executable)
        return command

    return make


def asked(command: Path) -> list[str]:
    """The arguments that the recorder was called with last."""
    return (command.parent / "arguments").read_text().splitlines()
