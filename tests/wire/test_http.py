"""HTTP requests, bodies and the small readers."""

from __future__ import annotations

import gzip
import zlib

import pytest

from scanner import __version__
from scanner.wire import http
from scanner.wire.http import HttpResponse, parse_response


def test_a_request_names_the_tool_and_carries_no_secret() -> None:
    request = http.build_request("GET", "198.51.100.10:8080", "/doc/page/login.asp")
    assert request == (
        b"GET /doc/page/login.asp HTTP/1.1\r\nHost: 198.51.100.10:8080\r\n"
        b"User-Agent: Camcensus/" + __version__.encode() + b" (camera inventory; read-only)\r\n"
        b"Accept: */*\r\nConnection: close\r\n\r\n"
    )


def test_a_request_with_a_body_states_its_length() -> None:
    request = http.build_request("POST", "h", "/x", [("Content-Type", "a/b"), ("Connection", "keep-alive")], b"body")
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == b"body"
    assert head.split(b"\r\n")[-3:] == [b"Content-Type: a/b", b"Connection: keep-alive", b"Content-Length: 4"]
    assert b"Content-Length: 0" in http.build_request("POST", "h", "/x")


@pytest.mark.parametrize(
    ("method", "host", "path", "header"),
    [("GET", "h", "/x\r\nEvil: 1", ("a", "b")), ("GET", "h\n", "/", ("a", "b")), ("GET", "h", "/", ("a", "b\r\nc: d"))],
)
def test_nothing_breaks_out_of_its_line(method: str, host: str, path: str, header: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="control character"):
        http.build_request(method, host, path, [header])


def test_an_answer_is_taken_apart() -> None:
    answer = parse_response(
        b"HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"Content-Length: 3\r\n\r\nno!"
    )
    assert answer == HttpResponse(
        401,
        "Unauthorized",
        "HTTP/1.1",
        (("Server", "App-webs/"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Length", "3")),
        b"no!",
        (),
    )
    assert http.header(answer.headers, "SERVER") == "App-webs/"
    assert http.header(answer.headers, "x") is None
    assert http.header_values(answer.headers, "set-cookie") == ["a=1", "b=2"]


def test_head_has_no_body() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    assert http.is_complete(raw, "HEAD")
    assert not http.is_complete(raw)
    assert parse_response(raw, method="HEAD").faults == ()
    assert parse_response(raw).faults == ("short-body",)


@pytest.mark.parametrize("end", range(38))
def test_incomplete_headers_never_end_a_read(end: int) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert not http.is_complete(raw[:end])
    assert http.is_complete(raw)


RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(b"<title>NVR</title>", mtime=0), "gzip"),
        (gzip.compress(b"<title>NVR</title>", mtime=0), "x-gzip"),
        (gzip.compress(b"<title>NVR</title>", mtime=0), ""),
        (zlib.compress(b"<title>NVR</title>"), "deflate"),
        (RAW_DEFLATE.compress(b"<title>NVR</title>") + RAW_DEFLATE.flush(), "deflate"),
        (zlib.compress(gzip.compress(b"<title>NVR</title>", mtime=0)), "gzip, deflate"),
        (b"<title>NVR</title>", "gzip"),
        (gzip.compress(b"<title>NVR</title>", mtime=0)[:-8], "gzip"),
    ],
)
def test_coded_bodies(body: bytes, coding: str) -> None:
    assert http.decode_body(body, (("Content-Encoding", coding),)) == "<title>NVR</title>"


def test_a_zip_bomb_stops_at_the_cap() -> None:
    bomb = gzip.compress(b"\0" * (20 << 20))
    assert len(http.decode_body(bomb, (("Content-Encoding", "gzip"),))) == http.MAX_DECODED


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>摄像机".encode("gbk"), "text/html; charset=gb2312"),
        ("<p>摄像机".encode("gbk"), 'text/html; charset="GBK"; x=y'),
        ("<p>摄像机".encode(), "text/html; charset=iso-8859-1"),
    ],
)
def test_charset_of_the_header(body: bytes, content_type: str) -> None:
    assert http.decode_body(body, (("Content-Type", content_type),)) == "<p>摄像机"


@pytest.mark.parametrize(
    "meta", ["<meta charset=gb2312>", '<meta http-equiv="Content-Type" content="text/html; charset=GB2312">']
)
def test_charset_of_the_page(meta: str) -> None:
    page = meta + "<title>网络摄像机</title>"
    assert http.decode_body(page.encode("gb2312"), ()) == page


def _reads(raw: bytes, step: int = 1460) -> int:
    """How many bytes a reader takes that asks after every segment."""
    return next((end for end in range(step, len(raw) + step, step) if http.is_complete(raw[:end])), len(raw))


def test_a_flood_of_headers_or_chunks_is_given_up_early() -> None:
    headers = b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 200_000
    assert http.MAX_HEAD <= _reads(headers) < http.MAX_HEAD + 3000
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert _reads(start + b"1\r\n0\r\n" * 200_000) < 7 * http.MAX_CHUNKS
    answer = parse_response(start + b"1\r\nx\r\n" * http.MAX_CHUNKS + b"0\r\n\r\n")
    assert answer.faults == ("too-many-chunks",)
    assert answer.body == b"x" * http.MAX_CHUNKS + b"0\r\n\r\n"


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_lines_beyond_the_limit_are_passed_over(end: bytes) -> None:
    raw = end.join([b"HTTP/1.1 200 OK", b"Server: a", *[b" folded"] * 5000, b"Late: x", b"", b"body"])
    answer = parse_response(raw)
    assert answer.body == b"body"
    assert [name for name, _ in answer.headers] == ["Server"]
    assert "too-many-headers" in answer.faults
