"""The web servers of the lab: keep-alive or not, challenges, malformed answers, hostile ones."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from scanner.lab import hostile, onvif
from scanner.lab.manners import unwelcome
from scanner.lab.spec import Headers, Http, Route
from scanner.lab.station import Connection

IDLE_SECONDS = 20.0
MAX_HEAD = 32 * 1024
MAX_BODY = 256 * 1024


class Request:
    """One request: `headers` by lower-case name (the last one wins), `path` without its query unless none matches."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
        first = lines[0].split(" ")
        self.line = lines[0][:300]
        self.method = first[0].upper()
        self.target = first[1] if len(first) > 1 else "/"
        self.version = first[2] if len(first) > 2 else "HTTP/0.9"
        self.path = self.target.partition("?")[0]
        self.headers: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers[name.strip().lower()] = value.strip()
        self.body = b""

    @property
    def length(self) -> int:
        """Content-Length, 0 where it is missing or no number."""
        text = self.headers.get("content-length", "0")
        return min(int(text), MAX_BODY) if text.isascii() and text.isdigit() else 0

    @property
    def wants_close(self) -> bool:
        """Whether the connection ends after this answer."""
        return self.version != "HTTP/1.1" or self.headers.get("connection", "").lower() == "close"


async def serve(connection: Connection, server: Http) -> None:
    """Answer requests until the peer, the limit of requests or the idle timeout ends it."""
    for number in range(1, server.requests + 1):
        request = await read_request(connection)
        if request is None:
            return
        connection.request("https" if connection.tls else "http", request.line)
        for kind, detail in unwelcome(request.method, request.target, request.body, _knows(server, request)):
            connection.violation(kind, detail)
        last = request.wants_close or number == server.requests
        if connection.station.spec.late:
            await asyncio.sleep(connection.station.spec.late)
        if not await _answer(connection, server, request, last=last):
            return


async def read_request(connection: Connection) -> Request | None:
    """The next request with its body, or None at the end, at the idle timeout, or where it is no HTTP."""
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            head = await connection.reader.readuntil(b"\r\n\r\n")
            request = Request(head)
            request.body = await connection.reader.readexactly(request.length)
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
        return None
    return request


async def _answer(connection: Connection, server: Http, request: Request, *, last: bool) -> bool:
    """Send one answer; False when the connection is to be closed."""
    station = connection.station
    authorised = station.gate.http(
        request.headers.get("authorization"), request.method, connection.port, connection.peer, "http"
    )
    if onvif.is_for(station.spec, request.method, request.path, connection.port):
        status, body = onvif.answer(connection, request.body, authorised)
        headers = (*server.headers, *_challenges(server, status), ("Content-Type", _SOAP_TYPE))
        if status == 307 and station.spec.onvif is not None:
            headers += (("Location", f"http://{station.spec.onvif.xaddr}{request.path}"),)
        await connection.send(_render(connection, server, Route("", status=status, headers=headers, body=body), last))
        return not last
    route = _route(server, request)
    if route.act is not None:
        await hostile.act(connection, route.act)
        return False
    if route.raw is not None:
        await connection.send(station.live(route.raw).encode("latin-1", "replace"))
        return False
    if route.auth and not authorised:
        route = Route(route.path, status=401, body=server.refused, headers=_challenges(server, 401))
    whole = Route(
        route.path, status=route.status, reason=route.reason, headers=(*server.headers, *route.headers), body=route.body
    )
    await connection.send(_render(connection, server, whole, last, head_only=request.method == "HEAD"))
    return not last


_SOAP_TYPE = "application/soap+xml; charset=utf-8"


def _render(connection: Connection, server: Http, route: Route, last: bool, *, head_only: bool = False) -> bytes:
    live = connection.station.live
    body = live(route.body).encode("utf-8")
    names = {name.lower() for name, _ in route.headers}
    lines = [f"{server.version} {route.status} {_reason(route)}"]
    lines += [f"{name}: {live(value)}" for name, value in route.headers]
    if "content-type" not in names:
        lines.append("Content-Type: text/html")
    if "content-length" not in names:
        lines.append(f"Content-Length: {len(body)}")
    if "connection" not in names:
        lines.append("Connection: close" if last else "Connection: keep-alive")
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("utf-8") + (b"" if head_only else body)


def _reason(route: Route) -> str:
    if route.reason is not None:
        return route.reason
    try:
        return HTTPStatus(route.status).phrase
    except ValueError:
        return "Unknown"


def _challenges(server: Http, status: int) -> Headers:
    return tuple(("WWW-Authenticate", value) for value in server.challenge) if status == 401 else ()


def _knows(server: Http, request: Request) -> bool:
    return _route(server, request) is not server.missing


def _route(server: Http, request: Request) -> Route:
    method = "GET" if request.method == "HEAD" else request.method
    for wanted in (request.target, request.path):
        for route in server.routes:
            if route.path == wanted and route.method == method:
                return route
    for route in server.routes:
        if route.method == method and route.path.endswith("*") and request.path.startswith(route.path[:-1]):
            return route
    return server.missing
