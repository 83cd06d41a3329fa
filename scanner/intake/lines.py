"""A file of unknown encoding as numbered lines of text, in bounded memory; what was not read is told."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from scanner.models import EvidenceProblem
from scanner.text import decode

MAX_LINE = 32 * 1024
"""Characters of one line; a longer one is told and skipped."""
MAX_LINES = 2_000_000
MAX_PROBLEMS = 200
_CHUNK = 64 * 1024
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

Line = tuple[int, str]


def head_lines(head: bytes, limit: int = 200) -> list[str]:
    """The first whole lines of a file's beginning, without their ends; the last may be cut only where it is alone."""
    wide = utf16_of(head)
    # An odd byte at the end is half a character.
    text = head[: len(head) & ~1].decode(wide, "replace").removeprefix("\ufeff") if wide else decode(head)
    lines = text[: 4 * MAX_LINE].split("\n", limit + 1)
    return [line.rstrip("\r") for line in (lines[:-1] if len(lines) > 1 else lines)[:limit] + _last(lines, limit)]


def _last(lines: list[str], limit: int) -> list[str]:
    return lines[-1:] if 1 < len(lines) <= limit and lines[-1] else []


def utf16_of(head: bytes) -> str:
    """The UTF-16 codec that `head` is in, by its mark or by the zero bytes of Latin letters; "" for none."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    sample = head[: 512 - len(head[:512]) % 2]
    half = len(sample) // 2
    if half < 8:
        return ""
    if sample[1::2].count(0) > half * 3 // 4 and not sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > half * 3 // 4 and not sample[1::2].count(0):
        return "utf-16-be"
    return ""


def text_lines(stream: BinaryIO) -> Iterator[Line | EvidenceProblem]:
    """(number from 1, line without its end) of each line that is not too long; a problem for what is not read.

    UTF-16 (by mark or by its look), UTF-8 with or without mark, else Latin-1 line by line. Ends are LF or CRLF.
    """
    head = stream.read(_CHUNK)
    wide = utf16_of(head)
    number = 0
    for number, line in enumerate(_wide_lines(head, stream, wide) if wide else _narrow_lines(head, stream), start=1):
        if number > MAX_LINES:
            yield EvidenceProblem(number, f"more than {MAX_LINES} lines: the rest was not read")
            return
        if line is None:
            yield EvidenceProblem(number, f"a line of more than {MAX_LINE} characters")
        else:
            yield number, line.rstrip("\r").removeprefix("\ufeff") if number == 1 else line.rstrip("\r")


def _narrow_lines(head: bytes, stream: BinaryIO) -> Iterator[str | None]:
    rest = b""
    skipping = False
    chunk = head
    while chunk:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield None if skipping or len(line) > MAX_LINE else decode(line)
            skipping = False
        if len(rest) > MAX_LINE:
            rest, skipping = b"", True
        chunk = stream.read(_CHUNK)
    if rest or skipping:
        yield None if skipping else decode(rest)


def _wide_lines(head: bytes, stream: BinaryIO, codec: str) -> Iterator[str | None]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    rest = ""
    skipping = False
    chunk = head
    while chunk:
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in whole:
            yield None if skipping or len(line) > MAX_LINE else line
            skipping = False
        if len(rest) > MAX_LINE:
            rest, skipping = "", True
        chunk = stream.read(_CHUNK)
    rest += decoder.decode(b"", True)
    if rest or skipping:
        yield None if skipping else rest


class Told:
    """Counts the problems of one file and lets the first `MAX_PROBLEMS` through, so that junk stays short."""

    def __init__(self) -> None:
        self._count = 0
        self._last = 0

    def problem(self, line: int, reason: str) -> Iterator[EvidenceProblem]:
        """The problem, if there is still room for it."""
        self._count += 1
        self._last = line
        if self._count <= MAX_PROBLEMS:
            yield EvidenceProblem(line, reason)

    def rest(self) -> Iterator[EvidenceProblem]:
        """At the end of the file: how many more there were."""
        if self._count > MAX_PROBLEMS:
            yield EvidenceProblem(self._last, f"{self._count - MAX_PROBLEMS} more lines that could not be read")
