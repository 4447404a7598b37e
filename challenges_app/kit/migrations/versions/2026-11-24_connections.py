"""Connections to vendors' clouds, and how often each may be asked."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_connections"
down_revision = "2026_11_24_arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("user_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("grant_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("grant_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=True),
        sa.Column("wanted_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_connection_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("person_id", "provider", name=op.f("uq_connection_person_id_provider")),
        sa.UniqueConstraint("provider", "user_index", name=op.f("uq_connection_provider_user_index")),
    )
    op.create_index(op.f("ix_connection_due_at"), "connection", ["due_at"], unique=False)
