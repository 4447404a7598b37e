"""Challenges, their designated parks, and the drops of each day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Challenge(Base):
    """A challenge: one kind with its parameters, open from a moment until a moment."""

    __tablename__ = "challenge"
    __table_args__ = ({"info": rights.exempt("rules that are the same for everybody")},)

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    kind_version: Mapped[int]
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant, index=True)
    settles_until: Mapped[datetime] = mapped_column(Instant)  # late data counts until then, and nothing afterwards


class ChallengePark(Base):
    """A park that a challenge designates."""

    __tablename__ = "challenge_park"
    __table_args__ = ({"info": rights.exempt("rules that are the same for everybody")},)

    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    park_id: Mapped[str] = mapped_column(String(100), primary_key=True)


class Drop(Base):
    """A collectible at a place in a park for one Hong Kong day; `stock` is how many are left, or None for no end."""

    __tablename__ = "drop"
    __table_args__ = (
        UniqueConstraint("challenge_id", "park_id", "on", "ordinal"),
        Index(None, "park_id", "on"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        {"info": rights.exempt("places of collectibles, of nobody in particular")},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"))
    park_id: Mapped[str] = mapped_column(String(100))
    on: Mapped[date]
    ordinal: Mapped[int]
    species: Mapped[str] = mapped_column(String(20))
    lat: Mapped[float]
    lon: Mapped[float]
    stock: Mapped[int | None]
