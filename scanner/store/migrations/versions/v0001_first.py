"""The first schema: sites, series of sweeps, devices, their states, spans and findings, removals.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATE_TEXTS = (
    "mac", "switch", "switch_port", "brand", "maker", "family", "chip", "model", "firmware", "serial", "product",
)  # fmt: skip


def upgrade() -> None:
    """Every table as `scanner.store.tables` had it then."""
    _sites_and_sweeps()
    _devices()
    _spans_and_removals()


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str, column: str = "", *, null: bool = False) -> sa.Column[int]:
    return sa.Column(column or f"{name}_id", sa.Integer, sa.ForeignKey(f"{name}.id"), nullable=null)


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=null) for name in names]


def _sites_and_sweeps() -> None:
    op.create_table("site", _key(), sa.Column("name", sa.Text, nullable=False, unique=True))
    op.create_table(
        "series", _key(), _of("site"), *_texts("digest", "scope", "exclude"),
        sa.Column("complete", sa.Boolean, nullable=False), sa.UniqueConstraint("site_id", "digest"),
    )  # fmt: skip
    op.create_table(
        "sweep", _key(), _of("site"), _of("series"), sa.Column("uid", sa.Text, nullable=False, unique=True),
        *_texts("digest", "name", "started", "finished", "as_of", "policy", "version", "fingerprints", "registry",
                "registry_digest", "coverage"),
        sa.Column("devices", sa.Integer, nullable=False), *_texts("run", null=True),
    )  # fmt: skip
    op.create_index("sweep_of_site", "sweep", ["site_id"])


def _devices() -> None:
    op.create_table(
        "device", _key(), _of("site"), *_texts("uid", "host", "addresses"),
        *_texts("mac", "serial", "maker", "model", "first_at", "last_at", null=True),
    )  # fmt: skip
    op.create_index("device_of_site", "device", ["site_id"])
    op.create_table(
        "state", _key(), _of("device"), *_texts("digest", "uid", "host", "kind", "status", "instruments"),
        *_texts(*_STATE_TEXTS, null=True), sa.Column("is_camera", sa.Boolean, nullable=True),
        sa.UniqueConstraint("device_id", "digest"),
    )  # fmt: skip
    for name in ("host", "mac", "serial", "uid"):
        op.create_index(f"state_by_{name}", "state", [name])
    op.create_table(
        "finding", _key(), _of("state"),
        *_texts("instrument", "entity", "relation", "strength", "edition", "source"),
    )  # fmt: skip
    op.create_index("finding_of_state", "finding", ["state_id"])


def _spans_and_removals() -> None:
    op.create_table(
        "span", _key(), _of("series"), _of("device"), _of("state", null=True), _of("sweep", "first_id"),
        _of("sweep", "last_id", null=True),
    )  # fmt: skip
    op.create_index("span_of_series", "span", ["series_id", "last_id"])
    op.create_index("span_of_device", "span", ["device_id"])
    op.create_table(
        "removal", _key(), _of("device"), *_texts("kind", "reason", "recorded_at"),
        *_texts("day", "replaced_by", null=True), _of("device", "replacement_id", null=True),
    )  # fmt: skip
    op.create_index("removal_of_device", "removal", ["device_id"])
