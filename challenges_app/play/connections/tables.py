"""Connections to vendors' clouds, and the keys with which vendors sign."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Connection(Base):
    """A person's account at a vendor: one for each vendor, and no account for two persons.

    `wanted_from` and `wanted_to` are the days still to be asked for. A lease is held by whoever asks the vendor just
    now, so that tokens are renewed by one process at a time.
    """

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("person_id", "provider"),
        UniqueConstraint("provider", "user_index"),
        Index(None, "due_at"),
        {"info": rights.personal("person_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(40))
    user_index: Mapped[bytes] = mapped_column(LargeBinary(32), info=rights.left_out("digest"))
    grant_sealed: Mapped[bytes] = mapped_column(info=rights.left_out("secret"))
    grant_ends_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10))  # on | refused | gone | leaving
    made_at: Mapped[datetime] = mapped_column(Instant)
    synced_at: Mapped[datetime | None] = mapped_column(Instant)
    heard_at: Mapped[datetime | None] = mapped_column(Instant)  # when the vendor last told of something new
    due_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int]  # in a row
    wanted_from: Mapped[date | None]
    wanted_to: Mapped[date | None]


class VendorKeys(Base):
    """The public keys with which a vendor signs what it tells, as it published them."""

    __tablename__ = "vendor_keys"
    __table_args__ = ({"info": rights.exempt("holds public keys of vendors")},)

    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    keys: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime] = mapped_column(Instant)
