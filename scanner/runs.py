"""A run's folder: the evidence log, the progress of the sweep, and what was derived from them.

    evidence.jsonl   contract 1, appended as it comes: the record of the sweep
    state.jsonl      what is complete: `{"options": …}`, `{"discovered": true, …}`, `{"visited": "198.51.100.10", …}`;
                     `log` in each is the length of the evidence log when it was said
    inventory.json   derived (contract 2)      report.html   derived
    pins.toml        the pinned facts that it was derived with, if any
    notices.txt      which notices were sent when it ended, and which could not be

Both logs are appended with one `write` a line and no buffer of ours, so a killed process loses nothing it was told;
`sync` makes them proof against a power cut too. A last line that was cut by a crash is dropped on reopening; a state
whose evidence did not reach the disk is known by its `log`, and does not count (`RunFolder.held`).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from scanner.models import Evidence, EvidenceProblem, LogError, UsageError
from scanner.models.evidence import capped_lines, read_lines

EVIDENCE = "evidence.jsonl"
STATE = "state.jsonl"
INVENTORY = "inventory.json"
REPORT = "report.html"
PINS = "pins.toml"
NOTICES = "notices.txt"
_LOG = "log"


class RunFolder:
    """The folder of one sweep, open for appending. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._evidence = -1
        self._state = -1

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new run in `folder`; UsageError if a run is there already or it can't be written."""
        if any(_has_a_line(folder / name) for name in (STATE, EVIDENCE)):
            raise UsageError(
                f"{folder} already holds a sweep: continue it with --resume {folder}, or name a new folder"
            )
        for name in (EVIDENCE, STATE):
            _drop_torn_line(folder / name)
        return cls(folder)._open()

    @classmethod
    def reopen(cls, folder: Path) -> Self:
        """An interrupted run; UsageError if there is none."""
        if not (folder / STATE).is_file():
            raise UsageError(f"{folder} holds no sweep to resume (no {STATE} in it)")
        if not (folder / EVIDENCE).is_file():
            raise UsageError(f"{folder} has lost its {EVIDENCE}, and with it what was found: begin a new sweep")
        for name in (EVIDENCE, STATE):
            _drop_torn_line(folder / name)
        run = cls(folder)._open()
        run.mark({"reopened": True})
        return run

    def _open(self) -> Self:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._evidence = os.open(self.folder / EVIDENCE, flags, 0o600)
            self._state = os.open(self.folder / STATE, flags, 0o600)
            _lock(self._state)
        except OSError as error:
            raise UsageError(f"can't write to {self.folder}: {error.strerror}") from error
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Sync and close; may be called twice."""
        for descriptor in (self._evidence, self._state):
            if descriptor >= 0:
                os.fsync(descriptor)
                os.close(descriptor)
        self._evidence = self._state = -1

    def append(self, evidence: Evidence) -> None:
        """Add one line to the log; it has left our process when this returns. LogError when it can't be written."""
        _write_all(self._evidence, evidence.to_line())

    def mark(self, state: dict[str, Any]) -> None:
        """Add one line to the state, with the length of the evidence log that it follows from."""
        _write_all(self._state, msgspec.json.encode({**state, _LOG: self._length()}) + b"\n")

    def held(self) -> list[tuple[dict[str, Any], bool]]:
        """The state lines, each with whether the evidence that was there when it was said is there still.

        A power cut may have taken the end of it. That shows at the next reopening, and holds for good: later evidence
        makes the log longer again, and is another's.
        """
        states = list(self.states())
        shortest = self._length()
        held = []
        for state in reversed(states):
            length = state.get(_LOG, 0)
            if state.get("reopened") is True and isinstance(length, int):
                shortest = min(shortest, length)
            held.append((state, isinstance(length, int) and length <= shortest))
        return held[::-1]

    def _length(self) -> int:
        return os.fstat(self._evidence).st_size

    def sync(self) -> None:
        """Flush both logs to the disk itself. Blocks: call it in a thread."""
        os.fsync(self._evidence)
        os.fsync(self._state)

    def evidence(self) -> Iterator[Evidence | EvidenceProblem]:
        """The whole log so far, from the disk."""
        return read_evidence(self.folder / EVIDENCE)

    def states(self) -> Iterator[dict[str, Any]]:
        """The state lines so far, from the disk."""
        return read_states(self.folder / STATE)

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a derived file whole: a reader sees the old one or the new one, never a half."""
        return write_whole(self.folder / name, content)


def read_evidence(path: Path) -> Iterator[Evidence | EvidenceProblem]:
    """Evidence lines of a file; UsageError if it can't be opened."""
    try:
        lines = path.open("rb")
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    with lines:
        yield from read_lines(capped_lines(lines))


def read_states(path: Path) -> Iterator[dict[str, Any]]:
    """The state lines of a file; a torn last line is passed over. UsageError if it can't be opened."""
    try:
        lines = path.open("rb")
    except OSError as error:
        raise UsageError(f"can't read {path}: {error.strerror}") from error
    with lines:
        for line in lines:
            try:
                state = msgspec.json.decode(line)
            except (msgspec.DecodeError, RecursionError):
                continue
            if isinstance(state, dict):
                yield state


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write beside and rename; UsageError if that fails (disk full, no permission).

    What is there and is no file (/dev/stdout, a pipe of the shell's) is written to, never replaced.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        return _write_into(path, data)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise UsageError(f"can't write {path}: {error.strerror}") from error
    return path


def _lock(descriptor: int) -> None:
    """Hold the folder for this process, as far as the system can: two at once would ask every device twice."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError("another camcensus is at work in this folder") from None
    except OSError:
        return  # a file system without locks


def _write_into(path: Path, data: bytes) -> Path:
    try:
        with path.open("wb", buffering=0) as out:
            view = memoryview(data)
            while view:
                view = view[out.write(view) :]
    except OSError as error:
        raise UsageError(f"can't write {path}: {error.strerror}") from error
    return path


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError as error:
        raise LogError(f"can't write the evidence log: {error.strerror}") from error


def _has_a_line(path: Path) -> bool:
    """Whether anything was written: a sweep that was killed before its first line has left nothing to go on with."""
    if not path.is_file():
        return path.exists()
    with path.open("rb") as log:
        return log.readline().endswith(b"\n")


def _drop_torn_line(path: Path) -> None:
    if not path.is_file():
        return
    with path.open("r+b") as log:
        end = log.seek(0, os.SEEK_END)
        position = end
        while position > 0:
            start = max(0, position - 65536)
            log.seek(start)
            newline = log.read(position - start).rfind(b"\n")
            if newline >= 0:
                log.truncate(start + newline + 1)
                return
            position = start
        log.truncate(0)
