"""Token buckets as rows: how often all processes together may do something, such as ask a vendor."""

from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant, Tx
from challenges_app.kit.upsert import insert_once

MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)


class Bucket(Base):
    """How many tokens were there at a moment; one that lies ahead means that none come before it."""

    __tablename__ = "bucket"
    __table_args__ = ({"info": rights.exempt("names those whom we ask")},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[float]
    filled_at: Mapped[datetime] = mapped_column(Instant)


def take(tx: Tx, now: datetime, name: str, per_minute: int, *, must: bool = False) -> timedelta:
    """Take a token of a bucket that holds those of a minute; answers how long to wait where there is none.

    What `must` be done takes one in any case, and others wait the longer for it.
    """
    insert_once(tx, Bucket, {"name": name, "level": float(per_minute), "filled_at": now})
    kept = tx.execute(select(Bucket).where(Bucket.name == name).with_for_update()).one()
    there = min(float(per_minute), kept.level + per_minute * ((now - kept.filled_at) / MINUTE))
    if there < 1 and not must:
        return timedelta(minutes=(1 - there) / per_minute)
    tx.execute(update(Bucket).where(Bucket.name == name).values(level=there - 1, filled_at=now))
    return NOTHING


def rest(tx: Tx, now: datetime, name: str, wait: timedelta) -> None:
    """Let nobody take a token of a bucket that was used before, for a while."""
    tx.execute(
        update(Bucket).where(Bucket.name == name, Bucket.filled_at < now + wait).values(level=0.0, filled_at=now + wait)
    )
