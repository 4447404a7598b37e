"""Days of steps that were typed in, which count where a challenge says so."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_typed_days"
down_revision = "2026_11_24_vendor_keys"
branch_labels = None
depends_on = None

MOST_IN_A_DAY = 100_000  # more is held


def upgrade() -> None:
    op.create_table(
        "daily_typed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_daily_typed_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "on", name=op.f("pk_daily_typed")),
    )
    day = sa.table("step_day", *(sa.column(name) for name in ("person_id", "on", "by_hand")))
    said = (
        sa.select(day.c.person_id, day.c.on, sa.func.max(day.c.by_hand))
        .where(day.c.by_hand.between(1, MOST_IN_A_DAY), day.c.on <= sa.func.current_date())
        .group_by(day.c.person_id, day.c.on)
    )
    typed = sa.table("daily_typed", *(sa.column(name) for name in ("person_id", "on", "steps")))
    op.execute(typed.insert().from_select(["person_id", "on", "steps"], said))
