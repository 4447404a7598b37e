"""Boards and their standings: nothing here that could not be made again from the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant

_SUMS = "sums of the ledger under random ids; they stay right without the person"


class Board(Base):
    """One ranking: a challenge, a season, what is ranked (player, household, school), and among whom."""

    __tablename__ = "board"
    __table_args__ = ({"info": rights.exempt("names a ranking, not those in it")},)

    id: Mapped[str] = mapped_column(String(140), primary_key=True)
    challenge_id: Mapped[str] = mapped_column(ForeignKey("challenge.id"), index=True)
    season: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(10))
    goal: Mapped[int]
    rev: Mapped[int]


class Standing(Base):
    """A subject's sum on a board; `rev` is the board's revision that changed it last."""

    __tablename__ = "standing"
    __table_args__ = ({"info": rights.personal("subject", "unlink", _SUMS, of="player")},)

    board_id: Mapped[str] = mapped_column(ForeignKey("board.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    points: Mapped[int]
    reached_at: Mapped[datetime] = mapped_column(Instant)
    members: Mapped[int]
    reached: Mapped[int]
    rev: Mapped[int]


class Contribution(Base):
    """What one player has brought to a group on a board; counts members and those who reached the goal."""

    __tablename__ = "contribution"
    __table_args__ = ({"info": rights.personal("player_id", "unlink", _SUMS, of="player")},)

    board_id: Mapped[str] = mapped_column(ForeignKey("board.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    player_id: Mapped[UUID] = mapped_column(primary_key=True)
    points: Mapped[int]
    events: Mapped[int]
