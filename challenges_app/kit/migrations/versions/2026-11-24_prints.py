"""Prints of days of steps, so that one device counts for one person."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_prints"
down_revision = "2026_11_24_typed_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_print",
        sa.Column("print", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_print_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("print", name=op.f("pk_step_print")),
    )
    op.create_index(op.f("ix_step_print_person_id"), "step_print", ["person_id"], unique=False)
    op.create_index(op.f("ix_step_print_seen_at"), "step_print", ["seen_at"], unique=False)
    op.add_column("step_day", sa.Column("twin", sa.Boolean(), server_default=sa.false(), nullable=False))
