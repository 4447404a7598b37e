"""Organisations and memberships."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Organisation(Base):
    """A school as an employer, a government department, later a clinic or a care team."""

    __tablename__ = "organisation"
    __table_args__ = ({"info": rights.exempt("facts of an institution")},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # school | department
    school_id: Mapped[str | None] = mapped_column(ForeignKey("school.id"), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))


class Membership(Base):
    """The role that an account holds in an organisation, from a day until a day."""

    __tablename__ = "membership"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)  # teacher | staff
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
