"""Answers to a request with a login, without the login: a device may send back what it was sent."""

from __future__ import annotations

import base64
import html
from typing import Any
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from scanner.probe.contract import Login
from scanner.wire.octets import secret

REMOVED = "[removed]"
_SHORTEST = 4  # a shorter password can't be told from a word of the page; its encoded forms can


class Discreet:
    """Takes the password out of what came back, in every form in which it may come."""

    def __init__(self, login: Login) -> None:
        pair = f"{login.user}:{login.password}".encode()
        forms = {base64.b64encode(pair).decode(), base64.b64encode(login.password.encode()).decode()}
        plain = login.password
        if len(plain) >= _SHORTEST:
            forms |= {plain, escape(plain), html.escape(plain), quote(plain), quote_plus(plain), quote(plain, safe="")}
            forms.add(plain.encode("unicode_escape").decode())
        self._forms = sorted((form for form in forms if form), key=len, reverse=True)

    def also(self, *values: str) -> None:
        """Take these out too: what was computed from the password for one request."""
        self._forms = [*(value for value in values if len(value) >= _SHORTEST), *self._forms]

    def text(self, text: str) -> str:
        """`text` without them."""
        for form in self._forms:
            text = text.replace(form, REMOVED)
        return text

    def value(self, value: Any) -> Any:
        """A JSON value without them, at any depth."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        return value


def without_secret_lines(body: str) -> str:
    """`key=value` text without the lines whose last name is that of a secret: other devices' passwords and users."""
    return "\n".join(line for line in body.splitlines() if not _secret_line(line))


def _secret_line(line: str) -> bool:
    key, equals, _ = line.partition("=")
    return bool(equals) and secret(key.strip().rpartition(".")[2])


def computed(text: str) -> list[str]:
    """What the password was computed into, in an Authorization header or a UsernameToken."""
    parts = [text.partition(start)[2].partition(end)[0] for start, end in _COMPUTED]
    return [part for part in parts if 0 < len(part) <= _LONGEST]


_COMPUTED = (('response="', '"'), ('#PasswordDigest">', "<"))
_LONGEST = 128
