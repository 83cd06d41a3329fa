"""Find the command lines of ours in shell text, and let the real command read them, without running it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer.main

from scanner.cli.app import app

_BLOCK = re.compile(r"^```(?:sh|console|shell)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ENDS = frozenset({"|", "||", "&", "&&", ";", ">", ">>", "<", "(", ")", "{", "}"})


def command_lines(text: str) -> Iterator[list[str]]:
    """The words after `camcensus` of each command in shell text; the end of a line that ends in \\ is no end."""
    for line in text.replace("\\\n", " ").splitlines():
        if "camcensus" not in line:
            continue
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        yield from _commands(list(lexer))


def _commands(words: Sequence[str]) -> Iterator[list[str]]:
    for number, word in enumerate(words):
        begins = number == 0 or words[number - 1] in _ENDS or words[number - 1] in ("exec", "sudo", "--")
        if word.rpartition("/")[2] == "camcensus" and begins:
            rest = list(words[number + 1 :])
            end = next((place for place, each in enumerate(rest) if each in _ENDS), len(rest))
            redirected = end < len(rest) and rest[end][0] in "<>" and rest[end - 1 : end] in (["1"], ["2"])
            yield rest[: end - 1] if redirected else rest[:end]


def documented(path: Path) -> list[list[str]]:
    """The commands in the shell blocks of a Markdown file."""
    return [words for block in _BLOCK.findall(path.read_text("utf-8")) for words in command_lines(block)]


class RefusedError(AssertionError):
    """The command does not know these words."""


def read(words: Sequence[str]) -> dict[str, Any]:
    """What the command makes of the words, by parameter; RefusedError where an option or a command does not exist."""
    name, arguments, context = "camcensus", list(words), None
    command: Any = typer.main.get_command(app)
    try:
        while hasattr(command, "resolve_command"):
            context = command.make_context(name, arguments, parent=context)
            name, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
        found: dict[str, Any] = command.make_context(name, arguments, parent=context).params
    except Exception as error:
        if hasattr(error, "format_message"):
            raise RefusedError(f"camcensus {' '.join(words)}: {error.format_message()}") from error
        raise
    return found
