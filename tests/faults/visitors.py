"""Pupils in a park with their phones: each posts its captures and asks again, until every one is answered."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from challenges_app.kit import clock, outbox
from challenges_app.people.accounts.actions import open_session
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.persons.actions import add_person
from challenges_app.play.captures.tables import Capture, PlayerDay, Visit
from challenges_app.play.ledger.actions import TOPIC
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent
from challenges_app.play.standings.actions import differences
from challenges_app.play.standings.tables import Board, Standing
from tests.builders import CHALLENGE, FACE, RING, World
from tests.running import Browser, environment, eplus
from tests.walking import Walk, always_open

SCHOOL = "528781"
BOARD = f"{CHALLENGE}:all:player:{SCHOOL}"
POINTS, COINS = 10, 5  # for each capture
TRAIL = 60  # fixes with each capture: enough for a server that remembers nothing to know that the walker is inside
PATIENCE_S = 240.0
AWAY, CUT_OFF = 0, 1  # instead of a status: nobody was there, or died over the request
CHILD = timedelta(days=3300)


@dataclass
class Visitor:
    """One pupil: where they walk, what they want, and what they were told of each attempt."""

    walk: Walk
    wanted: dict[str, UUID]  # drop by client id
    cookie: str
    pause_s: float = 0.1  # at most, between two captures
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)  # with AWAY and CUT_OFF
    longest_s: float = 0.0
    chance: random.Random = field(default_factory=random.Random)

    def post(self, port: int, client_id: str) -> tuple[int, Any]:
        """One attempt: status and body, or AWAY or CUT_OFF."""
        body = {
            "client_id": client_id,
            "drop_id": str(self.wanted[client_id]),
            "fix": self.walk.last,
            "trail": self.walk.fixes[-TRAIL:-1],
        }
        began = time.monotonic()
        try:
            status, answer = Browser(port, self.cookie).post("/api/captures", body)
        except ConnectionRefusedError:
            status, answer = AWAY, None
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            status, answer = CUT_OFF, None
        self.longest_s = max(self.longest_s, time.monotonic() - began)
        self.statuses[status] += 1
        return status, answer

    def take_all(self, port: Callable[[], int], until: float) -> None:
        """Post every capture in turn, each as often as it takes to get 200 or 201."""
        for client_id in self.wanted:
            while client_id not in self.answers:
                assert time.monotonic() < until, f"{client_id} was never answered: {self.statuses}"
                status, answer = self.post(port(), client_id)
                if status in (200, 201):
                    self.answers[client_id] = answer
                elif status == 429:
                    time.sleep(answer["error"]["details"]["seconds"])
                elif 400 <= status < 500:
                    raise AssertionError(f"{client_id} was refused: {answer}")
                else:
                    assert status in (AWAY, CUT_OFF) or answer["error"]["code"] == "http.failed", answer
                    time.sleep(0.05)
            time.sleep(self.chance.uniform(0, self.pause_s))


@dataclass
class Outing:
    """A class in a park with drops beside the path, and the environment in which the commands run."""

    world: World
    visitors: list[Visitor]
    env: dict[str, str]

    @classmethod
    def on(cls, url: str, folder: Path, visitors: int, drops: int, redis_url: str | None = None) -> "Outing":
        """So many pupils, each of whom will take each of so many drops."""
        world = World.on(url, clock.now)
        (class_id,) = world.school(SCHOOL)
        walk = Walk.until(clock.now())
        there = [world.drop(place=(walk.last["lat"] + 0.0002, walk.last["lon"])) for _ in range(drops)]
        crowd = [cls._visitor(world, class_id, walk, number, there) for number in range(visitors)]
        return cls(world, crowd, environment(url, redis_url, EPLUS_PARKS=str(always_open(folder))))

    @staticmethod
    def _visitor(world: World, class_id: UUID, walk: Walk, number: int, drops: list[UUID]) -> Visitor:
        account, session_id, now = world.account(f"pupil-{number}"), new_session_id(), clock.now()
        person = world.write(lambda tx: add_person(tx, now, RING, account, FACE, now.date() - CHILD))
        world.enrol(person, class_id)
        world.write(lambda tx: open_session(tx, now, account, session_id, None))
        wanted = {f"v{number}-d{at}": drop for at, drop in enumerate(drops)}
        return Visitor(walk.beside(number), wanted, f"__Host-session={session_id}", chance=random.Random(number))

    @property
    def expected(self) -> int:
        """How many captures there are to be in the end."""
        return sum(len(visitor.wanted) for visitor in self.visitors)

    @property
    def answered(self) -> int:
        """How many are answered by now."""
        return sum(len(visitor.answers) for visitor in self.visitors)

    @property
    def statuses(self) -> Counter[int]:
        """What all requests were answered with."""
        return sum((visitor.statuses for visitor in self.visitors), Counter())

    @contextmanager
    def under_way(self, port: Callable[[], int]) -> Iterator[list[Future[None]]]:
        """Everybody at it at once; afterwards each has every answer, or their trouble is raised."""
        until = time.monotonic() + PATIENCE_S
        with ThreadPoolExecutor(len(self.visitors)) as pool:
            going = [pool.submit(visitor.take_all, port, until) for visitor in self.visitors]
            yield going
            for each in going:
                each.result(PATIENCE_S)

    def post_everything_again(self, port: int) -> None:
        """Each attempt once more: each gets the answer that it got, marked as a repeat."""
        for visitor in self.visitors:
            for client_id, before in visitor.answers.items():
                status, again = visitor.post(port, client_id)
                assert (status, again["repeated"]) == (200, True), again
                assert (again["capture"], again["awards"]) == (before["capture"], before["awards"])
                assert (again["points"], again["coins"]) == (
                    POINTS * len(visitor.wanted),
                    COINS * len(visitor.wanted),
                )

    def wait_until_carried(self, seconds: float = 60) -> None:
        """Until nothing waits for the boards."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with self.world.db.reading() as conn:
                if not outbox.waiting(conn, TOPIC):
                    return
            time.sleep(0.05)
        raise AssertionError("events still wait for the boards")

    def assert_all_there_once(self) -> None:
        """Every capture once, every sum as it must be, the boards as the ledger says, and nothing waiting."""
        count = self.expected
        with self.world.db.reading() as conn:

            def total(column: Any) -> int:
                return int(conn.execute(select(func.coalesce(func.sum(column), 0))).scalar_one())

            assert conn.execute(select(func.count()).select_from(Capture)).scalar_one() == count
            assert (total(ScoreEvent.points), total(CoinEntry.coins)) == (POINTS * count, COINS * count)
            assert (total(PlayerDay.captures), total(Visit.points)) == (count, POINTS * count)
            ranked = select(func.sum(Standing.points)).join(Board, Board.id == Standing.board_id)
            assert conn.execute(ranked.where(Board.id == BOARD)).scalar_one() == POINTS * count
            assert outbox.waiting(conn, TOPIC) == 0
            assert differences(conn) == []
        checked = eplus("boards", "check", "--json", env=self.env)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        told = {answer["capture"]["id"] for visitor in self.visitors for answer in visitor.answers.values()}
        assert len(told) == count


def in_turn(*ports: int) -> Callable[[], int]:
    """One port after the other, so that each request meets another process."""
    lock, count = threading.Lock(), 0

    def next_port() -> int:
        nonlocal count
        with lock:
            count += 1
            return ports[count % len(ports)]

    return next_port
