"""Persons and the face that they show in play."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Person(Base):
    """A person. The nickname is two keys of word lists, never typed; the date of birth is sealed.

    What is sealed about a person is sealed under a key of their own, which goes with this row on erasure; somebody from
    before there were such keys has none, and the ring's own key serves instead.
    """

    __tablename__ = "person"
    __table_args__ = ({"info": rights.personal("id", "delete", ties=("account_id",))},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), unique=True)
    adjective: Mapped[str] = mapped_column(String(20))
    species: Mapped[str] = mapped_column(String(20))
    born_on_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=rights.sealed())
    created_at: Mapped[datetime] = mapped_column(Instant)
    key_sealed: Mapped[bytes | None] = mapped_column(info=rights.left_out("key"))
