"""The server is killed again and again while people capture; what was answered stands, and nothing counts twice."""

import contextlib
import http.client
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from challenges_app.kit import clock, outbox
from challenges_app.play.captures.tables import Capture
from challenges_app.play.ledger.actions import TOPIC
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent
from challenges_app.play.standings.actions import differences
from tests import servers
from tests.builders import World
from tests.running import Browser, environment, eplus, process, wait_until_healthy
from tests.walking import Walk, always_open

NAMES = ("mei", "wing", "lok", "yan")
DROPS = 12
KILLS = 6
ENOUGH_S = 240


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Four pupils of one class."""
    made = World.on(database_url, clock.now)
    (class_id,) = made.school()
    for name in NAMES:
        made.enrol(made.person(name), class_id)
    yield made
    made.db.close()


def insist(browser: Browser, path: str, body: object, until: float) -> int:
    """Post until there is an answer that is no failure of the server; answers its status."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, _ = browser.post(path, body)
            if status < 500:
                return status
        time.sleep(0.1)
    raise AssertionError(f"{path} got no answer in time")


def play(port: int, name: str, drops: list[object], walk: Walk, until: float, statuses: list[int]) -> None:
    """One pupil: signs in, walks, and captures every drop, however often it has to be said."""
    browser = Browser(port)
    assert insist(browser, "/api/session", {"name": name, "password": name * 2}, until) == 200
    for drop in drops:
        wanted = {"client_id": uuid4().hex, "drop_id": str(drop), "fix": walk.last, "trail": walk.fixes[60:-1]}
        statuses.append(insist(browser, "/api/captures", wanted, until))


def test_a_server_that_is_killed_loses_and_doubles_nothing(world: World, tmp_path: Path, database_url: str) -> None:
    env = environment(database_url, EPLUS_PARKS=str(always_open(tmp_path)))
    port, until, statuses = servers.free_port(), time.monotonic() + ENOUGH_S, list[int]()
    walk = Walk.until(clock.now())
    drops: list[object] = [world.drop(place=(walk.last["lat"] + 0.0001, walk.last["lon"])) for _ in range(DROPS)]
    pupils = [
        threading.Thread(target=play, args=(port, name, drops, walk.beside(seed), until, statuses))
        for seed, name in enumerate(NAMES)
    ]
    for kill in range(KILLS + 1):
        with process("serve", "--port", str(port), env=env, log=tmp_path / "serve.log") as server:
            wait_until_healthy(port, server, tmp_path / "serve.log")
            if kill == 0:
                for pupil in pupils:
                    pupil.start()
            if kill < KILLS:
                time.sleep(0.4)
                server.send_signal(signal.SIGKILL)
                server.wait(10)
                continue
            for pupil in pupils:
                pupil.join(ENOUGH_S)
            while _waiting(world) and time.monotonic() < until:
                time.sleep(0.1)
    expected = len(NAMES) * DROPS
    assert [status for status in statuses if status not in (200, 201)] == []
    assert len(statuses) == expected
    with world.db.reading() as conn:
        assert conn.execute(select(func.count()).select_from(Capture)).scalar_one() == expected
        assert conn.execute(select(func.sum(ScoreEvent.points))).scalar_one() == expected * 10
        assert conn.execute(select(func.sum(CoinEntry.coins))).scalar_one() == expected * 5
        assert (differences(conn), outbox.waiting(conn, TOPIC)) == ([], 0)
    assert eplus("boards", "check", env=env).returncode == 0


def _waiting(world: World) -> int:
    with world.db.reading() as conn:
        return outbox.waiting(conn, TOPIC)
