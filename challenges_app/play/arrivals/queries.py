"""Questions and writes to what came by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing
from challenges_app.play.arrivals.tables import StepArrival


def add(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep bodies, all but those that came before."""
    insert_missing(tx, StepArrival, rows)


def states(conn: Connection, digests: Iterable[bytes]) -> dict[bytes, str]:
    """How far bodies have come, by their digests; those that are not there are missing."""
    wanted = select(StepArrival.digest, StepArrival.state).where(StepArrival.digest.in_(list(digests)))
    return {digest: state for digest, state in conn.execute(wanted)}


def latest(conn: Connection, sender_ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """Of each sender the last body that is no longer waiting, whole rows."""
    theirs = (StepArrival.sender_id.in_(list(sender_ids)), StepArrival.state != "waiting")
    last = select(func.max(StepArrival.id)).where(*theirs).group_by(StepArrival.sender_id)
    wanted = select(StepArrival).where(StepArrival.id.in_(last))
    return {row.sender_id: row for row in conn.execute(wanted)}


def waiting(conn: Connection, most: int) -> Sequence[Row[Any]]:
    """The bodies that wait longest, whole rows."""
    wanted = select(StepArrival).where(StepArrival.state == "waiting")
    return conn.execute(wanted.order_by(StepArrival.id).limit(most)).all()


def settle(tx: Tx, arrival_id: int, values: Mapping[str, Any]) -> bool:
    """End a body's waiting; False when somebody else has."""
    ours = update(StepArrival).where(StepArrival.id == arrival_id, StepArrival.state == "waiting")
    return tx.execute(ours.values(**values)).rowcount == 1


def note(tx: Tx, arrival_id: int, values: Mapping[str, Any]) -> None:
    """Note what became of a body."""
    tx.execute(update(StepArrival).where(StepArrival.id == arrival_id).values(**values))


def wait_again(tx: Tx, arrival_ids: Iterable[int]) -> int:
    """Have bodies understood once more; answers how many."""
    again = update(StepArrival).where(StepArrival.id.in_(list(arrival_ids)), StepArrival.state.in_(("done", "refused")))
    return tx.execute(again.values(state="waiting", problems_sealed=None)).rowcount


def kept(
    conn: Connection, state: str | None, provider: str | None, since: datetime | None, most: int
) -> Sequence[Row[Any]]:
    """Bodies, whole rows, the newest first; what is None does not matter."""
    wanted = select(StepArrival).where(*_those(state, provider, since))
    return conn.execute(wanted.order_by(StepArrival.id.desc()).limit(most)).all()


def _those(state: str | None, provider: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    those: list[ColumnElement[bool]] = []
    if state is not None:
        those.append(StepArrival.state == state)
    if provider is not None:
        those.append(StepArrival.provider == provider)
    if since is not None:
        those.append(StepArrival.received_at >= since)
    return those


def health(conn: Connection, since: datetime) -> Sequence[Row[str | None, int, int, int, datetime]]:
    """Of each tracker how much came since a moment and was `read` or `refused`, how much is `waiting` `since` when."""
    waits, new, count = StepArrival.state == "waiting", StepArrival.received_at >= since, func.count()
    counted = select(
        StepArrival.provider,
        count.filter(StepArrival.state == "done", new).label("read"),
        count.filter(StepArrival.state == "refused", new).label("refused"),
        count.filter(waits).label("waiting"),
        func.min(StepArrival.received_at).filter(waits).label("since"),
    )
    return conn.execute(counted.where(or_(new, waits)).group_by(StepArrival.provider)).all()


def forget(tx: Tx, sender_id: UUID) -> None:
    """Forget all that came by a sender."""
    tx.execute(delete(StepArrival).where(StepArrival.sender_id == sender_id))
