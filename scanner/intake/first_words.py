"""What the first bytes of a server say: HTTP and RTSP answers, TLS certificates, greetings."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from scanner.intake.streams import Request, Stream
from scanner.text import decode
from scanner.wire import certificate, favicon, http
from scanner.wire.message import HttpResponse, header, read_head

Said = tuple[str, dict[str, Any]]

BODY_LIMIT = 64 * 1024
MAX_MESSAGES = 16
MAX_GREETING = 2048
GREETERS = frozenset({21, 22, 23, 25, 110, 143, 554, 2121, 2222, 2323, 5060})
"""Ports whose servers speak first, or whose greeting a fingerprint reads."""

_GREETINGS = (b"SSH-", b"220", b"RTSP/")
_HANDSHAKE, _SERVER_HELLO, _CERTIFICATE = 22, 2, 11
_VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2"}
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
_SECRET_HEADERS = frozenset({"set-cookie", "authentication-info", "x-auth-token"})


def of_stream(stream: Stream) -> Iterator[Said]:
    """The evidence in what a stream kept of its server."""
    data = stream.data()
    if data[:5] in (b"HTTP/", b"RTSP/"):
        yield from of_answers(data, stream.source_port, stream.requests)
    elif data[:1] == b"\x16" and data[1:2] == b"\x03":
        yield from of_handshake(data, stream.source_port)
    else:
        yield from of_greeting(stream.greeting(), stream.source_port)


def of_answers(data: bytes, port: int, requests: Sequence[Request] = ()) -> Iterator[Said]:
    """HTTP or RTSP answers that follow each other, each with the request in the same place."""
    at = 0
    for number in range(MAX_MESSAGES):
        if data[at : at + 5] not in (b"HTTP/", b"RTSP/"):
            return
        end = _end_of_message(data, at)
        request = requests[number] if number < len(requests) else None
        yield from _answer(data[at:end], port, request)
        at = end
        while data[at : at + 1] in (b"\r", b"\n"):
            at += 1


def _end_of_message(data: bytes, start: int) -> int:
    """Where the next answer may begin."""
    head = read_head(data[start:])
    body = start + head.end
    length = header(head.headers, "content-length")
    if length is not None and length.isascii() and length.isdigit() and len(length) < 10:
        return body + int(length)
    following = data.find(data[start : start + 7], body)
    return following if following >= 0 else len(data)


def _answer(raw: bytes, port: int, request: Request | None) -> Iterator[Said]:
    method = request.method if request else None
    answer = http.parse_response(raw, method=method or "GET")
    if answer.status is not None and 100 <= answer.status < 200:
        return
    path = request.path if request else None
    private = request is not None and request.logged_in
    if raw[:5] == b"RTSP/":
        yield "rtsp", {"port": port, **_filled(method=method), **_content(answer, private)}
        return
    yield from _by_content(answer, port, path, private)
    yield "http", {"port": port, "tls": False, **_filled(method=method, path=path), **_content(answer, private)}


def _by_content(answer: HttpResponse, port: int, path: str | None, private: bool) -> Iterator[Said]:
    """What a body is besides: a UPnP description, an icon."""
    whole = "short-body" not in answer.faults and "unterminated-chunks" not in answer.faults
    if answer.status != 200 or private or not answer.body:
        return
    if b"schemas-upnp-org:device" in answer.body[:4096]:
        yield "upnp", {"port": port, **_filled(path=path), "xml": http.decode_body(answer.body, answer.headers)}
    elif whole and path is not None and "favicon" in path.lower() and _is_binary(answer.body):
        md5, mmh3 = favicon.hashes(answer.body)
        yield "favicon", {"port": port, "path": path, "md5": md5, "mmh3": mmh3}


def _filled(**fields: str | None) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _content(answer: HttpResponse, private: bool) -> dict[str, Any]:
    """Status, headers, body. What a device told a client that had logged in is left out, but for the headers."""
    fields: dict[str, Any] = {"status": answer.status} if answer.status is not None else {}
    fields["headers"] = [[n, v] for n, v in answer.headers if not (private and n.lower() in _SECRET_HEADERS)]
    if private:
        return fields
    compressed = header(answer.headers, "content-encoding") is not None
    if _is_binary(answer.body) and not compressed:
        fields["body_b64"] = base64.b64encode(answer.body[:BODY_LIMIT]).decode("ascii")
    else:
        fields["body"] = http.decode_body(answer.body, answer.headers)[:BODY_LIMIT]
    return fields


def _is_binary(body: bytes) -> bool:
    sample = body[:4096]
    return sum(octet in _CONTROLS for octet in sample) * 50 > len(sample)


def of_handshake(data: bytes, port: int) -> Iterator[Said]:
    """The server's certificate, in the clear up to TLS 1.2 (RFC 5246 §7.4.2)."""
    version = ""
    for kind, body in _handshakes(data):
        if kind == _SERVER_HELLO and len(body) >= 2:
            version = _VERSIONS.get(body[0] << 8 | body[1], "")
        elif kind == _CERTIFICATE and len(body) > 6:
            size = int.from_bytes(body[3:6], "big")
            yield of_certificate(body[6 : 6 + size], port, version)
            return


def of_certificate(der: bytes, port: int | None, version: str = "") -> Said:
    """`tls` evidence of one certificate."""
    fields = {name: value for name, value in certificate.describe(der, version).items() if value != ""}
    return "tls", fields if port is None else {"port": port, **fields}


def _handshakes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, body) of the handshake messages in the records of `data`; one that was cut comes as far as it goes."""
    joined = bytearray()
    at = 0
    while at + 5 <= len(data) and data[at] == _HANDSHAKE:
        size = data[at + 3] << 8 | data[at + 4]
        joined += data[at + 5 : at + 5 + size]
        at += 5 + size
    at = 0
    while at + 4 <= len(joined):
        size = int.from_bytes(joined[at + 1 : at + 4], "big")
        yield joined[at], bytes(joined[at + 4 : at + 4 + size])
        at += 4 + size


def of_greeting(data: bytes, port: int) -> Iterator[Said]:
    """What a server says before it is asked, where it is text."""
    data = data[:MAX_GREETING]
    if data.strip() and (port in GREETERS or data.startswith(_GREETINGS)):
        yield "banner", {"port": port, "text": decode(data)}


def of_bytes(data: bytes, port: int) -> Iterator[Said]:
    """The same for bytes that another program kept of a server's first words."""
    if data[:5] in (b"HTTP/", b"RTSP/"):
        yield from of_answers(data, port)
    elif data.strip():
        yield "banner", {"port": port, "text": decode(data[:MAX_GREETING])}


def of_pem(text: str, port: int | None) -> Iterator[Said]:
    """`tls` evidence of a certificate as PEM or bare base64; nothing where it can't be read."""
    inner = text.replace("-----BEGIN CERTIFICATE-----", "").partition("-----END")[0]
    try:
        der = base64.b64decode("".join(inner.split()), validate=True)
    except ValueError:
        return
    if der:
        yield of_certificate(der, port)
