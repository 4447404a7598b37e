"""Steps: deliveries, sources, days, and the time in which late data counts."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_steps"
down_revision = "2026_11_23_the_house"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daily_total",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_total_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "on", name=op.f("pk_daily_total")),
    )
    op.create_table(
        "step_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spool", sa.String(length=64), nullable=True),
        sa.Column("spool_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("problems_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("more_problems", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_delivery_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_delivery")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_step_delivery_person_id_digest")),
    )
    op.create_index(op.f("ix_step_delivery_state_received_at"), "step_delivery", ["state", "received_at"], unique=False)
    op.create_table(
        "step_person",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_person_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_step_person")),
    )
    op.create_table(
        "step_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("name_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_step_source_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_source")),
        sa.UniqueConstraint("person_id", "name_index", name=op.f("uq_step_source_person_id_name_index")),
    )
    op.create_table(
        "step_day",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hours", sa.LargeBinary(length=96), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Integer(), nullable=False),
        sa.Column("fastest", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_day_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["source_id"], ["step_source.id"], name=op.f("fk_step_day_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "on", "source_id", name=op.f("pk_step_day")),
    )
    _add_settling()


def _add_settling() -> None:
    """Challenges that are there already take late data for seven days after their end."""
    # A default lets the column be added to a table with rows on both databases; copying the table would break its keys.
    column = sa.Column(
        "settles_until", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00"
    )
    op.add_column("challenge", column)
    conn = op.get_bind()
    if conn.dialect.name == "postgresql":
        op.alter_column("challenge", "settles_until", server_default=None)
    moment = sa.DateTime(timezone=True)
    challenge = sa.table(
        "challenge", sa.column("id", sa.String), sa.column("closes_at", moment), sa.column("settles_until", moment)
    )
    for row in conn.execute(sa.select(challenge.c.id, challenge.c.closes_at)).all():
        until = row.closes_at + timedelta(days=7)
        conn.execute(sa.update(challenge).where(challenge.c.id == row.id).values(settles_until=until))
