"""RTSP/1.0 requests and answers (RFC 2326)."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.wire import http
from scanner.wire.message import HttpResponse, header, read_head

__all__ = ["RtspResponse", "build_request", "is_complete", "parse_response"]

RtspResponse = HttpResponse


def build_request(method: str, url: str, cseq: int, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """A request without a body; ValueError for a text that would break out of its line."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {cseq}", f"User-Agent: {http.USER_AGENT}"]
    lines.extend(f"{name}: {value}" for name, value in headers)
    return http.encode_lines(lines)


def parse_response(raw: bytes) -> RtspResponse:
    """Read an answer; never raises (see HttpResponse)."""
    return http.parse_response(raw)


def is_complete(raw: bytes) -> bool:
    """Whether a reader may stop. Without Content-Length an RTSP answer has no body (RFC 2326 §4.4)."""
    start = len(raw) - len(raw.lstrip(b" \t\r\n"))
    if raw[start : start + 5].upper() != b"RTSP/":
        return http.is_complete(raw)
    head = read_head(raw, start)
    return head.complete and (header(head.headers, "content-length") is None or http.is_complete(raw))
