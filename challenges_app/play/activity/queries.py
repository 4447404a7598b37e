"""Questions and writes to sources and days of steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing, insert_once, insert_or_replace
from challenges_app.play.activity.tables import (
    DailyTotal,
    DailyTyped,
    StepDay,
    StepPerson,
    StepPrint,
    StepSource,
    StepStretches,
)


def hold_person(tx: Tx, person_id: UUID) -> None:
    """Keep everybody else from changing a person's days until the transaction ends."""
    insert_once(tx, StepPerson, {"person_id": person_id})
    tx.execute(select(StepPerson).where(StepPerson.person_id == person_id).with_for_update())


def add_sources(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the sources that are not there yet."""
    insert_missing(tx, StepSource, rows)


def sources(conn: Connection, person_id: UUID) -> Sequence[Row[Any]]:
    """A person's sources, whole rows."""
    return conn.execute(select(StepSource).where(StepSource.person_id == person_id).order_by(StepSource.id)).all()


def remove_source(tx: Tx, person_id: UUID, source_id: int) -> str | None:
    """Forget a source and all its days; answers its provider, or None when it is not this person's."""
    mine = (StepSource.person_id == person_id, StepSource.id == source_id)
    tx.execute(delete(StepDay).where(StepDay.person_id == person_id, StepDay.source_id == source_id))
    return tx.execute(delete(StepSource).where(*mine).returning(StepSource.provider)).scalar_one_or_none()


def source_days(conn: Connection, person_id: UUID, first_on: date, last_on: date) -> Sequence[Row[Any]]:
    """What all of a person's sources say of days, whole rows, by day."""
    wanted = select(StepDay).where(StepDay.person_id == person_id, StepDay.on >= first_on, StepDay.on <= last_on)
    return conn.execute(wanted.order_by(StepDay.on, StepDay.source_id)).all()


def days_of_source(conn: Connection, person_id: UUID, source_id: int) -> list[date]:
    """The days of which a source says anything."""
    wanted = select(StepDay.on).where(StepDay.person_id == person_id, StepDay.source_id == source_id)
    return list(conn.execute(wanted.order_by(StepDay.on)).scalars())


def keep_source_days(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what sources say of days, in place of what they said before."""
    said = ("hours", "total", "by_hand", "fastest", "revised_at", "released")
    insert_or_replace(tx, StepDay, rows, key=("person_id", "on", "source_id"), replace=said)


def add_prints(tx: Tx, person_id: UUID, now: datetime, prints: Iterable[bytes]) -> None:
    """Keep prints of a person's days, all but those that somebody's day has already."""
    # In one order, so that two who bring the same days wait for each other and never in a ring.
    insert_missing(tx, StepPrint, [{"print": each, "person_id": person_id, "seen_at": now} for each in sorted(prints)])


def printed(conn: Connection, prints: Iterable[bytes]) -> dict[bytes, UUID]:
    """Whose days have prints."""
    wanted = select(StepPrint.print, StepPrint.person_id).where(StepPrint.print.in_(list(prints)))
    return {found: person_id for found, person_id in conn.execute(wanted)}


def forget_prints(tx: Tx, person_id: UUID, prints: Iterable[bytes]) -> None:
    """Forget prints of a person's days, so that whoever brings such a day next has it."""
    tx.execute(delete(StepPrint).where(StepPrint.print.in_(list(prints)), StepPrint.person_id == person_id))


def note_twin(tx: Tx, person_id: UUID, on: date, source_id: int, twin: bool) -> None:
    """Note whether a source's day is what somebody else's was before."""
    day = (StepDay.person_id == person_id, StepDay.on == on, StepDay.source_id == source_id)
    tx.execute(update(StepDay).where(*day, StepDay.twin.is_not(twin)).values(twin=twin))


def release(tx: Tx, person_id: UUID, on: date, source_ids: Iterable[int]) -> None:
    """Let days of sources count as they are."""
    days = (StepDay.person_id == person_id, StepDay.on == on, StepDay.source_id.in_(list(source_ids)))
    tx.execute(update(StepDay).where(*days).values(released=True))


def stretches(conn: Connection, person_id: UUID, days: Iterable[date]) -> Sequence[Row[Any]]:
    """What a person's sources have told of days so far, whole rows."""
    wanted = select(StepStretches).where(StepStretches.person_id == person_id, StepStretches.on.in_(list(days)))
    return conn.execute(wanted.order_by(StepStretches.on, StepStretches.source_id)).all()


def keep_stretches(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what sources have told of days, in place of what they had told before."""
    changed = ("changed_at", "stretches")
    insert_or_replace(tx, StepStretches, rows, key=("person_id", "on", "source_id"), replace=changed)


def totals(conn: Connection, person_id: UUID, first_on: date, last_on: date) -> dict[date, int]:
    """The counted steps of a person's days; a day that is missing is not a day of zero."""
    wanted = select(DailyTotal.on, DailyTotal.steps).where(
        DailyTotal.person_id == person_id, DailyTotal.on >= first_on, DailyTotal.on <= last_on
    )
    return {on: steps for on, steps in conn.execute(wanted)}


def keep_totals(tx: Tx, person_id: UUID, steps: Mapping[date, int | None]) -> None:
    """Keep the counted steps of days; None takes a day away."""
    rows = [
        {"person_id": person_id, "on": on, "steps": count} for on, count in sorted(steps.items()) if count is not None
    ]
    insert_or_replace(tx, DailyTotal, rows, key=("person_id", "on"), replace=("steps",))
    forget_totals(tx, person_id, [on for on, count in steps.items() if count is None])


def forget_totals(tx: Tx, person_id: UUID, days: Iterable[date]) -> None:
    """Take days away of which nothing counts any more."""
    tx.execute(delete(DailyTotal).where(DailyTotal.person_id == person_id, DailyTotal.on.in_(list(days))))


def typed(conn: Connection, person_id: UUID, first_on: date, last_on: date) -> dict[date, int]:
    """The most that was typed in for each of a person's days."""
    wanted = select(DailyTyped.on, DailyTyped.steps).where(
        DailyTyped.person_id == person_id, DailyTyped.on >= first_on, DailyTyped.on <= last_on
    )
    return {on: steps for on, steps in conn.execute(wanted)}


def keep_typed(tx: Tx, person_id: UUID, steps: Mapping[date, int | None]) -> None:
    """Keep the most that was typed in for days; None takes a day away."""
    rows = [{"person_id": person_id, "on": on, "steps": most} for on, most in sorted(steps.items()) if most is not None]
    insert_or_replace(tx, DailyTyped, rows, key=("person_id", "on"), replace=("steps",))
    gone = [on for on, most in steps.items() if most is None]
    if gone:
        tx.execute(delete(DailyTyped).where(DailyTyped.person_id == person_id, DailyTyped.on.in_(gone)))


def said_on(conn: Connection, name_indexes: Iterable[bytes], on: date) -> Sequence[Row[Any]]:
    """What some sources, of whomever, say of a day: whole rows."""
    wanted = select(StepDay).join(StepSource, StepSource.id == StepDay.source_id)
    return conn.execute(wanted.where(StepSource.name_index.in_(list(name_indexes)), StepDay.on == on)).all()


def forget_day(tx: Tx, person_id: UUID, source_id: int, on: date) -> None:
    """Forget what a source said of a day."""
    mine = (StepDay.person_id == person_id, StepDay.on == on, StepDay.source_id == source_id)
    tx.execute(delete(StepDay).where(*mine))


def days_known(conn: Connection, person_id: UUID) -> tuple[date | None, date | None]:
    """The first and the last day of which any source says anything."""
    wanted = select(func.min(StepDay.on), func.max(StepDay.on)).where(StepDay.person_id == person_id)
    first_on, last_on = conn.execute(wanted).one()
    return first_on, last_on
