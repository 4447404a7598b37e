"""The outbox: what must follow a commit is a row of that commit; done means deleted, failed means due again later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text, delete, func, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant, Tx

Identity = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself for INTEGER only


class Outbox(Base):
    """One thing still to be done; the row's own existence is the cursor."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "topic", "due_at", "id"),
        {"info": rights.exempt("names rows of other tables by id, and lives for seconds")},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    topic: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Text)


_PUT = Outbox.__table__.insert()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed row of the outbox."""

    id: int
    body: Mapping[str, Any]
    tries: int


def put(tx: Tx, now: datetime, topic: str, body: Mapping[str, Any]) -> None:
    """Ask for something to be done once this transaction is committed."""
    tx.execute(_PUT, {"topic": topic, "body": dict(body), "due_at": now, "tries": 0})


def claim(tx: Tx, now: datetime, topic: str, limit: int) -> list[Message]:
    """Take up to `limit` due messages; nobody else sees them until this transaction ends."""
    wanted = (
        select(Outbox.id, Outbox.body, Outbox.tries)
        .where(Outbox.topic == topic, Outbox.due_at <= now)
        .order_by(Outbox.due_at, Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has no such clause and needs none: it has one writer
    )
    return [Message(row.id, row.body, row.tries) for row in tx.execute(wanted)]


def take(tx: Tx, now: datetime, topic: str, in_hand: timedelta) -> Message | None:
    """Take one due message out of the transaction: it comes up again after a while unless it is done by then."""
    for message in claim(tx, now, topic, 1):
        held = update(Outbox).where(Outbox.id == message.id).values(tries=message.tries + 1, due_at=now + in_hand)
        tx.execute(held)
        return message
    return None


def done(tx: Tx, ids: Sequence[int]) -> int:
    """Forget messages whose work is part of this transaction; answers how many of them nobody had forgotten before."""
    return tx.execute(delete(Outbox).where(Outbox.id.in_(ids))).rowcount


def hold(tx: Tx, message: Message, due_at: datetime) -> None:
    """Put a message back until a moment; that was no failure, so it is not counted as one."""
    tx.execute(update(Outbox).where(Outbox.id == message.id).values(tries=message.tries, due_at=due_at))


def later(tx: Tx, now: datetime, message: Message, problem: str) -> None:
    """Put a message back, due again after a wait that doubles up to an hour."""
    wait = min(timedelta(hours=1), timedelta(seconds=2 ** min(message.tries, 12)))
    tx.execute(
        update(Outbox)
        .where(Outbox.id == message.id)
        .values(tries=message.tries + 1, due_at=now + wait, problem=problem)
    )


def waiting(conn: Connection, topic: str) -> int:
    """How many messages of a topic are not done yet."""
    return conn.execute(select(func.count()).select_from(Outbox).where(Outbox.topic == topic)).scalar_one()


def bodies(conn: Connection, topic: str) -> list[dict[str, Any]]:
    """The bodies of all messages of a topic that are not done yet."""
    return list(conn.execute(select(Outbox.body).where(Outbox.topic == topic)).scalars())


def forget(tx: Tx, topic: str) -> None:
    """Drop all messages of a topic, whose work is being done in another way."""
    tx.execute(delete(Outbox).where(Outbox.topic == topic))
