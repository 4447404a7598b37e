"""Identities that were checked, and codes to show at a counter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Identity(Base):
    """That a person's Hong Kong identity card number was checked; one number belongs to one person."""

    __tablename__ = "identity"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    method: Mapped[str] = mapped_column(String(10))  # counter | iam-smart
    number_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    number_sealed: Mapped[bytes] = mapped_column(info=rights.sealed("person_id"))
    name_sealed: Mapped[bytes | None] = mapped_column(info=rights.sealed("person_id"))
    checked_at: Mapped[datetime] = mapped_column(Instant)
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class CounterCode(Base):
    """A code that a person shows at a counter, so that whoever checks the card reaches the right account."""

    __tablename__ = "counter_code"
    __table_args__ = ({"info": rights.personal("person_id", "delete")},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, info=rights.left_out("digest"))
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
