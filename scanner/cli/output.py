"""Where words go: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scanner.models import UsageError

_DEFAULT_WIDTH = 120


def result(content: str | bytes) -> None:
    """A result, to standard output, as it is."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a captured text stream
        sys.stdout.write(data.decode("utf-8"))
        return
    try:
        buffer.write(data)
        buffer.flush()
    except OSError as error:
        # Python must not complain at exit of what it could not get rid of.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader that left (as `| head` does) wants no more
            raise UsageError(f"can't write to standard output: {error.strerror}") from error


def open_closed_streams() -> None:
    """Give a process that was started without its standard streams empty ones.

    Else the first files that it opens, the evidence log among them, would take their places.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


def say(text: str) -> None:
    """A line for people, to standard error. A closed or odd stream must not end a sweep."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    except UnicodeEncodeError:
        sys.stderr.write(text.encode("ascii", "replace").decode("ascii") + "\n")


def colored(stream: object = None) -> bool:
    """Whether a stream (standard output by default) is a terminal that wants colour (https://no-color.org)."""
    out = stream or sys.stdout
    if os.environ.get("NO_COLOR"):
        return False
    return bool(getattr(out, "isatty", lambda: False)()) and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal; 120 where there is none."""
    if not sys.stdout.isatty():
        return _DEFAULT_WIDTH
    return max(40, shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns)
