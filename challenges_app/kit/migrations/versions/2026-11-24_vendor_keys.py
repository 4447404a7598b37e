"""The keys with which vendors sign what they tell."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_vendor_keys"
down_revision = "2026_11_24_connections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_keys",
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_vendor_keys")),
    )
