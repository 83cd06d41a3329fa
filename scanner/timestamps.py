"""Times as the contracts want them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The time as RFC 3339 in UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def for_names() -> str:
    """The time for file names, in UTC."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
