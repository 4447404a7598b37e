"""Questions and writes to players."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_row
from challenges_app.play.players.tables import Player, PlayerTie


def player_of(conn: Connection, person_id: UUID) -> UUID | None:
    """The player of a person, if they ever played."""
    return conn.execute(select(PlayerTie.player_id).where(PlayerTie.person_id == person_id)).scalar_one_or_none()


def persons_of(conn: Connection, player_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The persons behind players, by player; those who were erased are missing."""
    wanted = select(PlayerTie.player_id, PlayerTie.person_id).where(PlayerTie.player_id.in_(list(player_ids)))
    return {player: person for player, person in conn.execute(wanted)}


def make_player(tx: Tx, now: datetime, person_id: UUID) -> None:
    """Give a person a player; of two that are made at once, one stays tied."""
    player_id = uuid4()
    insert_row(tx, Player, {"id": player_id, "created_at": now})
    if not insert_once(tx, PlayerTie, {"person_id": person_id, "player_id": player_id}):
        tx.execute(delete(Player).where(Player.id == player_id))
