"""Notices, by which road each was told, and which roads somebody wants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Notice(Base):
    """Something that an account, or an address without one, is told: a kind of text, and what fills its places.

    `key`, a digest in hex, makes it impossible to tell the same thing twice.
    """

    __tablename__ = "notice"
    __table_args__ = (Index(None, "account_id", "made_at"), {"info": rights.personal("account_id", "delete")})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True, info=rights.left_out("digest"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(7))  # of a reader without an account; an account's is looked up
    values_sealed: Mapped[bytes] = mapped_column(info=rights.sealed(as_json=True))
    address_sealed: Mapped[bytes | None] = mapped_column(
        info=rights.sealed()
    )  # of a reader without an account; an account's is looked up
    made_at: Mapped[datetime] = mapped_column(Instant)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class PushSubscription(Base):
    """A browser that takes messages for an account (Web Push); its address and keys are sealed.

    It is used only while the account is signed in there: `mark` is that of the browser's sessions.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (Index(None, "account_id"), {"info": rights.personal("account_id", "delete")})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    endpoint_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    holds_sealed: Mapped[bytes] = mapped_column(info=rights.left_out("secret"))  # JSON: endpoint, p256dh, auth
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), index=True, info=rights.left_out("digest"))
    device: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(Instant)


class NoticeChoice(Base):
    """How somebody wants to be told; without a row: by mail too, and quietly from ten to eight."""

    __tablename__ = "notice_choice"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    mail: Mapped[bool]
    quiet_from: Mapped[str | None] = mapped_column(String(5))  # Hong Kong time, as "22:00"; None: never quiet
    quiet_until: Mapped[str | None] = mapped_column(String(5))
