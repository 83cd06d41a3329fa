"""The command line: options -> call -> renderer -> exit code. Nothing heavy is imported before a command runs."""

from scanner.cli.began import BEGAN  # isort: skip - before all that takes time
from scanner.cli.app import main

__all__ = ["BEGAN", "main"]
