"""The RTSP servers of the lab (RFC 2326): OPTIONS is open, DESCRIBE asks for a login, the rest is a violation."""

from __future__ import annotations

from scanner.lab.http import Request, read_request
from scanner.lab.spec import Rtsp
from scanner.lab.station import Connection

_REASONS = {200: "OK", 401: "Unauthorized", 404: "Stream Not Found", 405: "Method Not Allowed", 501: "Not Implemented"}
_READING = frozenset({"OPTIONS", "DESCRIBE"})


async def serve(connection: Connection, server: Rtsp) -> None:
    """Answer until the peer leaves."""
    while (request := await read_request(connection)) is not None:
        connection.request("rtsp", request.line)
        if not request.version.startswith("RTSP/"):
            await connection.send(b"RTSP/1.0 400 Bad Request\r\n\r\n")
            return
        if request.method not in _READING:
            connection.violation("stream", request.line)
        await connection.send(_answer(connection, server, request))


def _answer(connection: Connection, server: Rtsp, request: Request) -> bytes:
    if request.method == "OPTIONS":
        refused = server.options_status == 401
        headers = _challenges(server) if refused else [("Public", server.public)]
        return _render(connection, server, request, server.options_status, headers)
    authorised = connection.station.gate.http(
        request.headers.get("authorization"), request.method, connection.port, connection.peer, "rtsp"
    )
    if request.method != "DESCRIBE":
        return _render(connection, server, request, 401 if not authorised else 501, _challenges(server))
    if not (server.open or authorised):
        return _render(connection, server, request, 401, _challenges(server))
    headers = [("Content-Base", request.target), ("Content-Type", "application/sdp")]
    return _render(connection, server, request, 200, headers, server.sdp)


def _challenges(server: Rtsp) -> list[tuple[str, str]]:
    return [("WWW-Authenticate", value) for value in server.challenge]


def _render(
    connection: Connection,
    server: Rtsp,
    request: Request,
    status: int,
    headers: list[tuple[str, str]],
    body: str = "",
) -> bytes:
    live = connection.station.live
    content = live(body).replace("\r\n", "\n").replace("\n", "\r\n").encode()
    lines = [f"RTSP/1.0 {status} {_REASONS.get(status, 'Unknown')}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name}: {live(value)}" for name, value in (*server.headers, *headers)]
    if content:
        lines.append(f"Content-Length: {len(content)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content
