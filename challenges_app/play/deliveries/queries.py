"""Questions and writes to deliveries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once
from challenges_app.play.deliveries.tables import StepDelivery

_GOING = ("waiting", "reading", "keeping")
_READ = ("done", "refused")
_NO_FILE = {"spool": None, "spool_key_sealed": None}


def add_delivery(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Add a delivery; False when this person gave the same bytes before."""
    return insert_once(tx, StepDelivery, row)


def same_delivery(conn: Connection, person_id: UUID, digest: bytes) -> Row[Any] | None:
    """The delivery of the same bytes, whole row."""
    wanted = select(StepDelivery).where(StepDelivery.person_id == person_id, StepDelivery.digest == digest)
    return conn.execute(wanted).one_or_none()


def deliver_again(tx: Tx, delivery_id: UUID, row: Mapping[str, Any]) -> bool:
    """Have a delivery read again of which nothing counts; False when it does, or will soon."""
    again = update(StepDelivery).where(StepDelivery.id == delivery_id)
    of_no_use = StepDelivery.state.in_(("refused", "cancelled", "removed"))
    return tx.execute(again.where(of_no_use).values(**row)).rowcount == 1


def let_again(tx: Tx, person_id: UUID, provider: str) -> None:
    """Forget a person's files of a provider and let them be given again, since one of its sources was removed."""
    theirs = update(StepDelivery).where(StepDelivery.person_id == person_id, StepDelivery.provider == provider)
    tx.execute(theirs.where(StepDelivery.state == "done").values(state="removed", **_NO_FILE))


def delivery(conn: Connection, person_id: UUID, delivery_id: UUID) -> Row[Any] | None:
    """One of a person's deliveries, whole row."""
    wanted = select(StepDelivery).where(StepDelivery.person_id == person_id, StepDelivery.id == delivery_id)
    return conn.execute(wanted).one_or_none()


def going(conn: Connection, person_id: UUID) -> int:
    """How many of a person's deliveries wait or are being read."""
    mine = select(func.count()).select_from(StepDelivery).where(StepDelivery.person_id == person_id)
    return conn.execute(mine.where(StepDelivery.state.in_(_GOING))).scalar_one()


def deliveries(conn: Connection, person_id: UUID, most: int) -> Sequence[Row[Any]]:
    """A person's last deliveries, whole rows, the newest first."""
    wanted = select(StepDelivery).where(StepDelivery.person_id == person_id)
    return conn.execute(wanted.order_by(StepDelivery.received_at.desc(), StepDelivery.id).limit(most)).all()


def claim(tx: Tx, now: datetime, lease_until: datetime) -> Row[Any] | None:
    """Take the delivery that waits longest, or one whose reader went silent; of many that ask, one gets it."""
    free = or_(
        StepDelivery.state == "waiting",
        and_(StepDelivery.state.in_(("reading", "keeping")), StepDelivery.lease_until <= now),
    )
    first = select(StepDelivery.id).where(free).order_by(StepDelivery.received_at, StepDelivery.id).limit(1)
    first = first.with_for_update(skip_locked=True)
    taken = update(StepDelivery).where(StepDelivery.id == first.scalar_subquery(), free)
    taken = taken.values(state="reading", lease_until=lease_until, tries=StepDelivery.tries + 1)
    return tx.execute(taken.returning(StepDelivery)).one_or_none()


def hold(tx: Tx, delivery_id: UUID, tries: int, lease_until: datetime, share: float) -> bool:
    """Go on with a delivery that is ours; False when it was cancelled, or another reader has taken it over."""
    ours = update(StepDelivery).where(
        StepDelivery.id == delivery_id, StepDelivery.state == "reading", StepDelivery.tries == tries
    )
    return tx.execute(ours.values(lease_until=lease_until, share=share)).rowcount == 1


