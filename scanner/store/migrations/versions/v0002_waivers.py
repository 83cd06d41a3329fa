"""Waivers, how each sweep used them, and which findings they excuse; the cameras that only a recorder tells of.

What was recorded before says nothing of these: `sweep.waivers` and `state.hidden` are null there, which is no zero.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every table as `scanner.store.tables` had it then."""
    op.create_table(
        "waiver", _key(), _of("site"),
        *_texts("digest", "name", "instruments", "devices", "reason", "owner", "expires"),
        sa.UniqueConstraint("site_id", "digest"),
    )  # fmt: skip
    op.create_table(
        "waiver_use", _key(), _of("sweep"), _of("waiver"), *_texts("state"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("findings", "hosts")),
    )  # fmt: skip
    op.create_index("waiver_use_of_sweep", "waiver_use", ["sweep_id"])
    op.create_index("waiver_use_of_waiver", "waiver_use", ["waiver_id"])
    op.add_column("sweep", sa.Column("waivers", sa.Integer, nullable=True))
    op.add_column("state", sa.Column("hidden", sa.Text, nullable=True))
    with op.batch_alter_table("finding") as finding:  # SQLite can add a reference to a copy of the table only
        finding.add_column(sa.Column("waiver_id", sa.Integer, nullable=True))
        finding.add_column(sa.Column("expired", sa.Boolean, nullable=True))
        finding.create_foreign_key("finding_waiver_id_fkey", "waiver", ["waiver_id"], ["id"])
    op.create_index("finding_of_waiver", "finding", ["waiver_id"])


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str) -> sa.Column[int]:
    return sa.Column(f"{name}_id", sa.Integer, sa.ForeignKey(f"{name}.id"), nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
