"""Notices, and by which road each was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Notice(Base):
    """Something that an account, or an address without one, is told: a kind of text, and what fills its places.

    `key` makes it impossible to tell the same thing twice.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "account_id", "made_at"), {"info": rights.personal("account_id", "delete")})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(7))
    values_sealed: Mapped[bytes]
    address_sealed: Mapped[bytes | None]  # where to mail it; None: in the app only
    made_at: Mapped[datetime] = mapped_column(Instant)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
