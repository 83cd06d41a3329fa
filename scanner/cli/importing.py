"""Reading files of other programs: which format each has, what came of each, and the evidence of all."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scanner.cli.output import say
from scanner.cli.recorded import Problems
from scanner.models import Evidence, EvidenceProblem, UsageError

if TYPE_CHECKING:
    from scanner.intake import Format
    from scanner.intake.gunzip import Gunzip
    from scanner.net.scope import Scope


@dataclass
class Source:
    """One file: how it is read, and after reading what came of it."""

    file: Path
    form: Format
    stream: BinaryIO
    packed: Gunzip | None = None
    records: int = 0
    problems: int = 0

    def told(self) -> str:
        """What was recognised and read, in a line."""
        from scanner.text import clean

        skipped = f", {self.problems} skipped" if self.problems else ""
        return (
            f"{clean(str(self.file), 200)}: {self.form.title} ({self.form.name}): {self.records} observations{skipped}"
        )


_MOST_COUNTED = 100_000


class Fence:
    """Keeps what stands under an address of `scope`; what stands under a MAC or a name alone passes.

    `left_out` counts the records of other addresses.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._hosts: set[str] = set()
        self.left_out = 0

    def __call__(self, records: Iterator[Evidence]) -> Iterator[Evidence]:
        """The records that stay."""
        from scanner.text import is_ip

        for record in records:
            if not is_ip(record.host) or self._scope.contains(record.host):
                yield record
                continue
            self.left_out += 1
            if len(self._hosts) < _MOST_COUNTED:
                self._hosts.add(record.host)

    def note(self) -> str:
        """What was left out, in a sentence."""
        networks = ", ".join(self._scope.texts[:8]) + (" and others" if len(self._scope.texts) > 8 else "")
        if not self.left_out:
            return f"Only {networks} was asked for; the files hold nothing beyond."
        many = "more than " if len(self._hosts) >= _MOST_COUNTED else ""
        return f"Left out, as outside {networks}: {self.left_out} observations of {many}{len(self._hosts)} addresses."


def open_sources(files: Sequence[Path], form: str | None) -> list[Source]:
    """Each file with its format (the one called `form`, if given); UsageError for one that no format recognises.

    All are looked at before any is read, so that a mistyped name costs nothing.
    """
    from scanner.intake import FORMATS, HEAD_BYTES, find_format, format_by_name

    chosen = format_by_name(form) if form else None
    sources = []
    for file in files:
        head, stream, packed = _opened(file, HEAD_BYTES)
        found = chosen or find_format(head, file.name)
        if found is None:
            names = ", ".join(each.name for each in FORMATS)
            what = "is empty" if not head.strip() else "is of no kind that is recognised"
            raise UsageError(f"{file} {what}; if you know its format, name it with --format ({names})")
        sources.append(Source(file, found, stream, packed))
    return sources


def read_sources(sources: Sequence[Source], problems: Problems) -> Iterator[Evidence]:
    """The evidence of all files, joined: what one table knows by MAC stands under the address that another gives it."""
    from scanner.intake.place import place

    for record in place(_all(sources, problems)):
        if isinstance(record, Evidence):
            yield record


def read_one(source: Source, problems: Problems) -> Iterator[Evidence]:
    """The evidence of one file; its problems are told and counted. UsageError if it can't be read to its end."""
    problems.file = str(source.file)
    try:
        with source.stream as stream:
            for record in source.form.read(stream):
                if isinstance(record, EvidenceProblem):
                    source.problems += 1
                    problems.add(record)
                else:
                    source.records += 1
                    yield record
            if source.packed is not None and source.packed.broken:
                source.problems += 1
                problems.add(EvidenceProblem(1, "gzip's file is cut or damaged: read as far as it goes"))
    except OSError as error:
        raise UsageError(f"can't read {source.file} to its end: {error.strerror or error}") from error
    say(source.told())


def _all(sources: Sequence[Source], problems: Problems) -> Iterator[Evidence]:
    for source in sources:
        yield from read_one(source, problems)


def _opened(file: Path, size: int) -> tuple[bytes, BinaryIO, Gunzip | None]:
    """The beginning of a file (`-` is standard input), and the file from its beginning; unpacked, if gzip made it."""
    from scanner.intake.gunzip import MAGIC, Gunzip

    packed = None
    try:
        stream: BinaryIO = sys.stdin.buffer if str(file) == "-" else file.open("rb")
        head = stream.read(size)
        if head.startswith(MAGIC):
            packed = Gunzip(_again(head, stream))
            stream = io.BufferedReader(packed)
            head = stream.read(size)
    except OSError as error:
        raise UsageError(f"can't read {file}: {error.strerror}") from error
    return head, _again(head, stream), packed


def _again(head: bytes, stream: BinaryIO) -> BinaryIO:
    """The stream from its beginning, of which `head` was read."""
    if stream.seekable():
        stream.seek(0)
        return stream
    return io.BufferedReader(_Again(head, stream))


class _Again(io.RawIOBase):
    """A stream that can't go back, with its beginning before it once more."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as one read goes; 0 at the end."""
        taken = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
