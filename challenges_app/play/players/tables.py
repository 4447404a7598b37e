"""Players, and the row that ties each to a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Instant


class Player(Base):
    """A random id; ledger, standings and boards know nothing else of anybody."""

    __tablename__ = "player"
    __table_args__ = ({"info": rights.exempt("a random id that means nothing once the tie to a person is gone")},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class PlayerTie(Base):
    """Whose player it is; destroyed on erasure, so that the ledger never has to change."""

    __tablename__ = "player_tie"
    __table_args__ = ({"info": rights.personal("person_id", "delete", ties=("player_id",))},)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    player_id: Mapped[UUID] = mapped_column(ForeignKey("player.id"), unique=True)
