"""Appeals against steps that were not counted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class StepAppeal(Base):
    """Somebody's word about steps that were not counted; one for each source and day (source 0: the whole day)."""

    __tablename__ = "step_appeal"
    __table_args__ = (
        UniqueConstraint("person_id", "on", "source"),
        Index(None, "state", "asked_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    on: Mapped[date]
    source: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(12))
    steps: Mapped[int]
    text_sealed: Mapped[bytes] = mapped_column(info=rights.sealed())
    state: Mapped[str] = mapped_column(String(9))  # open | granted | declined
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed())
