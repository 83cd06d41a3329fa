"""What the evidence so far says about where to ask."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import msgspec

from scanner.net.api import Network
from scanner.net.elsewhere import MAX_URL, note_elsewhere
from scanner.probe.contract import Suspect
from scanner.probe.ports import PRINTING, Use


class Place(msgspec.Struct, frozen=True):
    """A port and path of the device itself."""

    port: int
    tls: bool
    path: str = "/"


def may_be_camera(suspect: Suspect) -> bool:
    """Whether it is one, or nobody can tell yet."""
    return suspect.is_camera is not False


def web_ports(suspect: Suspect) -> list[Place]:
    """The open ports that spoke HTTP, plain before TLS, the usual ones first."""
    found = [
        Place(port, service == Use.HTTPS)
        for port, service in suspect.open_ports.items()
        if service in (Use.HTTP, Use.HTTPS)
    ]
    return sorted(found, key=lambda place: (place.tls, place.port not in (80, 443), place.port))


def is_walled(suspect: Suspect) -> bool:
    """Whether its web server asked for a login at the very start page: it then asks for one everywhere."""
    return any(
        one.protocol == "http" and one.get("path") == "/" and one.get("status") == 401 for one in suspect.evidence
    )


def own_place(net: Network, host: str, url: str) -> Place | None:
    """The port and path of an absolute http(s) URL that names `host`; None otherwise (another host is noted)."""
    place = place_of(url)
    if place is None or note_elsewhere(net, host, url):
        return None
    return place


def place_of(url: str, base: str = "") -> Place | None:
    """The port and path of `url` (resolved against `base`), whatever host it names."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(urljoin(base, url))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or port in PRINTING:
        return None
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(port or (443 if tls else 80), tls, path)


def headers_named(suspect: Suspect, protocol: str, name: str) -> Iterator[str]:
    """The values of header `name` in the evidence of one protocol."""
    for one in suspect.evidence:
        if one.protocol != protocol:
            continue
        for pair in one.get("headers", ()):
            if len(pair) == 2 and str(pair[0]).lower() == name:
                yield str(pair[1])


def front_pages(suspect: Suspect) -> Iterator[tuple[Place, str]]:
    """Each page with a text body that first contact got, with where it came from."""
    for one in suspect.evidence:
        body = one.get("body")
        if one.protocol == "http" and one.get("status") == 200 and isinstance(body, str) and body:
            yield Place(one.get("port", 80), bool(one.get("tls")), str(one.get("path", "/"))), body
