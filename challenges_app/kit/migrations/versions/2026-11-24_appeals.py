"""Appeals against steps that were not counted."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_appeals"
down_revision = "2026_11_24_prints"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_appeal_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_appeal")),
        sa.UniqueConstraint("person_id", "on", "source", name=op.f("uq_step_appeal_person_id_on_source")),
    )
    op.create_index(op.f("ix_step_appeal_state_asked_at"), "step_appeal", ["state", "asked_at"], unique=False)
    op.add_column("step_day", sa.Column("released", sa.Boolean(), server_default=sa.false(), nullable=False))
