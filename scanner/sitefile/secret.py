"""Secrets by reference, never as text: `env:NAME`, or `file:PATH`, or a path that begins with /, ./, ../ or ~/."""

from __future__ import annotations

import re

_PART = re.compile(r"\{env:[A-Za-z_][A-Za-z0-9_]*\}")
_PASSWORD = re.compile(r"(?:^|&)(?:password|pass|token|secret)=[^&]", re.IGNORECASE)
_VARIABLE = "env:"
_FILE = "file:"
_PATH_STARTS = ("/", "./", "../", "~/")
HOW = 'write "env:NAME" (an environment variable) or "file:PATH" (a file that only you can read)'


def is_variable(text: str) -> bool:
    """Whether it names an environment variable."""
    return text.startswith(_VARIABLE)


def variable_of(text: str) -> str | None:
    """The environment variable that it names, or None."""
    return text.removeprefix(_VARIABLE) if is_variable(text) else None


def path_of(text: str) -> str | None:
    """The file that it names, or None."""
    if text.startswith(_FILE):
        return text.removeprefix(_FILE)
    return text if text.startswith(_PATH_STARTS) else None


def is_reference(text: str) -> bool:
    """Whether it says where a secret is, and is none itself."""
    name = variable_of(text)
    if name is not None:
        return name.isascii() and name.isidentifier()
    return bool(path_of(text))


def holds_password(url: str) -> bool:
    """Whether a password stands in an address as text: before its @, or as a parameter. `{env:NAME}` is none."""
    bare = _PART.sub("", url).partition("://")[2]
    place, _, query = bare.partition("?")
    return bool(place.rpartition("@")[0].partition(":")[2]) or bool(_PASSWORD.search(query))


def is_public_address(url: str) -> bool:
    """Whether a destination of notices may stand there as text: of a mail, or with its secret part as `{env:NAME}`.

    The address of a web hook is itself the secret.
    """
    return not holds_password(url) and (url.startswith(("smtp://", "smtps://")) or _PART.search(url) is not None)
