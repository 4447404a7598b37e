"""Accounts, their sessions and known devices, cards to sign in with, and links that work once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Account(Base):
    """Credentials. The name to sign in with and the e-mail address are sealed, and found again by their blind indexes.

    An account that signs in by a card only has an empty password hash, which no password fits.
    """

    __tablename__ = "account"
    __table_args__ = (Index(None, "email_index", unique=True), {"info": rights.personal("id", "delete")})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=rights.sealed())
    password_hash: Mapped[str] = mapped_column(String(200), info=rights.left_out("secret"))
    language: Mapped[str] = mapped_column(String(7))
    created_at: Mapped[datetime] = mapped_column(Instant)
    email_index: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), info=rights.left_out("digest")
    )  # of a verified one
    email_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed())


class Session(Base):
    """A signed-in device; only the digest of its 256-bit id is kept, and an id of its own for the list of devices."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "account_id"), {"info": rights.personal("account_id", "delete")})

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(String(40))  # as "Chrome · Android"
    seen_at: Mapped[datetime] = mapped_column(Instant)  # to the hour
    strong_at: Mapped[datetime | None] = mapped_column(Instant)  # when a second factor was proved on it
    # The digest of the mark that the browser keeps; one without is known by its session alone.
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(32), info=rights.left_out("digest"))


class KnownDevice(Base):
    """A browser in which an account has signed in before, by the digest of a random mark that it keeps."""

    __tablename__ = "known_device"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class OnceLink(Base):
    """A secret that works once: a mailed link, the second step of a sign-in, the challenge of a passkey."""

    __tablename__ = "once_link"
    __table_args__ = (Index(None, "account_id"), {"info": rights.personal("account_id", "delete")})

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    purpose: Mapped[str] = mapped_column(String(10))  # see LINK_LASTS
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    holds_sealed: Mapped[bytes] = mapped_column(
        info=rights.left_out("secret")
    )  # JSON: what is done once the link is followed
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)


class SignInCard(Base):
    """A printed card that signs somebody in; a new one makes the old one worthless."""

    __tablename__ = "sign_in_card"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    made_at: Mapped[datetime] = mapped_column(Instant)
