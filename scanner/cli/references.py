"""What a site file only refers to: secrets in the environment or in a file, paths from the home folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from scanner.models import UsageError
from scanner.sitefile.secret import path_of, variable_of

_LARGEST_SECRET = 64 << 10


def secret_at(reference: str) -> str:
    """The secret that `env:NAME` or a path stands for; UsageError, which never holds it, where there is none."""
    name = variable_of(reference)
    if name is not None:
        return _variable(name)
    path = path_at(path_of(reference) or reference)
    try:
        with path.open("rb") as file:
            open_to_others = os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077
            data = file.read(_LARGEST_SECRET + 1)
        text = data.decode("utf-8").strip()
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error
    if open_to_others:
        raise UsageError(f"{path} holds a secret and others may read it: chmod 600 {path}")
    if not text or len(data) > _LARGEST_SECRET:
        raise UsageError(f"{path} holds no secret: it is {'too large' if text else 'empty'}")
    return text


def path_at(text: str) -> Path:
    """The path that a text means: `~` is the home folder, `env:NAME` what the variable holds."""
    name = variable_of(text)
    try:
        return Path(text if name is None else _variable(name)).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{text}: there is no such home folder") from error


def _variable(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise UsageError(f"the environment variable {name} is not set")
    return found
