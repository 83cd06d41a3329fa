"""How every importer shapes and bounds what it notes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
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
        return _moment(int(seconds))
    except (OverflowError, ValueError):
        return None


@lru_cache(1024)
def _moment(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    """Remembers what was said, at most `limit` things: the older half is forgotten first.

    Two halves, since a dict whose first key is taken out again and again is searched from its beginning each time.
    """

    def __init__(self, limit: int = MAX_REMEMBERED) -> None:
        self._half = max(limit // 2, 1)
        self._young: set[int] = set()
        self._old: set[int] = set()

    def first(self, *said: Hashable) -> bool:
        """Whether this was not said yet (as far as it is remembered)."""
        key = hash(said)
        if key in self._young:
            return False
        if len(self._young) >= self._half:
            self._old, self._young = self._young, set()
        self._young.add(key)
        return key not in self._old