def begin_keeping(tx: Tx, delivery_id: UUID, tries: int) -> bool:
    """Go from reading to keeping, after which nothing stops a delivery; False when it is no longer ours."""
    ours = update(StepDelivery).where(
        StepDelivery.id == delivery_id, StepDelivery.state == "reading", StepDelivery.tries == tries
    )
    return tx.execute(ours.values(state="keeping", share=1.0)).rowcount == 1


def note_days(tx: Tx, delivery_id: UUID, values: Mapping[str, Any]) -> None:
    """Note which days a delivery has told of so far."""
    tx.execute(update(StepDelivery).where(StepDelivery.id == delivery_id).values(**values))


def end_delivery(tx: Tx, delivery_id: UUID, values: Mapping[str, Any], *, states: Sequence[str]) -> bool:
    """Bring a delivery from one of some states to its end; False when it was in none."""
    ended = update(StepDelivery).where(StepDelivery.id == delivery_id, StepDelivery.state.in_(states))
    return tx.execute(ended.values(lease_until=None, **values)).rowcount == 1


def let_go(tx: Tx, delivery_id: UUID) -> None:
    """Let go of a delivery's file."""
    tx.execute(update(StepDelivery).where(StepDelivery.id == delivery_id).values(**_NO_FILE))


def let_go_of_read(tx: Tx, delivery_id: UUID) -> bool:
    """Let go of a delivery's file, unless it waits to be read or is being read; False then."""
    read = update(StepDelivery).where(StepDelivery.id == delivery_id, StepDelivery.state.not_in(_GOING))
    return tx.execute(read.values(**_NO_FILE)).rowcount == 1


def let_go_before(tx: Tx, moment: datetime) -> None:
    """Let go of all files that came before a moment and have been read."""
    read = (StepDelivery.received_at < moment, StepDelivery.state.in_(_READ), StepDelivery.spool.is_not(None))
    tx.execute(update(StepDelivery).where(*read).values(**_NO_FILE))


def kept(
    conn: Connection, state: str | None, provider: str | None, since: datetime | None, most: int
) -> Sequence[Row[Any]]:
    """Deliveries whose files are still there, whole rows, the newest first; what is None does not matter."""
    wanted = select(StepDelivery).where(StepDelivery.spool.is_not(None), *_those(state, provider, since))
    return conn.execute(wanted.order_by(StepDelivery.received_at.desc(), StepDelivery.id).limit(most)).all()


def wait_again(tx: Tx, delivery_ids: Iterable[UUID]) -> int:
    """Have files that were read and are still there read once more; answers how many."""
    again = update(StepDelivery).where(
        StepDelivery.id.in_(list(delivery_ids)), StepDelivery.spool.is_not(None), StepDelivery.state.in_(_READ)
    )
    return tx.execute(again.values(state="waiting", share=0.0, tries=0)).rowcount


def _those(state: str | None, provider: str | None, since: datetime | None) -> list[ColumnElement[bool]]:
    those: list[ColumnElement[bool]] = []
    if state is not None:
        those.append(StepDelivery.state == state)
    if provider is not None:
        those.append(StepDelivery.provider == provider)
    if since is not None:
        those.append(StepDelivery.received_at >= since)
    return those


def health(conn: Connection, since: datetime) -> Sequence[Row[str | None, int, int, int, datetime]]:
    """Of each tracker how many files came since a moment and were `read` or `refused`, how many wait, `since` when."""
    waits, new, count = StepDelivery.state.in_(_GOING), StepDelivery.received_at >= since, func.count()
    counted = select(
        StepDelivery.provider,
        count.filter(StepDelivery.state == "done", new).label("read"),
        count.filter(StepDelivery.state == "refused", new).label("refused"),
        count.filter(waits).label("waiting"),
        func.min(StepDelivery.received_at).filter(waits).label("since"),
    )
    return conn.execute(counted.where(or_(new, waits)).group_by(StepDelivery.provider)).all()


def spools(conn: Connection) -> set[str]:
    """The names of all sealed files that a delivery still needs."""
    return {name for name in conn.execute(select(StepDelivery.spool)).scalars() if name}
