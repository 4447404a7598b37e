"""Accounts and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Account(Base):
    """Credentials. The name to sign in with is sealed, and found again through its blind index."""

    __tablename__ = "account"
    __table_args__ = ({"info": rights.personal("id", "delete")},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(7))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Session(Base):
    """A signed-in device; only the digest of its 256-bit id is kept."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "account_id"), {"info": rights.personal("account_id", "delete")})

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
