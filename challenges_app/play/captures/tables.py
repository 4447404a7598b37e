"""Visits, captures, and the count of a player's day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Visit(Base):
    """That a player was in a park, in which hour, and what it brought; never where in the park."""

    __tablename__ = "visit"
    __table_args__ = (Index(None, "player_id", "hour"), {"info": rights.personal("player_id", "delete")})

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"))
    park_id: Mapped[str] = mapped_column(String(100))
    hour: Mapped[datetime] = mapped_column(Instant)
    points: Mapped[int]


class Capture(Base):
    """A drop taken by a player, once; `client_id` is the browser's own id for the attempt."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("drop_id", "player_id"),
        UniqueConstraint("player_id", "client_id"),
        Index(None, "player_id", "captured_at"),
        {"info": rights.personal("player_id", "delete")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"))
    client_id: Mapped[str] = mapped_column(String(64))
    drop_id: Mapped[UUID] = mapped_column(ForeignKey("drop.id"))
    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"))
    park_id: Mapped[str] = mapped_column(String(100))
    species: Mapped[str] = mapped_column(String(20))
    captured_at: Mapped[datetime] = mapped_column(Instant)
    awards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # what it brought, for telling it again


class PlayerDay(Base):
    """How many captures a player has made in a challenge on a Hong Kong day; the cap is a condition of its UPDATE."""

    __tablename__ = "player_day"
    __table_args__ = ({"info": rights.personal("player_id", "delete")},)

    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"), primary_key=True)
    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    captures: Mapped[int]
