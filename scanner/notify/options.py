"""Options of a destination's URL, and the trust that it is met with."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl

from scanner.models import UsageError


def read_options(text: str, known: frozenset[str], name: str) -> dict[str, list[str]]:
    """`key=value&key=value`, each key known; UsageError names the key that is not, never a value."""
    found: dict[str, list[str]] = {}
    # A plus is a plus here (ops+cameras@example.org), not a form's space
    for key, value in parse_qsl(text.replace("+", "%2B"), keep_blank_values=True):
        if key not in known:
            close = get_close_matches(key, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; known: {', '.join(sorted(known))}"
            raise UsageError(f"{name}: unknown option {key!r}{hint}")
        found.setdefault(key, []).append(value)
    return found


def one(options: Mapping[str, list[str]], key: str, name: str) -> str:
    """The one value of an option, "" without it; UsageError for several."""
    values = options.get(key, [])
    if len(values) > 1:
        raise UsageError(f"{name}: {key} is given {len(values)} times")
    return values[0] if values else ""


def yes(options: Mapping[str, list[str]], key: str, name: str) -> bool:
    """Whether an option is `yes`."""
    value = one(options, key, name)
    if value not in ("", "yes", "no"):
        raise UsageError(f"{name}: {key} is yes or no")
    return value == "yes"


def place(parts: SplitResult, name: str) -> tuple[str, int | None]:
    """Host and port of an address; UsageError where there is no host, or the port is none."""
    try:
        port = parts.port
    except ValueError:
        raise UsageError(f"{name}: the port is a number up to 65535") from None
    if not parts.hostname:
        raise UsageError(f"{name}: the address names no host")
    return parts.hostname, port


def is_loopback(host: str) -> bool:
    """Whether what is sent to `host` stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def trust(ca: str, name: str) -> ssl.SSLContext:
    """Certificates are verified by the system's authorities, and by those in the file `ca` too, if one is named."""
    context = ssl.create_default_context()
    if ca:
        try:
            context.load_verify_locations(cafile=ca)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"{name}: ca={ca} is no file of certificates (PEM) that can be read") from error
    return context


def is_untrusted(error: BaseException | None) -> bool:
    """Whether an error comes of a certificate that could not be verified."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


UNTRUSTED = "its certificate is not trusted (name your own authority with ca=FILE)"
