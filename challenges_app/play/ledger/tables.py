"""The two ledgers: points that rank, and coins that are spent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant
from challenges_app.kit.outbox import Identity

_STAYS = "names a random player id only; the tie to the person is destroyed, and the sums of others stay right"


class ScoreEvent(Base):
    """One award of points, never changed and never deleted; family, class and school stand as they were then."""

    __tablename__ = "score_event"
    __table_args__ = (
        Index(None, "challenge_id", "player_id"),
        {"info": rights.personal("player_id", "unlink", _STAYS)},
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"))
    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"))
    child: Mapped[bool]
    household_id: Mapped[UUID | None]
    class_id: Mapped[UUID | None]
    school_id: Mapped[str | None] = mapped_column(String(6))
    points: Mapped[int]
    why: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    kind_version: Mapped[int]
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class CoinEntry(Base):
    """One movement of coins: earned, spent (negative) or refunded."""

    __tablename__ = "coin_entry"
    __table_args__ = (Index(None, "player_id"), {"info": rights.personal("player_id", "unlink", _STAYS)})

    id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"))
    coins: Mapped[int]
    movement: Mapped[str] = mapped_column(String(6))  # earn | adjust | spend | refund
    why: Mapped[str] = mapped_column(String(20))
    occurred_at: Mapped[datetime] = mapped_column(Instant)
