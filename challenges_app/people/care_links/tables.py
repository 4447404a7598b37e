"""Care links, the codes that make them, and what is hidden from a carer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class CareLink(Base):
    """That somebody may do certain things for a person, from a moment until it ends; its row stays afterwards."""

    __tablename__ = "care_link"
    __table_args__ = (
        Index(None, "carer_id"),
        Index(
            "ux_care_link_active", "person_id", "carer_id", unique=True,
            sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'"),
        ),
        {"info": rights.personal(("person_id", "carer_id"), "delete")},
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    carer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))  # family | friend | professional
    scopes: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))  # active | suspended | ended
    evidence: Mapped[str] = mapped_column(String(20))  # both-sides | guardian
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)  # to the hour


class CareOffer(Base):
    """A code by which one person takes on certain things for another, once, within seven days."""

    __tablename__ = "care_offer"
    __table_args__ = (Index(None, "person_id"), {"info": rights.personal("person_id", "delete")})

    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    until: Mapped[datetime | None] = mapped_column(Instant)  # of the link that it makes
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Safety(Base):
    """The safety switch: address, school and future bookings of a person are hidden from a named carer."""

    __tablename__ = "safety"
    # Only the person's own export tells of it: the one from whom it hides must not learn that it does.
    __table_args__ = (Index(None, "carer_id"), {"info": rights.personal("person_id", "delete")})

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    carer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    since: Mapped[datetime] = mapped_column(Instant)
