"""Phones with their keys, and what they pushed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant
from challenges_app.kit.outbox import Identity


class Phone(Base):
    """A phone, or an app on one, that pushes somebody's steps; one without a digest can no longer."""

    __tablename__ = "phone"
    __table_args__ = (
        Index(None, "person_id"),
        {"info": rights.personal("person_id", "delete", ties=("id",))},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name_sealed: Mapped[bytes] = mapped_column(info=rights.sealed())
    key_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("secret"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)


class PhonePush(Base):
    """A body as a phone pushed it: kept before it is understood, and for thirty days after."""

    __tablename__ = "phone_push"
    __table_args__ = (
        Index(
            "ix_phone_push_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "received_at"),
        {"info": rights.personal("phone_id", "delete")},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    phone_id: Mapped[UUID] = mapped_column(ForeignKey("phone.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, info=rights.left_out("digest")
    )  # of key and body
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))  # waiting | done | refused | cancelled
    provider: Mapped[str | None] = mapped_column(String(40))
    body_sealed: Mapped[bytes] = mapped_column(info=rights.sealed("digest"))
    # JSON; shows bits of the person's own body
    problems_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed("digest", as_json=True))
