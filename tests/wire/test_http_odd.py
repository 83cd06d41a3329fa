"""Fifty odd answers: what strict parsers refuse must still be read. Written from knowledge of such devices."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from scanner.wire.http import header, is_complete, parse_response

HEAD = b"HTTP/1.1 200 OK\r\n"
PAGE = b"<html><title>NVR</title></html>"
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)


class Odd(NamedTuple):
    name: str
    raw: bytes
    faults: tuple[str, ...] = ()
    status: int | None = 200
    body: bytes = PAGE
    server: str | None = None
    complete: bool = False


def _chunked(body: bytes) -> bytes:
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body


ODD = [
    Odd("plain", HEAD + LENGTH + b"\r\n" + PAGE, complete=True),
    Odd("lf only", b"HTTP/1.1 200 OK\nServer: a\n\n" + PAGE, ("lf-only-lines",), server="a"),
    Odd("cr only", b"HTTP/1.1 200 OK\rServer: a\r\r" + PAGE, ("cr-only-lines",), server="a"),
    Odd(
        "cr only, a line feed in the body",
        b"HTTP/1.1 200 OK\rServer: a\r\rx\ny",
        ("cr-only-lines",),
        body=b"x\ny",
        server="a",
    ),
    Odd("cr cr lf", b"HTTP/1.1 200 OK\r\r\nServer: a\r\r\n\r\r\n" + PAGE, server="a"),
    Odd("mixed line ends", b"HTTP/1.1 200 OK\r\nServer: a\nX: y\r\n\n" + PAGE, server="a"),
    Odd("no reason", b"HTTP/1.1 200\r\nServer: a\r\n\r\n" + PAGE, ("no-reason",), server="a"),
    Odd("reason is a space", b"HTTP/1.1 200 \r\n\r\n" + PAGE, ("odd-status-line", "no-reason")),
    Odd("lower-case status line", b"http/1.1 200 ok\r\n\r\n" + PAGE, ("odd-status-line",)),
    Odd("double space", b"HTTP/1.1  200  OK\r\n\r\n" + PAGE, ("odd-status-line",)),
    Odd("no version", b"HTTP 200 OK\r\n\r\n" + PAGE),
    Odd("http/1.0 without length", b"HTTP/1.0 200 OK\r\nServer: a\r\n\r\n" + PAGE, server="a"),
    Odd("http/2 text", b"HTTP/2.0 200 OK\r\n\r\n" + PAGE),
    Odd("four digits", b"HTTP/1.1 2000 OK\r\n\r\n" + PAGE, ("bad-status",), status=2000),
    Odd("two digits", b"HTTP/1.1 20 OK\r\n\r\n" + PAGE, ("bad-status",), status=20),
    Odd("status in words", b"HTTP/1.1 OK\r\n\r\n" + PAGE, ("bad-status", "no-reason"), status=None),
    Odd(
        "status of thousands of digits",
        b"HTTP/1.1 " + b"9" * 6000 + b" OK\r\n\r\n" + PAGE,
        ("bad-status", "no-reason"),
        status=None,
    ),
    Odd("leading crlf", b"\r\n\r\n" + HEAD + LENGTH + b"\r\n" + PAGE, ("leading-blank",), complete=True),
    Odd("space before the colon", HEAD + b"Server : a\r\n\r\n" + PAGE, ("space-in-name",), server="a"),
    Odd("space in a name", HEAD + b"X Y: z\r\nServer: a\r\n\r\n" + PAGE, ("space-in-name",), server="a"),
    Odd("no colon", HEAD + b"Garbage\r\nServer: a\r\n\r\n" + PAGE, ("no-colon",), server="a"),
    Odd("empty name", HEAD + b": x\r\nServer: a\r\n\r\n" + PAGE, server="a"),
    Odd("high bytes in a value", HEAD + b"Server: cam\xe9ra\r\n\r\n" + PAGE, server="caméra"),
    Odd("utf-8 in a value", HEAD + "Server: 摄像机\r\n\r\n".encode() + PAGE, server="摄像机"),
    Odd("high bytes in a name", HEAD + b"S\xe9r: x\r\nServer: a\r\n\r\n" + PAGE, ("non-ascii-name",), server="a"),
    Odd("nul in a value", HEAD + b"Server: a\0b\r\n\r\n" + PAGE, ("nul-byte",), server="ab"),
    Odd("folded value", HEAD + b"Server: a\r\n  b\r\n\tc\r\n\r\n" + PAGE, ("folded-header",), server="a b c"),
    Odd("fold before any header", HEAD + b" Server: a\r\n\r\n" + PAGE, server="a", faults=("space-in-name",)),
    Odd("80 kB header", HEAD + b"Server: a\r\nX: " + b"y" * 80_000 + b"\r\n\r\n" + PAGE, server="a"),
    Odd(
        "1,500 headers",
        HEAD + b"Server: a\r\n" + b"X: y\r\n" * 1500 + b"\r\n" + PAGE,
        ("too-many-headers",),
        server="a",
    ),
    Odd("no empty line", HEAD + b"Server: a\r\n" + PAGE, ("no-blank-line",), server="a"),
    Odd("headers cut", HEAD + b"Server: a", ("headers-unterminated",), body=b"", server="a"),
    Odd("status line alone", b"HTTP/1.1 200 OK", ("headers-unterminated",), body=b""),
    Odd("length too large", HEAD + b"Content-Length: 900\r\n\r\n" + PAGE, ("short-body",)),
    Odd("length too small", HEAD + b"Content-Length: 3\r\n\r\n" + PAGE, ("extra-bytes",), complete=True),
    Odd("length zero with a body", HEAD + b"Content-Length: 0\r\n\r\n" + PAGE, ("extra-bytes",), complete=True),
    Odd("a line end after the body", HEAD + LENGTH + b"\r\n" + PAGE + b"\r\n", complete=True),
    Odd("negative length", HEAD + b"Content-Length: -1\r\n\r\n" + PAGE, ("bad-content-length",)),
    Odd("empty length", HEAD + b"Content-Length:\r\n\r\n" + PAGE, ("bad-content-length",)),
    Odd("length in words", HEAD + b"Content-Length: many\r\n\r\n" + PAGE, ("bad-content-length",)),
    Odd("huge length", HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + PAGE, ("bad-content-length",)),
    Odd("same length twice", HEAD + LENGTH + LENGTH + b"\r\n" + PAGE, complete=True),
    Odd("length list", HEAD + b"Content-Length: 31, 31\r\n\r\n" + PAGE, complete=True),
    Odd(
        "conflicting lengths",
        HEAD + LENGTH + b"Content-Length: 5\r\n\r\n" + PAGE,
        ("conflicting-content-length",),
        complete=True,
    ),
    Odd("chunked", _chunked(b"1f\r\n" + PAGE + b"\r\n0\r\n\r\n"), complete=True),
    Odd("chunk extension", _chunked(b"0001F;a=b\r\n" + PAGE + b"\r\n0;x\r\nTrailer: y\r\n\r\n"), complete=True),
    Odd("chunks with line feeds", _chunked(b"1f\n" + PAGE + b"\n0\n\n"), complete=True),
    Odd("last chunk missing", _chunked(b"1f\r\n" + PAGE + b"\r\n"), ("unterminated-chunks",)),
    Odd("chunk cut", _chunked(b"ff\r\n" + PAGE), ("unterminated-chunks",)),
    Odd("chunk size is no number", _chunked(b"zz\r\n" + PAGE), ("bad-chunk",), body=b"zz\r\n" + PAGE),
    Odd("chunked in name only", _chunked(PAGE + b"\n"), ("bad-chunk",), body=PAGE + b"\n"),
    Odd(
        "chunked and a length",
        HEAD + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n1f\r\n" + PAGE + b"\r\n0\r\n\r\n",
        complete=True,
    ),
    Odd(
        "continue first",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + LENGTH + b"\r\n" + PAGE,
        ("interim-response",),
        complete=True,
    ),
    Odd("continue alone", b"HTTP/1.1 100 Continue\r\n\r\n", body=b"", status=100),
    Odd("icy", b"ICY 200 OK\r\nServer: a\r\n\r\n" + PAGE, server="a"),
    Odd("rtsp", b"RTSP/1.0 200 OK\r\nServer: a\r\n\r\n" + PAGE, server="a"),
    Odd("http/0.9", PAGE, ("no-status-line",), status=None),
    Odd("a banner instead", b"220 ftp ready\r\n", ("no-status-line",), status=None, body=b"220 ftp ready\r\n"),
    Odd("nothing", b"", ("no-status-line",), status=None, body=b""),
    Odd("blank", b"\r\n \r\n", ("leading-blank", "no-status-line"), status=None, body=b"\r\n \r\n"),
    Odd(
        "invalid location",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::bad\r\nServer: a\r\n\r\n",
        status=302,
        body=b"",
        server="a",
    ),
    Odd("body on 304", b"HTTP/1.1 304 Not Modified\r\n\r\n" + PAGE, ("unexpected-body",), status=304, complete=True),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_odd_answers_are_read(odd: Odd) -> None:
    answer = parse_response(odd.raw)
    assert answer.status == odd.status
    assert answer.body == odd.body
    assert header(answer.headers, "server") == odd.server
    assert answer.faults == odd.faults
    assert is_complete(odd.raw) == odd.complete


def test_there_are_fifty() -> None:
    assert len(ODD) >= 50


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd.complete], ids=lambda odd: odd.name)
def test_a_reader_stops_no_sooner(odd: Odd) -> None:
    first = next(end for end in range(len(odd.raw) + 1) if is_complete(odd.raw[:end]))
    # Beyond a zero-length body or the last chunk's size line nothing is needed, before it nothing may be missing.
    assert parse_response(odd.raw[:first]).body in (odd.body, odd.body[: first - odd.raw.find(odd.body)])
