"""HTTP/1.x requests, and a reader of answers that never gives up (RFC 9110, RFC 9112).

Real devices send what strict parsers refuse; every byte of it may name the maker.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from scanner import __version__
from scanner.text import decode
from scanner.wire.challenge import challenges
from scanner.wire.html import title
from scanner.wire.message import Head, Headers, HttpResponse, header, header_values, read_head

__all__ = [
    "MAX_DECODED",
    "USER_AGENT",
    "HttpResponse",
    "build_request",
    "challenges",
    "decode_body",
    "header",
    "header_values",
    "is_complete",
    "parse_response",
    "title",
]

USER_AGENT = f"Camcensus/{__version__} (camera inventory; read-only)"
MAX_DECODED = 1 << 20
MAX_HEAD = 1 << 18
MAX_CHUNKS = 8192
_MAX_INTERIM = 8
_MAX_CHUNK_LINE = 4096
_MAX_LENGTH_VALUE = 256
_BLANK = b" \t\r\n"
_BLANK_LINES = (b"\n\r\n", b"\n\n", b"\r\r", b"\n\r\r\n")
_TOO_MANY_CHUNKS = ("too-many-chunks",)
_BODILESS = frozenset({204, 304})


def build_request(
    method: str, host_header: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
) -> bytes:
    """An HTTP/1.1 request with Host, User-Agent, Accept and, with a body, Content-Length; `headers` come after.

    ValueError for a method, path or header that would break out of its line.
    """
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host_header}", f"User-Agent: {USER_AGENT}"]
    given = {name.lower() for name, _ in headers}
    if "accept" not in given:
        lines.append("Accept: */*")
    lines.extend(f"{name}: {value}" for name, value in headers)
    if "connection" not in given:
        lines.append("Connection: close")
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return encode_lines(lines) + body


def encode_lines(lines: Sequence[str]) -> bytes:
    """The lines, each with CRLF, and an empty one; ValueError where one holds a control character."""
    if any(character < " " or character == "\x7f" for line in lines for character in line):
        raise ValueError("control character in a request line or header")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def parse_response(raw: bytes, *, method: str = "GET") -> HttpResponse:
    """Read an answer to `method`. Never raises; what it could not make sense of is in `faults`."""
    start = len(raw) - len(raw.lstrip(_BLANK))
    faults = dict.fromkeys(["leading-blank"] if start else [])
    head, interim = _final_head(raw, start)
    if head is None:
        return HttpResponse(None, "", "", (), raw, (*faults, "no-status-line"))
    faults.update(dict.fromkeys(["interim-response"] if interim else []))
    version, status, reason, line_faults = _status_line(head.start_line)
    faults.update(dict.fromkeys((*line_faults, *head.faults)))
    body, body_faults = _body(raw[head.end :], head.headers, status, method)
    faults.update(dict.fromkeys(body_faults))
    return HttpResponse(status, reason, version, head.headers, body, tuple(faults))


def is_complete(raw: bytes, method: str = "GET") -> bool:
    """Whether a reader may stop: headers whole, and the body as long as announced or closed by its last chunk.

    Without a usable length only the peer's close ends an answer: False. True as well where reading on is of no
    use: headers beyond MAX_HEAD, or more chunks than are taken apart.
    """
    if not any(blank in raw for blank in _BLANK_LINES):
        return len(raw) > MAX_HEAD and _has_status_line(raw, 0)
    head, _ = _final_head(raw, len(raw) - len(raw.lstrip(_BLANK)))
    if head is None or not head.complete:
        return False
    status = _status_line(head.start_line)[1]
    if status is not None and 100 <= status < 200 and status != 101:
        return False
    if method == "HEAD" or status in _BODILESS:
        return True
    if _is_chunked(head.headers):
        return _dechunk(raw, head.end)[1] in ((), _TOO_MANY_CHUNKS)
    lengths, _ = _content_lengths(head.headers)
    return bool(lengths) and len(raw) - head.end >= max(lengths)


def _final_head(raw: bytes, start: int) -> tuple[Head | None, bool]:
    """The head after any 1xx ones, and whether there were any; None where there is no status line."""
    interim = False
    for _ in range(_MAX_INTERIM):
        if not _has_status_line(raw, start):
            return None, interim
        head = read_head(raw, start)
        status = _status_line(head.start_line)[1]
        next_start = head.end
        while raw[next_start : next_start + 1] in (b"\r", b"\n"):
            next_start += 1
        if status is None or not 100 <= status < 200 or status == 101 or not _has_status_line(raw, next_start):
            return head, interim
        start, interim = next_start, True
    return head, interim


def _has_status_line(raw: bytes, start: int) -> bool:
    word = raw[start : start + 5].upper()
    return word in (b"HTTP/", b"HTTP ", b"RTSP/") or word[:4] in (b"ICY ", b"ICY\t")


def _status_line(line: str) -> tuple[str, int | None, str, list[str]]:
    """(version, status, reason, faults)."""
    faults = []
    words = line.split(None, 2)
    version = words[0] if words else ""
    if version != version.upper() or "  " in line.strip() or line != line.strip():
        faults.append("odd-status-line")
    code = words[1] if len(words) > 1 else ""
    status = int(code) if code.isascii() and code.isdigit() and len(code) <= 4 else None
    if status is None or not 100 <= status <= 999:
        faults.append("bad-status")
    reason = words[2] if len(words) > 2 else ""
    if not reason:
        faults.append("no-reason")
    return version, status, reason, faults


def _body(rest: bytes, headers: Headers, status: int | None, method: str) -> tuple[bytes, list[str]]:
    if method == "HEAD" or status in _BODILESS:
        return rest, ["unexpected-body"] if rest.strip(_BLANK) else []
    if _is_chunked(headers):
        body, faults = _dechunk(rest, 0)
        return body, list(faults)
    lengths, noted = _content_lengths(headers)
    if not lengths or len(lengths) > 1:
        return rest, noted
    length = lengths.pop()
    if len(rest) < length:
        noted.append("short-body")
    elif rest[length:].strip(_BLANK):
        # One request was sent, so what lies beyond the announced length is this answer's too.
        noted.append("extra-bytes")
        return rest, noted
    return rest[:length], noted


def _content_lengths(headers: Headers) -> tuple[set[int], list[str]]:
    """The different usable lengths that the headers announce, and the faults."""
    lengths: set[int] = set()
    faults = []
    for value in header_values(headers, "content-length"):
        for part in value[:_MAX_LENGTH_VALUE].split(","):
            number = part.strip()
            if number.isascii() and number.isdigit() and len(number) <= 15:
                lengths.add(int(number))
            elif "bad-content-length" not in faults:
                faults.append("bad-content-length")
    if len(lengths) > 1:
        faults.append("conflicting-content-length")
    return lengths, faults


def _is_chunked(headers: Headers) -> bool:
    return any("chunked" in value.lower() for value in header_values(headers, "transfer-encoding"))


def _dechunk(raw: bytes, position: int) -> tuple[bytes, tuple[str, ...]]:
    """The joined chunks from `position`; no fault means that the last chunk was seen."""
    parts: list[bytes] = []
    for _ in range(MAX_CHUNKS):
        line_end = raw.find(b"\n", position, position + _MAX_CHUNK_LINE)
        size = _chunk_size(raw[position:line_end]) if line_end >= 0 else None
        if size is None:
            rest = raw[position:]
            fault = "bad-chunk" if line_end >= 0 or len(rest) >= _MAX_CHUNK_LINE else "unterminated-chunks"
            return b"".join([*parts, rest if fault == "bad-chunk" else b""]), (fault,)
        if size == 0:
            return b"".join(parts), ()
        start = line_end + 1
        parts.append(raw[start : start + size])
        position = start + size
        if position > len(raw):
            return b"".join(parts), ("unterminated-chunks",)
        if raw[position : position + 1] == b"\r":
            position += 1
        if raw[position : position + 1] == b"\n":
            position += 1
    return b"".join([*parts, raw[position:]]), _TOO_MANY_CHUNKS


def _chunk_size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 15 or not all(byte in b"0123456789abcdefABCDEF" for byte in digits):
        return None
    return int(digits, 16)


def decode_body(body: bytes, headers: Headers) -> str:
    """The body as text: gzip or deflate undone (at most MAX_DECODED bytes), then the declared charset."""
    codings = [part.strip().lower() for part in (header(headers, "content-encoding") or "").split(",")]
    for coding in reversed(codings[:2]):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body)
    if body[:3] == b"\x1f\x8b\x08":
        body = _inflate(body)
    return decode(body[:MAX_DECODED], _charset(body, headers))


def _inflate(data: bytes) -> bytes:
    """What can be inflated of `data` (gzip, zlib or raw deflate), `data` itself where nothing can."""
    for window_bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        inflater = zlib.decompressobj(window_bits)
        try:
            inflated = inflater.decompress(data, MAX_DECODED)
        except zlib.error:
            continue
        if inflated:
            return inflated
    return data


def _charset(body: bytes, headers: Headers) -> str | None:
    declared = (header(headers, "content-type") or "")[:512].lower()
    head = declared if "charset=" in declared else body[:2048].decode("latin-1").lower()
    _, found, rest = head.partition("charset=")
    if not found:
        return None
    rest = rest[:64].lstrip(" \"'")
    end = next((i for i, c in enumerate(rest) if c in " \"';/>,\r\n\t"), len(rest))
    return rest[:end]
