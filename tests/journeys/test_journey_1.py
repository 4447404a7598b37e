"""Journey 1, from a fix in a park to a board: through HTTP and sockets, twice, and with the worker killed."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from challenges_app.kit import clock, outbox
from challenges_app.play.ledger.actions import TOPIC
from challenges_app.play.standings.actions import differences
from tests import servers
from tests.builders import CHALLENGE, World
from tests.running import Browser, environment, process, served
from tests.walking import Walk, always_open

SCHOOL = "528781"
CLASS_BOARD = f"{CHALLENGE}:all:player:{SCHOOL}"


@dataclass
class Morning:
    """Two classmates, one of them in a family, and a drop beside the path."""

    world: World
    walk: Walk
    drop: UUID
    env: dict[str, str]


@pytest.fixture
def morning(database_url: str, tmp_path: Path) -> Iterator[Morning]:
    """A settled world on a database, and the environment in which its commands run."""
    world = World.on(database_url, clock.now)
    (class_id,) = world.school(SCHOOL)
    children = [world.person(name, born=clock.now().date() - timedelta(days=3300)) for name in ("mei", "wing")]
    for child in children:
        world.enrol(child, class_id)
    mother = world.person("chan")
    world.take(world.player(mother, household_id=world.family(mother, children[0])), world.drop())
    walk = Walk.until(clock.now())
    drop = world.drop(place=(walk.last["lat"] + 0.0002, walk.last["lon"]))
    yield Morning(world, walk, drop, environment(database_url, EPLUS_PARKS=str(always_open(tmp_path))))
    world.db.close()


def walked(browser: Browser, morning: Morning) -> dict[str, Any]:
    """Send the walk as the page does; answers how it stands."""
    for batch in morning.walk.batches():
        status, walk = browser.post("/api/fixes", batch)
        assert status == 200, walk
    return walk


def capture(browser: Browser, morning: Morning, client_id: str = "one") -> tuple[int, Any]:
    """Capture the drop from the walk's newest fix."""
    wanted = {"client_id": client_id, "drop_id": str(morning.drop), "fix": morning.walk.last}
    return browser.post("/api/captures", wanted)


def my_place(browser: Browser, board: str = CLASS_BOARD) -> dict[str, Any]:
    """The reader's own place on a board."""
    status, body = browser.get(f"/api/boards/{board}/me")
    assert status == 200, body
    return body


def wait_until_carried(world: World, seconds: float = 20) -> None:
    """Until nothing waits for the boards."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with world.db.reading() as conn:
            if not outbox.waiting(conn, TOPIC):
                return
        time.sleep(0.05)
    raise AssertionError("events still wait for the boards")


def assert_boards_are_right(world: World) -> None:
    """The ledger and the boards say the same."""
    with world.db.reading() as conn:
        assert differences(conn) == []


def test_a_walk_in_the_park_reaches_a_classmates_board(morning: Morning, tmp_path: Path) -> None:
    with served(morning.env, tmp_path) as port:
        mei, wing = Browser(port).sign_in("mei"), Browser(port).sign_in("wing")
        with wing.listening(CLASS_BOARD):
            walk = walked(mei, morning)
            assert (walk["presence"]["state"], walk["presence"]["park_id"]) == ("inside", "hong-kong-park")
            assert (walk["verdict"], walk["pause"]) == ("ok", None)
            status, answer = capture(mei, morning)
            assert status == 201, answer
            assert (answer["points"], answer["coins"], answer["repeated"]) == (10, 5, False)
            tick = wing.wait_for_tick(CLASS_BOARD)
        assert tick.keys() == {"board", "rev", "spread_ms"}
        _, board = wing.get(f"/api/boards/{CLASS_BOARD}")
        assert [(row["place"], row["points"]) for row in board["top"]] == [(1, 10)]
        assert board["board"]["rev"] == tick["rev"]
        assert my_place(wing)["mine"] is None
        assert my_place(mei)["mine"]["me"]
        chan = Browser(port).sign_in("chan")
        assert my_place(chan, f"{CHALLENGE}:all:household:city")["mine"]["points"] == 20


def test_everything_sent_twice_counts_once(morning: Morning, tmp_path: Path) -> None:
    with served(morning.env, tmp_path) as port:
        mei = Browser(port).sign_in("mei")
        walked(mei, morning)
        assert walked(mei, morning)["verdict"] == "ok"
        first, again = capture(mei, morning), capture(mei, morning)
        assert (first[0], again[0]) == (201, 200)
        assert again[1] == {**first[1], "repeated": True}
        status, refused = capture(mei, morning, client_id="two")
        assert (status, refused["error"]["code"]) == (409, "capture.already_yours")
        wait_until_carried(morning.world)
        assert my_place(mei)["mine"]["points"] == 10
    assert_boards_are_right(morning.world)


def test_a_killed_worker_loses_and_doubles_nothing(morning: Morning, tmp_path: Path) -> None:
    world = morning.world
    crowd = [world.player(child=True, school_id=SCHOOL) for _ in range(60)]
    drops = [world.drop() for _ in range(20)]
    for who in crowd:
        for drop in drops:
            world.take(who, drop)
    for _ in range(3):
        before = _waiting(world)
        with process("worker", env=morning.env, log=tmp_path / "worker.log") as worker:
            while before and _waiting(world) == before:
                time.sleep(0.005)
            worker.send_signal(signal.SIGKILL)  # in the middle of hundreds
            worker.wait(10)
        assert_boards_are_right(world)
    with process("worker", env=morning.env, log=tmp_path / "worker.log"):
        wait_until_carried(world)
    assert_boards_are_right(world)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # what several machines share
@pytest.mark.usefixtures("valkey_url")
def test_many_processes_work_as_one(morning: Morning, tmp_path: Path) -> None:
    with servers.empty_valkey() as redis_url:
        env = {**morning.env, "REDIS_URL": redis_url}
        with (
            process("worker", env=env, log=tmp_path / "worker.log"),
            served(env, tmp_path, "--no-worker") as one,
            served(env, tmp_path, "--no-worker") as other,
        ):
            mei, wing = Browser(one).sign_in("mei"), Browser(other).sign_in("wing")
            with wing.listening(CLASS_BOARD):
                for batch in morning.walk.batches():
                    mei.port = other if mei.port == one else one  # each batch meets another process
                    assert mei.post("/api/fixes", batch)[0] == 200
                status, answer = capture(mei, morning)
                assert (status, answer["points"]) == (201, 10)
                assert wing.wait_for_tick(CLASS_BOARD)["rev"] >= 1


def _waiting(world: World) -> int:
    with world.db.reading() as conn:
        return outbox.waiting(conn, TOPIC)
