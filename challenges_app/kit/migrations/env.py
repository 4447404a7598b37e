"""Runs migrations on the connection that `kit.schema` hands over."""

from alembic import context

from challenges_app.kit.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes.get("batch", True),  # SQLite changes tables by copying them
)
with context.begin_transaction():
    context.run_migrations()
