"""Secrets by reference in a destination: `env:NAME` or a file for all of it, `{env:NAME}` for a part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

import msgspec

from scanner.models import UsageError

_VARIABLE = "env:"
_PART = re.compile(r"\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,15}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Referred(msgspec.Struct, frozen=True):
    """A destination's text as it was `written`, and with what it refers to put in (`url`).

    `name` may be printed; `whole` says that all of `url` stood elsewhere.
    """

    written: str
    url: str
    name: str
    whole: bool = False

    @property
    def password_by_reference(self) -> bool:
        """Whether the password, if there is one, stands elsewhere than in the text."""
        account = _PART.sub("\0", self.written).partition("://")[2].rpartition("@")[0]
        return self.whole or "\0" in account.partition(":")[2]

    def __repr__(self) -> str:
        return f"Referred({self.name!r})"


def referred(written: str, environ: Mapping[str, str], found: str | None = None) -> Referred:
    """Look up what is referred to. A value is percent-encoded where it is a part, so that it stays one part.

    `found`: what `written` refers to as a whole, where the caller has looked it up (in a file).
    """
    text = written.strip()
    whole = found is not None or text.startswith(_VARIABLE)
    name = text if whole else shown(text)
    if found is not None:
        url = found.strip()
    elif whole:
        url = _value(text.removeprefix(_VARIABLE), environ)
    else:
        url = _PART.sub(lambda match: quote(_value(match[1], environ), safe=""), text)
        if "{env:" in url:
            raise UsageError("a destination refers to the environment as {env:NAME}, NAME being letters, digits and _")
    if not url.isprintable() or " " in url:
        raise UsageError(f"{name}: a destination has no spaces or control characters in it")
    return Referred(text, url, name, whole)


def refers(text: str) -> bool:
    """Whether a part of a destination, as it was written, is a reference and no secret itself."""
    return bool(_PART.search(text))


def shown(written: str) -> str:
    """What may be printed of a destination: scheme and host as they were written, and nothing that can be a secret."""
    scheme, separator, rest = written.partition("://")
    if not separator or not _SCHEME.fullmatch(scheme):
        return "the destination"
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    if scheme not in ("http", "https", "smtp", "smtps"):
        return f"{scheme}://…"
    name, _, port = host.rpartition(":")
    readable = port.isdecimal() or host.endswith(("}", "]"))
    return f"{scheme}://{host if readable or not name else name}"


def _value(name: str, environ: Mapping[str, str]) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError("a destination refers to the environment as env:NAME, NAME being letters, digits and _")
    found = environ.get(name, "").strip()
    if not found:
        raise UsageError(f"the environment variable {name}, which a destination refers to, is not set")
    return found
