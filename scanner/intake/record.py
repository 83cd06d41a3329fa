"""How every importer shapes and bounds what it notes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from scanner.models import Evidence
from scanner.models.evidence import MAX_LINE_BYTES

MAX_REMEMBERED = 65_536
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def noted(via: str, host: str, protocol: str, seen_at: str | None = None, /, **fields: Any) -> Evidence:
    """One observation, with the format it came from unless `fields` say so already; None is left out."""
    kept = {name: value for name, value in fields.items() if value is not None}
    return Evidence(host, protocol, {**kept, "via": kept.get("via", via)}, seen_at)


def rfc3339(seconds: float) -> str | None:
    """The moment `seconds` after 1970 in UTC, whole seconds; None beyond the years that have a form."""
    try:
        return (_EPOCH + timedelta(seconds=int(seconds))).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return None


def numbered_lines(stream: BinaryIO, limit: int = MAX_LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, line without its end) of `stream`; None for a line longer than `limit`, which is passed over."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line.rstrip(b"\r\n")
            continue
        yield number, None
        while line and not line.endswith(b"\n"):
            line = stream.readline(limit)


class Once:
    """Remembers what was said, at most `limit` things: the oldest are forgotten first."""

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        self._limit = limit
        self._seen: dict[int, None] = {}

    def first(self, *said: Hashable) -> bool:
        """Whether this was not said yet (as far as it is remembered)."""
        key = hash(said)
        if key in self._seen:
            return False
        if len(self._seen) >= self._limit:
            del self._seen[next(iter(self._seen))]
        self._seen[key] = None
        return True
