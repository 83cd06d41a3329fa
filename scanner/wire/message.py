"""Start line, headers and body of HTTP, RTSP and SSDP messages, however broken (RFC 9112, RFC 2326, UPnP DA 2.0 §1)."""

from __future__ import annotations

import msgspec

from scanner.text import decode

MAX_HEADERS = 1000
MAX_LINES = 2000
MAX_NAME = 256
MAX_VALUE = 65536
MAX_START_LINE = 4096

Headers = tuple[tuple[str, str], ...]


class HttpResponse(msgspec.Struct, frozen=True):
    """An answer as far as it can be read.

    `status` is None where there is none to read (HTTP/0.9, garbage): then all is `body`. `version` is as sent
    ("HTTP/1.1", "RTSP/1.0", "ICY"), "" without a status line. `faults` are short fixed words for what was wrong
    ("no-status-line", "bad-content-length", "short-body", …), each once, in the order met.
    """

    status: int | None
    reason: str
    version: str
    headers: Headers
    body: bytes
    faults: tuple[str, ...] = ()


class Head(msgspec.Struct, frozen=True):
    """Start line and headers; `end` is where the body begins, `complete` whether the empty line was seen."""

    start_line: str
    headers: Headers
    end: int
    complete: bool
    faults: tuple[str, ...]


class _Faults(dict[str, None]):
    """An ordered set."""

    def note(self, fault: str, when: bool = True) -> None:
        if when:
            self[fault] = None


def read_head(raw: bytes, start: int = 0) -> Head:
    """Read start line and headers from `start`. Linear; never raises.

    Lines end in CRLF, LF or, where the first line does, in CR alone. A line that begins with "<" ends the
    headers too: some devices forget the empty line. Lines beyond MAX_LINES are passed over.
    """
    faults = _Faults()
    first, position, separator = _first_line(raw, start, faults)
    fields: list[tuple[bytes, list[bytes]]] = []
    complete = False
    for _ in range(MAX_LINES):
        if complete or position >= len(raw):
            break
        position, complete = _header_line(raw, position, separator, fields, faults)
    else:
        faults.note("too-many-headers")
        position, complete = _blank_line(raw, position - 1, separator)
    faults.note("headers-unterminated", not complete)
    headers = tuple((_text(name, MAX_NAME), _text(b" ".join(parts), MAX_VALUE)) for name, parts in fields)
    return Head(_text(first, MAX_START_LINE), headers, position, complete, tuple(faults))


def _header_line(
    raw: bytes, position: int, separator: bytes, fields: list[tuple[bytes, list[bytes]]], faults: _Faults
) -> tuple[int, bool]:
    """Take one line; (where the next begins, whether the headers ended)."""
    end = raw.find(separator, position)
    line = raw[position : len(raw) if end < 0 else end].strip(b"\r\n")
    if line.startswith(b"<"):
        faults.note("no-blank-line")
        return position, True
    position = len(raw) if end < 0 else end + 1
    if line or end < 0:
        _add_field(fields, line, faults)
        return position, False
    return position + (separator == b"\r" and raw[position : position + 1] == b"\n"), True


def _blank_line(raw: bytes, position: int, separator: bytes) -> tuple[int, bool]:
    """(where the body begins after the next empty line, True), or the end and False."""
    blanks = (b"\r\r",) if separator == b"\r" else (b"\n\n", b"\n\r\n")
    ends = [at + len(blank) for blank in blanks if (at := raw.find(blank, max(position, 0))) >= 0]
    return (min(ends), True) if ends else (len(raw), False)


def _first_line(raw: bytes, start: int, faults: _Faults) -> tuple[bytes, int, bytes]:
    """The start line, where the next begins, and the byte that separates the lines."""
    feed = raw.find(b"\n", start)
    line_end = len(raw) if feed < 0 else feed
    line = raw[start:line_end]
    bare = line.rstrip(b"\r").find(b"\r")
    if bare >= 0 or (feed < 0 and line.endswith(b"\r")):
        at = start + (bare if bare >= 0 else len(line.rstrip(b"\r")))
        faults.note("cr-only-lines")
        return raw[start:at], at + 1, b"\r"
    faults.note("lf-only-lines", feed >= 0 and not line.endswith(b"\r"))
    return line.rstrip(b"\r"), min(line_end + 1, len(raw)), b"\n"


def _add_field(fields: list[tuple[bytes, list[bytes]]], line: bytes, faults: _Faults) -> None:
    faults.note("nul-byte", b"\0" in line)
    if line[:1] in (b" ", b"\t") and fields:
        faults.note("folded-header")
        fields[-1][1].append(line.strip())
        return
    if len(fields) >= MAX_HEADERS:
        faults.note("too-many-headers")
        return
    name, colon, value = line.partition(b":")
    faults.note("no-colon", not colon)
    faults.note("space-in-name", name != name.strip() or b" " in name.strip())
    faults.note("non-ascii-name", not name.isascii())
    fields.append((name.strip(), [value.strip()]))


def _text(data: bytes, limit: int) -> str:
    return decode(data[:limit].replace(b"\0", b"").replace(b"\r", b" "))


def header(headers: Headers, name: str) -> str | None:
    """The first header of that name, compared without case."""
    name = name.lower()
    return next((value for key, value in headers if key.lower() == name), None)


def header_values(headers: Headers, name: str) -> list[str]:
    """All headers of that name, compared without case, in order."""
    name = name.lower()
    return [value for key, value in headers if key.lower() == name]
