"""How long a board of 100,000 members takes to read, at its own doors, beside SQL's window function and pandas."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pandas
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from benchmarks.beside import database
from benchmarks.telling import percentile, tell
from challenges_app.app import create_app
from challenges_app.kit.db import Database
from challenges_app.play.standings.tables import Board, Standing
from tests.builders import CHALLENGE, MORNING, World

HTTPS = "https://eplus.test"
CITY = "city"


def main() -> None:
    """Read in turns, check the places, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.boards", description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="revisions, at each of which every way ranks anew")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL; else on SQLite")
    asked = parser.parse_args()
    with database(asked.postgresql) as (url, _):
        measured = measure(url, asked.members, asked.runs)
    kind = "postgresql" if asked.postgresql else "sqlite"
    tell({"database": kind, "members": asked.members, "runs": asked.runs, "ways": measured}, table(measured))


def measure(url: str, members: int, runs: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each way to answer, by name."""
    world = World.on(url)
    mei = world.player(world.person("mei"))
    board = fill(world, mei.player_id, members)
    client = create_app(world.here).test_client()
    client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "eplus.test", "HTTP_ORIGIN": HTTPS}
    assert client.post("/api/session", json={"name": "mei", "password": "meimei"}, base_url=HTTPS).status_code == 200
    ms: dict[str, list[float]] = {}

    def timed(name: str, ask: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        answer = ask()
        ms.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        return answer

    for run in range(runs):
        change(world, board, mei.player_id, run)
        ways: list[tuple[str, Callable[[], Any]]] = [
            ("ours, at a new revision", lambda: ours(client, board)),
            ("SQL, rank() over", lambda: by_window(world.db, board, mei.player_id)),
            ("pandas, rank", lambda: by_pandas(world.db, board, mei.player_id)),
        ]
        places = [timed(name, ask) for name, ask in ways[:: 1 if run % 2 else -1]]
        assert len({each for each in places}) == 1, f"the places differ: {places}"
        for _ in range(20):
            timed("ours, me and my neighbours", lambda: ours(client, board))
            timed("ours, the first ten", lambda: client.get(f"/api/boards/{board}", base_url=HTTPS))
        timed("SQL, count(*) of the better ones", lambda: by_count(world.db, board, mei.player_id))
    world.db.close()
    plain = statistics.median(ms["SQL, rank() over"])
    return {
        name: {
            "median_ms": statistics.median(each),
            "p95_ms": percentile(each, 0.95),
            "times_as_fast_as_sql": plain / statistics.median(each),
        }
        for name, each in ms.items()
    }


def fill(world: World, mine: UUID, members: int) -> str:
    """A board of players of the city with many equal sums; answers its id."""
    chance = Random(members)
    board = f"{CHALLENGE}:all:player:{CITY}"
    row = {"id": board, "challenge_id": CHALLENGE, "season": "all", "subject": "player", "scope": CITY}
    standings = [
        {
            "board_id": board,
            "subject": str(mine if number == 0 else UUID(int=chance.getrandbits(128))),
            "points": chance.randrange(1, 4000) * 10,
            "reached_at": MORNING - timedelta(seconds=chance.randrange(600_000)),
            "members": 1,
            "reached": 0,
            "rev": 1,
        }
        for number in range(members)
    ]

    def write(tx: Any) -> None:
        tx.execute(insert(Board), [{**row, "goal": 100, "rev": 1}])
        for at in range(0, members, 5000):
            tx.execute(insert(Standing), standings[at : at + 5000])

    world.write(write)
    return board


def change(world: World, board: str, mine: UUID, run: int) -> None:
    """One event on the board, as the projector carries it."""

    def write(tx: Any) -> None:
        tx.execute(update(Board).where(Board.id == board).values(rev=Board.rev + 1))
        mei = update(Standing).where(Standing.board_id == board, Standing.subject == str(mine))
        tx.execute(mei.values(points=20_000 + run * 1000))

    world.write(write)


def ours(client: FlaskClient, board: str) -> tuple[int, int]:
    """Place and number of entries, by the product's own door."""
    answer = client.get(f"/api/boards/{board}/me", base_url=HTTPS)
    assert answer.status_code == 200, answer.json
    told = answer.json
    assert told
    return told["mine"]["place"], told["members"]


def by_window(db: Database, board: str, mine: UUID) -> tuple[int, int]:
    """The plain way: let the database rank, and ask for one row and its neighbours."""
    order = (Standing.points.desc(), Standing.reached_at, Standing.subject)
    ranked = (
        select(
            Standing.subject,
            Standing.points,
            func.rank().over(order_by=Standing.points.desc()).label("place"),
            func.row_number().over(order_by=order).label("at"),
            func.count().over().label("members"),
        )
        .where(Standing.board_id == board)
        .cte("ranked")
    )
    mei = select(ranked.c.at).where(ranked.c.subject == str(mine)).scalar_subquery()
    wanted = select(ranked).where(ranked.c.at.between(mei - 3, mei + 2))
    with db.reading() as conn:
        rows = list(conn.execute(wanted))
    row = next(each for each in rows if each.subject == str(mine))
    return int(row.place), int(row.members)


def by_count(db: Database, board: str, mine: UUID) -> int:
    """One's own place alone, without neighbours: how many have more."""
    mei = select(Standing.points).where(Standing.board_id == board, Standing.subject == str(mine)).scalar_subquery()
    with db.reading() as conn:
        better = select(func.count()).where(Standing.board_id == board, Standing.points > mei)
        return int(conn.execute(better).scalar_one()) + 1


def by_pandas(db: Database, board: str, mine: UUID) -> tuple[int, int]:
    """All rows into a frame, and rank there."""
    with db.reading() as conn:
        rows = conn.execute(select(Standing.subject, Standing.points).where(Standing.board_id == board)).all()
    frame = pandas.DataFrame.from_records(rows, columns=["subject", "points"])
    places = frame["points"].rank(method="min", ascending=False)
    return int(places[frame["subject"] == str(mine)].iloc[0]), len(frame)


def table(ways: dict[str, dict[str, float]]) -> str:
    """What was measured, one way a line."""
    lines = [f"{'':34} {'median':>11} {'p95':>11}"]
    for name, one in ways.items():
        lines.append(
            f"{name:34} {one['median_ms']:8.2f} ms {one['p95_ms']:8.2f} ms "
            f"{one['times_as_fast_as_sql']:8.2f} × SQL's rank()"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
