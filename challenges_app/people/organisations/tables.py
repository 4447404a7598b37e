"""Organisations, memberships, and invitations to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Organisation(Base):
    """A school as an employer, a government department, a workplace, a clinic, a care team, a centre."""

    __tablename__ = "organisation"
    __table_args__ = ({"info": rights.exempt("facts of an institution")},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # see organisations/rules.py
    school_id: Mapped[str | None] = mapped_column(ForeignKey("school.id"), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh_hant: Mapped[str] = mapped_column(String(100), server_default="")
    name_zh_hans: Mapped[str] = mapped_column(String(100), server_default="")
    district_code: Mapped[str | None] = mapped_column(String(3))


class Membership(Base):
    """The role that an account holds in an organisation, from a day until a day."""

    __tablename__ = "membership"
    __table_args__ = ({"info": rights.personal("account_id", "delete")},)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)  # see organisations/rules.py
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    registration_sealed: Mapped[bytes | None] = mapped_column(
        info=rights.sealed("account_id")
    )  # a clinician's number with their board or council


class OrganisationInvite(Base):
    """A code that gives one account a role in an organisation, once, within seven days."""

    __tablename__ = "organisation_invite"
    __table_args__ = (Index(None, "organisation_id"), {"info": rights.personal("made_by", "delete")})

    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True, info=rights.left_out("digest"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))  # None: by an operator
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
