"""Which schema this version writes. Apart from the engine, so that readers know it without SQLAlchemy."""

from __future__ import annotations

HEAD = "0002"
"""The newest migration; revisions are four digits, so that they can be compared."""
VERSION_QUERY = "SELECT version_num FROM alembic_version"


def newer(found: str | None) -> bool:
    """Whether a store was made by a later version than this one."""
    return found is not None and found > HEAD
