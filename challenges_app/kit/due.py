"""Work that comes round: when it is due is a row, and whoever moves the row on does the work."""

from datetime import datetime, timedelta

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant, Tx
from challenges_app.kit.upsert import insert_once


class DueWork(Base):
    """A piece of recurring work and when it is due next."""

    __tablename__ = "due_work"
    __table_args__ = ({"info": rights.exempt("names jobs of the worker")},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant)


def claim(tx: Tx, now: datetime, name: str, every: timedelta) -> bool:
    """Whether the work is due and ours; of many workers that ask, one is told yes."""
    insert_once(tx, DueWork, {"name": name, "due_at": now})
    moved = update(DueWork).where(DueWork.name == name, DueWork.due_at <= now).values(due_at=now + every)
    return tx.execute(moved).rowcount == 1


def soon(tx: Tx, now: datetime, name: str) -> None:
    """Have work that failed done again in a minute."""
    tx.execute(update(DueWork).where(DueWork.name == name).values(due_at=now + timedelta(minutes=1)))
