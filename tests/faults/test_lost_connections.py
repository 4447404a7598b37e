"""PostgreSQL hangs up on everybody, again and again, in the middle of play: refused at worst, nothing lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.faults.budget import scaled
from tests.faults.visitors import Outing, in_turn
from tests.running import process, served

VISITORS, DROPS = 6, 14
HANG_UPS = scaled(30)
EVERY_S = 0.25
HANG_UP = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def hanging_up(url: str) -> Iterator[list[int]]:
    """End every other connection to a database a number of times; answers how many each time."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    stopped, ended = threading.Event(), []

    def run() -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            for _ in range(HANG_UPS):
                if stopped.wait(EVERY_S):
                    return
                row = connection.execute(HANG_UP).fetchone()
                ended.append(row[0] if row else 0)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield ended
    finally:
        stopped.set()
        thread.join(30)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no connections to lose
def test_play_goes_on(database_url: str, tmp_path: Path) -> None:
    outing = Outing.on(database_url, tmp_path, VISITORS, DROPS)
    for visitor in outing.visitors:
        visitor.pause_s = 2 * EVERY_S * HANG_UPS / DROPS
    with (
        process("worker", env=outing.env, log=tmp_path / "worker.log"),
        served(outing.env, tmp_path, "--no-worker") as one,
        served(outing.env, tmp_path, "--no-worker") as other,
    ):
        with hanging_up(database_url) as ended, outing.under_way(in_turn(one, other)):
            pass
        outing.wait_until_carried()
    assert sum(ended) > 0, "nobody was connected"
    assert set(outing.statuses) <= {200, 201, 500}, outing.statuses
    outing.assert_all_there_once()
    outing.world.db.close()
