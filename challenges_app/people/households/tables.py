"""Households, their members, and invitations to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Household(Base):
    """A family, known to others by a generated name only."""

    __tablename__ = "household"
    __table_args__ = (
        {"info": rights.exempt("holds two words of a generated name; members stand in household_member")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    adjective: Mapped[str] = mapped_column(String(20))
    species: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)


class HouseholdMember(Base):
    """A person in a household; a person is in one at a time."""

    __tablename__ = "household_member"
    __table_args__ = (Index(None, "household_id"), {"info": rights.personal("person_id", "delete")})

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))  # guardian | member
    since: Mapped[datetime] = mapped_column(Instant)


class HouseholdInvite(Base):
    """A code that brings one person into a household, once, within seven days."""

    __tablename__ = "household_invite"
    __table_args__ = (Index(None, "household_id"), {"info": rights.personal("made_by", "delete")})

    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(10))  # guardian | member
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
