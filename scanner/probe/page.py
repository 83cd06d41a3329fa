"""Where a page leads to by itself: Location, meta refresh, a script that sets the location. Plain search only."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import msgspec

from scanner.wire.html import tags
from scanner.wire.http import decode_body, header
from scanner.wire.message import HttpResponse

MAX_URL = 512
_MAX_PAGE = 64 * 1024  # a page that leads on says so early
_MAX_TRIES = 8
_SCRIPT_SIGNS = (
    "location.href",
    "location.replace(",
    "location.assign(",
    "window.location",
    "document.location",
    "self.location",
    "top.location",
)


class Lead(msgspec.Struct, frozen=True):
    """Where a page leads: `host` and `port` as named there, `path` with its query."""

    tls: bool
    host: str
    port: int
    path: str


def lead(answer: HttpResponse, *, tls: bool, host: str, port: int, path: str) -> Lead | None:
    """The first other place that `answer`, got from `path`, leads to; None when it leads nowhere."""
    base = f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}{path}"
    for url in _urls(answer):
        found = _resolved(base, url)
        if found is not None and found != Lead(tls, host, port, path):
            return found
    return None


def _resolved(base: str, url: str) -> Lead | None:
    if len(url) > MAX_URL or not url.isprintable() or " " in url or not url.isascii():
        return None
    try:
        parts = urlsplit(urljoin(base, url))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Lead(tls, parts.hostname, port or (443 if tls else 80), path)


def _urls(answer: HttpResponse) -> Iterator[str]:
    location = header(answer.headers, "location")
    if location and answer.status is not None and 300 <= answer.status < 400:
        yield location.strip()
    page = decode_body(answer.body[:_MAX_PAGE], answer.headers)[:_MAX_PAGE]
    for attributes in tags(page, "meta", limit=16):
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            _, _, target = attributes.get("content", "").partition("=")
            if target.strip():
                yield target.strip().strip("'\"")
    yield from _script_urls(page)


def _script_urls(page: str) -> Iterator[str]:
    """Texts in quotes that a script makes the location, where the quote follows at once."""
    for sign in _SCRIPT_SIGNS:
        position = 0
        for _ in range(_MAX_TRIES):
            position = page.find(sign, position)
            if position < 0:
                break
            position += len(sign)
            rest = page[position : position + MAX_URL + 32].removeprefix(".href").lstrip(" \t\r\n=(")
            quote = rest[:1]
            if quote not in ("'", '"'):
                continue
            url, closed, after = rest[1:].partition(quote)
            # A text that goes on after the quote ("/x?" + now) is only half an address.
            if closed and url and not after.lstrip().startswith("+"):
                yield url
