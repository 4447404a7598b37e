"""Consents, one row for each time that one was given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Consent(Base):
    """That somebody agreed to something for a person; it holds until it is withdrawn, and its row stays then too."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "person_id", "about"),
        Index(None, "withdrawn_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(20))  # play
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
