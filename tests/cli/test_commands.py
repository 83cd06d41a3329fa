"""The table of commands: complete, true to each command's own help, and cheap to look at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from typer.main import get_command

import scanner.cli
from scanner.cli.app import app
from scanner.cli.commands import COMMANDS, Commands


def test_each_line_of_help_is_the_beginning_of_the_commands_own() -> None:
    group = get_command(app)
    assert isinstance(group, Commands)
    own = {name: command.get_short_help_str(1000) for name, command in group.commands.items()}
    assert {name: place.help for name, place in COMMANDS.items()} == own


def test_commands_are_in_the_table_alone() -> None:
    """What is registered at the application itself would be imported at every start, and is not looked at."""
    assert not app.registered_commands
    assert not app.registered_groups
    modules = {path.stem for path in Path(scanner.cli.__file__).parent.glob("*_command.py")}
    assert modules - {"accuracy_command"} == {place.module for place in COMMANDS.values()}


def test_a_mistyped_command_is_suggested_without_loading_any() -> None:
    code = (
        "import sys\nfrom scanner.cli import main\n"
        "try: main(['identfy'])\nexcept SystemExit as end: print(end.code, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Did you mean 'identify'" in done.stderr
    assert done.stdout.startswith("2 ")
    assert not {name for name in done.stdout.split() if name.endswith("_command")}
