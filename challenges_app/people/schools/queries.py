"""Questions and writes to schools, classes and enrolments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_once, insert_or_add, insert_or_replace
from challenges_app.kit.words import Language
from challenges_app.people.schools.tables import ClassCode, Enrolment, School, SchoolClass


def class_of(conn: Connection, person_id: UUID, at: datetime) -> Row[UUID, str, str] | None:
    """Class id, class name and school id of a pupil at a moment."""
    wanted = select(SchoolClass.id, SchoolClass.name, SchoolClass.school_id)
    wanted = wanted.join(Enrolment, Enrolment.class_id == SchoolClass.id)
    wanted = wanted.where(Enrolment.person_id == person_id, _during(at)).order_by(Enrolment.since.desc()).limit(1)
    return conn.execute(wanted).one_or_none()


def classes_of(conn: Connection, person_ids: Iterable[UUID], at: datetime) -> dict[UUID, Row[UUID, UUID, str]]:
    """Person, class and school of pupils at a moment, by person; of several classes the newest."""
    wanted = select(Enrolment.person_id, SchoolClass.id, SchoolClass.school_id)
    wanted = wanted.join(SchoolClass, SchoolClass.id == Enrolment.class_id)
    wanted = wanted.where(Enrolment.person_id.in_(list(person_ids)), _during(at))
    return {row.person_id: row for row in conn.execute(wanted.order_by(Enrolment.since))}


def pupil_ids(school_ids: Iterable[str], at: datetime) -> Select[UUID]:
    """The pupils of some schools at a moment."""
    wanted = select(Enrolment.person_id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
    return wanted.where(SchoolClass.school_id.in_(list(school_ids)), _during(at))


def ever_enrolled() -> Select[UUID]:
    """The persons who are or were in a class."""
    return select(Enrolment.person_id)


def names(conn: Connection, school_ids: Iterable[str]) -> dict[str, dict[Language, str]]:
    """Names of schools in three languages, by id."""
    rows = conn.execute(select(School).where(School.id.in_(list(school_ids))))
    return {row.id: {"zh-Hant": row.name_zh_hant, "zh-Hans": row.name_zh_hans, "en": row.name_en} for row in rows}


def class_names(conn: Connection, class_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of classes, by id."""
    rows = conn.execute(select(SchoolClass.id, SchoolClass.name).where(SchoolClass.id.in_(list(class_ids))))
    return {row.id: row.name for row in rows}


def district_of(conn: Connection, school_id: str) -> str | None:
    """The code of the district in which a school stands."""
    return conn.execute(select(School.district_code).where(School.id == school_id)).scalar_one_or_none()


def enrolled_in_classes(conn: Connection, school_id: str, at: datetime) -> dict[UUID, int]:
    """How many pupils each class of a school has at a moment."""
    wanted = select(SchoolClass.id, func.count()).join(Enrolment, Enrolment.class_id == SchoolClass.id)
    wanted = wanted.where(SchoolClass.school_id == school_id, _during(at)).group_by(SchoolClass.id)
    return {class_id: count for class_id, count in conn.execute(wanted)}


def enrolled(conn: Connection, at: datetime) -> dict[str, int]:
    """How many pupils each school has enrolled here at a moment."""
    wanted = select(SchoolClass.school_id, func.count(func.distinct(Enrolment.person_id)))
    wanted = wanted.join(Enrolment, Enrolment.class_id == SchoolClass.id).where(_during(at))
    return {school: count for school, count in conn.execute(wanted.group_by(SchoolClass.school_id))}


def add_schools(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the schools that are not there yet."""
    insert_missing(tx, School, rows)


def all_schools(conn: Connection) -> dict[str, dict[str, Any]]:
    """Every school, whole rows, by id."""
    return {row.id: dict(row._mapping) for row in conn.execute(select(School.__table__))}


def replace_schools(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add schools; those that are there take the new names and district."""
    replace = ("name_en", "name_zh_hant", "name_zh_hans", "district_code")
    insert_or_replace(tx, School, rows, key=("id",), replace=replace)


def classes(conn: Connection, school_ids: Iterable[str]) -> Sequence[Row[UUID, str, str]]:
    """Id, school and name of the classes of some schools, by school and name."""
    wanted = select(SchoolClass.id, SchoolClass.school_id, SchoolClass.name)
    wanted = wanted.where(SchoolClass.school_id.in_(list(school_ids)))
    return conn.execute(wanted.order_by(SchoolClass.school_id, SchoolClass.name)).all()


def one_class(conn: Connection, class_id: UUID) -> Row[UUID, str, str] | None:
    """Id, school and name of a class."""
    wanted = select(SchoolClass.id, SchoolClass.school_id, SchoolClass.name)
    return conn.execute(wanted.where(SchoolClass.id == class_id)).one_or_none()


def pupils(conn: Connection, class_ids: Iterable[UUID], at: datetime) -> Sequence[Row[UUID, UUID, datetime]]:
    """Class, person and first day of everybody who is in some classes at a moment."""
    wanted = select(Enrolment.class_id, Enrolment.person_id, Enrolment.since)
    return conn.execute(wanted.where(Enrolment.class_id.in_(list(class_ids)), _during(at))).all()


def codes(conn: Connection, class_ids: Iterable[UUID], at: datetime) -> dict[UUID, Row[Any]]:
    """The codes, whole rows, by which classes may be joined at a moment, by class."""
    wanted = select(ClassCode).where(ClassCode.class_id.in_(list(class_ids)), ClassCode.ends_at > at)
    return {row.class_id: row for row in conn.execute(wanted)}


def class_of_code(conn: Connection, code_index: bytes, at: datetime) -> UUID | None:
    """The class that a code opens at a moment."""
    wanted = select(ClassCode.class_id).where(ClassCode.code_index == code_index, ClassCode.ends_at > at)
    return conn.execute(wanted).scalar_one_or_none()


def keep_code(tx: Tx, row: Mapping[str, Any]) -> None:
    """Keep a class's code in place of the one before."""
    insert_or_add(tx, ClassCode, row, key=("class_id",), add=(), replace=("code_index", "code_sealed", "ends_at"))


def end_code(tx: Tx, class_id: UUID) -> None:
    """Forget a class's code; nothing happens when it has none."""
    tx.execute(delete(ClassCode).where(ClassCode.class_id == class_id))


def add_class(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a class; False when the school has one of this name."""
    return insert_once(tx, SchoolClass, row)


def add_enrolment(tx: Tx, row: Mapping[str, Any]) -> None:
    """Put a pupil into a class; one who was taken out at the moment of joining is put back."""
    insert_or_add(tx, Enrolment, row, key=("person_id", "class_id", "since"), add=(), replace=("until",))


def end_enrolments(tx: Tx, person_id: UUID, now: datetime, class_id: UUID | None = None) -> bool:
    """Take a pupil out of a class, or out of all; False when they were in none."""
    mine = update(Enrolment).where(Enrolment.person_id == person_id, _during(now))
    if class_id:
        mine = mine.where(Enrolment.class_id == class_id)
    return tx.execute(mine.values(until=now)).rowcount > 0


def _during(at: datetime) -> ColumnElement[bool]:
    return (Enrolment.since <= at) & or_(Enrolment.until.is_(None), Enrolment.until > at)
