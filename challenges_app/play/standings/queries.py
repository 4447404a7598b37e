"""Questions and writes to boards, standings and contributions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_once, insert_or_add
from challenges_app.play.standings.tables import Board, Contribution, Standing


class Change(NamedTuple):
    """What is added to one standing."""

    points: int
    reached_at: datetime
    members: int
    reached: int


def board(conn: Connection, board_id: str) -> Row[Any] | None:
    """One board, whole row."""
    return conn.execute(select(Board).where(Board.id == board_id)).one_or_none()


def standings(conn: Connection, board_id: str) -> Sequence[Row[str, int, int, int, datetime]]:
    """All standings of a board, in no order: subject, points, members, how many reached the goal, and when."""
    wanted = select(Standing.subject, Standing.points, Standing.members, Standing.reached, Standing.reached_at)
    return conn.execute(wanted.where(Standing.board_id == board_id)).all()  # at once, not row by row


def next_rev(tx: Tx, row: Mapping[str, Any]) -> int:
    """Make the board if it is new, raise its revision by one, and hold it until the transaction ends."""
    insert_once(tx, Board, {**row, "rev": 0})
    raised = update(Board).where(Board.id == row["id"]).values(rev=Board.rev + 1).returning(Board.rev)
    return int(tx.execute(raised).scalar_one())


def contribute(tx: Tx, board_id: str, subject: str, player_id: UUID, points: int, events: int) -> tuple[int, int]:
    """Add a player's points to a group; answers the player's points and events there afterwards."""
    row = {"board_id": board_id, "subject": subject, "player_id": player_id, "points": points, "events": events}
    after = insert_or_add(
        tx,
        Contribution,
        row,
        key=("board_id", "subject", "player_id"),
        add=("points", "events"),
        returning=("points", "events"),
    )
    assert after is not None  # noqa: S101 - columns were asked for
    return after.points, after.events


def stand(tx: Tx, board_id: str, rev: int, subject: str, change: Change) -> None:
    """Add to a standing."""
    insert_or_add(
        tx,
        Standing,
        {"board_id": board_id, "subject": subject, "rev": rev, **change._asdict()},
        key=("board_id", "subject"),
        add=("points", "members", "reached"),
        greatest=("reached_at",),
        replace=("rev",),
    )


def boards(conn: Connection) -> Iterable[Row[Any]]:
    """All boards, whole rows."""
    return conn.execute(select(Board))


def all_standings(conn: Connection) -> Iterable[Row[Any]]:
    """All standings of all boards, whole rows, for the check against the ledger."""
    return conn.execute(select(Standing).execution_options(yield_per=1000))


def clear(tx: Tx) -> None:
    """Throw all standings away; every board gets a new revision, so that nobody goes on showing what was there."""
    tx.execute(update(Board).values(rev=Board.rev + 1))
    tx.execute(delete(Contribution))
    tx.execute(delete(Standing))
