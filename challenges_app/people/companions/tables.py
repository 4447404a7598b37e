"""Companions and the codes by which they meet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Companion(Base):
    """One side of two companions; they are companions when both sides, or their guardians, have agreed.

    What a guardian agreed to hangs on the consent under which the child played then, and ends with it.
    """

    __tablename__ = "companion"
    __table_args__ = (Index(None, "companion_id"), {"info": rights.personal(("person_id", "companion_id"), "delete")})

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    companion_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    met_at: Mapped[datetime] = mapped_column(Instant)
    agreed_at: Mapped[datetime | None] = mapped_column(Instant)  # by this side
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"))  # None: by themselves


class MeetingCode(Base):
    """What one of two who stand beside each other shows and the other scans; it works once, for minutes."""

    __tablename__ = "meeting_code"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
