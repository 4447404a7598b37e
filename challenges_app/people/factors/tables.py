"""Second factors of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Totp(Base):
    """The secret of an app that shows codes (RFC 6238); `step` is the last time step whose code was used."""

    __tablename__ = "totp"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(info=rights.left_out("secret"))
    step: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)  # None until a first code proved that the app has it


class Passkey(Base):
    """A key pair on somebody's device (WebAuthn), of which the public half is here."""

    __tablename__ = "passkey"
    __table_args__ = (Index(None, "account_id"), {"info": rights.personal("account_id", "delete")})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True, info=rights.left_out("secret"))
    public_key: Mapped[bytes] = mapped_column(info=rights.left_out("secret"))  # COSE
    sign_count: Mapped[int] = mapped_column(BigInteger)
    device: Mapped[str] = mapped_column(String(40))  # as "Chrome · Android"
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """A code on paper that stands in for a second factor once; using it deletes it."""

    __tablename__ = "recovery_code"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    made_at: Mapped[datetime] = mapped_column(Instant)
