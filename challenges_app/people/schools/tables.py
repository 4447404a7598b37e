"""Schools, classes, enrolments, and codes to join a class."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class School(Base):
    """A school by the first six digits of its EDB number; one row for all its campuses and sessions."""

    __tablename__ = "school"
    __table_args__ = ({"info": rights.exempt("public facts of the Education Bureau")},)

    id: Mapped[str] = mapped_column(String(6), primary_key=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh_hant: Mapped[str] = mapped_column(String(100))
    name_zh_hans: Mapped[str] = mapped_column(String(100))
    district_code: Mapped[str] = mapped_column(String(3))


class SchoolClass(Base):
    """A class of one school."""

    __tablename__ = "school_class"
    __table_args__ = (
        UniqueConstraint("school_id", "name"),
        {"info": rights.exempt("a class's name, of nobody in particular")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str] = mapped_column(String(10))


class Enrolment(Base):
    """A pupil in a class, from a day until a day; the pupil's present one has no end."""

    __tablename__ = "enrolment"
    __table_args__ = (Index(None, "class_id"), {"info": rights.personal("person_id", "delete")})

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(Instant)


class ClassCode(Base):
    """The code by which pupils join a class until a day; it can be looked up again for the teacher's sheet."""

    __tablename__ = "class_code"
    __table_args__ = ({"info": rights.exempt("a code of a class, of nobody in particular")},)

    class_id: Mapped[UUID] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_sealed: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(Instant)
