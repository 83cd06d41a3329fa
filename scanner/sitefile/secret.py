"""Secrets by reference, never as text: `env:NAME`, or `file:PATH`, or a path that begins with /, ./, ../ or ~/."""

from __future__ import annotations

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
