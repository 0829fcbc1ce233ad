"""Runs the migrations on the connection that `landwatch.store.schema` hands in."""

from __future__ import annotations

from alembic import context

from landwatch.store.models import Base
from landwatch.store.schema import is_on_both, is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    include_object=is_on_both,
    transactional_ddl=True,  # SQLite can, though Alembic does not expect it
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
