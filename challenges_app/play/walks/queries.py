"""Questions and writes to movement marks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.upsert import insert_missing
from challenges_app.play.walks.tables import MovementMark


def add_marks(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep movement marks that are new; those seen before keep their first origin."""
    insert_missing(tx, MovementMark, rows)


def origins(conn: Connection, marks: Iterable[bytes]) -> dict[bytes, bytes]:
    """The first origin of each mark that was seen before."""
    wanted = select(MovementMark.mark, MovementMark.origin).where(MovementMark.mark.in_(list(marks)))
    return {mark: origin for mark, origin in conn.execute(wanted)}


def forget_marks(tx: Tx, before: datetime) -> int:
    """Forget marks that are older than they may be kept; answers how many."""
    return tx.execute(delete(MovementMark).where(MovementMark.seen_at < before)).rowcount
