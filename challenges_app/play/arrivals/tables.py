"""Bodies as they came by themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant
from challenges_app.kit.outbox import Identity


class StepArrival(Base):
    """A body as a phone pushed it or a vendor answered it: kept before it is understood, and for thirty days after.

    `sender_id` is the phone or the connection that it came by; its name is there for steps that name no source.
    """

    __tablename__ = "step_arrival"
    __table_args__ = (
        Index(
            "ix_step_arrival_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "sender_id", "id"),
        Index(None, "received_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    sender_id: Mapped[UUID]
    name_sealed: Mapped[bytes] = mapped_column(info=rights.sealed("digest"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))  # waiting | done | refused | cancelled
    provider: Mapped[str | None] = mapped_column(String(40))
    body_sealed: Mapped[bytes] = mapped_column(info=rights.sealed("digest"))
    # JSON; shows bits of the person's own body
    problems_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed("digest", as_json=True))
