"""Questions and writes to schools, classes and enrolments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_row
from challenges_app.kit.words import Language
from challenges_app.people.schools.tables import Enrolment, School, SchoolClass


def class_of(conn: Connection, person_id: UUID, at: datetime) -> Row[UUID, str, str] | None:
    """Class id, class name and school id of a pupil at a moment."""
    wanted = select(SchoolClass.id, SchoolClass.name, SchoolClass.school_id)
    wanted = wanted.join(Enrolment, Enrolment.class_id == SchoolClass.id)
    wanted = wanted.where(Enrolment.person_id == person_id, _during(at)).order_by(Enrolment.since.desc()).limit(1)
    return conn.execute(wanted).one_or_none()


def names(conn: Connection, school_ids: Iterable[str]) -> dict[str, dict[Language, str]]:
    """Names of schools in three languages, by id."""
    rows = conn.execute(select(School).where(School.id.in_(list(school_ids))))
    return {row.id: {"zh-Hant": row.name_zh_hant, "zh-Hans": row.name_zh_hans, "en": row.name_en} for row in rows}


def district_of(conn: Connection, school_id: str) -> str | None:
    """The code of the district in which a school stands."""
    return conn.execute(select(School.district_code).where(School.id == school_id)).scalar_one_or_none()


def enrolled(conn: Connection, at: datetime) -> dict[str, int]:
    """How many pupils each school has enrolled here at a moment."""
    wanted = select(SchoolClass.school_id, func.count(func.distinct(Enrolment.person_id)))
    wanted = wanted.join(Enrolment, Enrolment.class_id == SchoolClass.id).where(_during(at))
    return {school: count for school, count in conn.execute(wanted.group_by(SchoolClass.school_id))}


def add_schools(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the schools that are not there yet."""
    insert_missing(tx, School, rows)


def add_class(tx: Tx, row: Mapping[str, Any]) -> None:
    """Add a class."""
    insert_row(tx, SchoolClass, row)


def add_enrolment(tx: Tx, row: Mapping[str, Any]) -> None:
    """Put a pupil into a class."""
    insert_row(tx, Enrolment, row)


def _during(at: datetime) -> ColumnElement[bool]:
    return (Enrolment.since <= at) & or_(Enrolment.until.is_(None), Enrolment.until > at)
