"""What came by itself, from phones and from vendors, in one place."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_arrivals"
down_revision = "2026_11_23_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = "SELECT count(*) FROM phone_push WHERE state = 'waiting'"
    if op.get_bind().exec_driver_sql(waiting).scalar_one():
        # What is sealed says in which table it stands, so a body cannot be moved, only be understood before.
        raise RuntimeError(
            "Phones have pushed what was not read yet: run `eplus worker` of the version before for a while."
        )
    op.create_table(
        "step_arrival",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("problems_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_arrival_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_arrival")),
        sa.UniqueConstraint("digest", name=op.f("uq_step_arrival_digest")),
    )
    op.create_index(op.f("ix_step_arrival_person_id"), "step_arrival", ["person_id"], unique=False)
    op.create_index(op.f("ix_step_arrival_received_at"), "step_arrival", ["received_at"], unique=False)
    op.create_index(op.f("ix_step_arrival_sender_id_id"), "step_arrival", ["sender_id", "id"], unique=False)
    op.create_index(
        "ix_step_arrival_waiting",
        "step_arrival",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_table("phone_push")
