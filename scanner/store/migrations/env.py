"""Run by Alembic, on the connection that `scanner.store.migrate` hands it."""

from __future__ import annotations

from alembic import context

from scanner.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
