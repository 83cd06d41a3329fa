"""The two things an HTML page is read for, by plain string search: its title and its icons."""

from __future__ import annotations

import html
import string

from scanner.text import clean

MAX_HTML = 1 << 20
MAX_TITLE = 1024
_MAX_TRIES = 16
_MAX_TAG = 4096
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def title(page: str) -> str | None:
    """The first non-empty `<title>` as one clean line, entities decoded; None without one."""
    page = page[:MAX_HTML]
    lower = page.translate(_LOWER)
    position = 0
    for _ in range(_MAX_TRIES):
        position = lower.find("<title", position)
        if position < 0:
            return None
        position += len("<title")
        if lower[position : position + 1] not in (">", " ", "\t", "\r", "\n", "/"):
            continue
        start = lower.find(">", position, position + _MAX_TAG) + 1
        if not start:
            return None
        end = lower.find("</title", start, start + MAX_TITLE)
        if end < 0:
            end = lower.find("<", start, start + MAX_TITLE)
        text = page[start : end if end >= 0 else start + MAX_TITLE]
        # Cut first: unescape() refuses numbers of thousands of digits.
        if found := clean(html.unescape(text)):
            return found
    return None


def tags(page: str, name: str, limit: int = 64) -> list[dict[str, str]]:
    """The attributes (names in lower case, entities decoded) of the first `limit` tags called `name`."""
    page = page[:MAX_HTML]
    lower = page.translate(_LOWER)
    found: list[dict[str, str]] = []
    position = 0
    while len(found) < limit and (position := lower.find(f"<{name}", position)) >= 0:
        position += len(name) + 1
        end = lower.find(">", position, position + _MAX_TAG)
        if end < 0:
            end = min(position + _MAX_TAG, len(page))
        if lower[position : position + 1] in (" ", "\t", "\r", "\n", "/"):
            found.append(_attributes(page[position:end]))
            position = end
    return found


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(inside):
        while position < len(inside) and inside[position] in " \t\r\n/":
            position += 1
        start = position
        while position < len(inside) and inside[position] not in " \t\r\n=/":
            position += 1
        name = inside[start:position].translate(_LOWER)
        value, position = _attribute_value(inside, position)
        if name:
            found.setdefault(name, html.unescape(value[:MAX_TITLE]))
    return found


def _attribute_value(inside: str, position: int) -> tuple[str, int]:
    while position < len(inside) and inside[position] in " \t\r\n":
        position += 1
    if inside[position : position + 1] != "=":
        return "", position
    position += 1
    while position < len(inside) and inside[position] in " \t\r\n":
        position += 1
    quote = inside[position : position + 1]
    if quote in ('"', "'") and quote:
        end = inside.find(quote, position + 1)
        end = len(inside) if end < 0 else end
        return inside[position + 1 : end], end + 1
    start = position
    while position < len(inside) and inside[position] not in " \t\r\n":
        position += 1
    return inside[start:position], position
