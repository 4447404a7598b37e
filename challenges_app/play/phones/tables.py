"""Phones with their keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Phone(Base):
    """A phone, or an app on one, that pushes somebody's steps; one without a digest can no longer."""

    __tablename__ = "phone"
    __table_args__ = (
        Index(None, "person_id"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name_sealed: Mapped[bytes] = mapped_column(info=rights.sealed())
    key_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("secret"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
