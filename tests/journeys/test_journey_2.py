"""Journey 2, from a file of steps to a board: through HTTP and sockets, twice, and with the worker killed."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from challenges_app.kit import clock
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.ledger import queries as ledger
from tests.builders import WALKING, World
from tests.journeys.exports import export, large_export, zipped
from tests.journeys.test_journey_1 import SCHOOL, assert_boards_are_right, my_place, wait_until_carried
from tests.running import Browser, environment, process, served

BOARD = f"{WALKING}:all:player:{SCHOOL}"
FAMILIES = f"{WALKING}:all:household:city"
YESTERDAY = clock.now().astimezone(HONG_KONG).date() - timedelta(days=1)
WALKED = {8: 3_000, 12: 2_500, 18: 2_100}  # 7,600: seven full thousands and the second tier


@dataclass
class Week:
    """A pupil in a family, a classmate, and a challenge that counts steps."""

    world: World
    env: dict[str, str]


@pytest.fixture
def week(database_url: str) -> Iterator[Week]:
    """A settled world on a database, and the environment in which its commands run."""
    world = World.on(database_url, clock.now)
    (class_id,) = world.school(SCHOOL)
    mei, wing = (world.person(name, born=date(2016, 3, 1)) for name in ("mei", "wing"))
    for pupil in (mei, wing):
        world.enrol(pupil, class_id)
    mother = world.person("chan")
    world.family(mother, mei)
    world.walking(YESTERDAY - timedelta(days=20), 28)
    world.steps(mother, {YESTERDAY: 5_000})
    yield Week(world, environment(database_url))
    world.db.close()


def entries(world: World) -> list[int]:
    """The points of every row of the ledger."""
    with world.db.reading() as conn:
        return [row.points for row in ledger.all_events(conn)]


def test_a_file_of_steps_reaches_a_classmates_board(week: Week, tmp_path: Path) -> None:
    with served(week.env, tmp_path) as port:
        mei, wing = Browser(port).sign_in("mei"), Browser(port).sign_in("wing")
        with wing.listening(BOARD):
            status, given = mei.give(zipped(export({YESTERDAY: WALKED})))
            assert (status, given["state"]) == (202, "waiting")
            with mei.watching(given["id"]):
                done = mei.wait_for_delivery(given["id"])
            assert (done["state"], done["provider"], done["days"], done["problems"]) == ("done", "apple_health", 1, [])
            tick = wing.wait_for_tick(BOARD)
        assert tick.keys() == {"board", "rev", "spread_ms"}
        assert all(each.keys() == {"delivery", "state", "share"} for each in mei.progress)
        wait_until_carried(week.world)
        assert my_place(mei, BOARD)["mine"]["points"] == 15
        assert my_place(Browser(port).sign_in("chan"), FAMILIES)["mine"]["points"] == 25
        _, day = mei.get(f"/api/steps/days/{YESTERDAY}")
        assert (day["steps"], [hour["steps"] for hour in day["hours"]][8]) == (7_600, 3_000)
        assert [(each["name"], each["steps"]) for each in day["sources"]] == [("Mei's iPhone", 7_600)]
        _, month = mei.get(f"/api/steps/months/{YESTERDAY:%Y-%m}")
        assert [each["steps"] for each in month["days"]] == [7_600]
        assert [each["points"] for each in month["challenges"]] == [15]
        assert wing.get(f"/api/steps/deliveries/{given['id']}")[0] == 404
    assert_boards_are_right(week.world)


def test_the_same_file_twice_counts_once_and_more_of_the_day_counts_the_difference(week: Week, tmp_path: Path) -> None:
    with served(week.env, tmp_path) as port:
        mei = Browser(port).sign_in("mei")
        first = mei.give(export({YESTERDAY: WALKED}))
        mei.wait_for_delivery(first[1]["id"])
        status, again = mei.give(export({YESTERDAY: WALKED}))
        assert (status, again["id"], again["state"]) == (200, first[1]["id"], "done")
        for more in ({**WALKED, 21: 2_400}, {8: 3_000}, {**WALKED, 21: 2_400, 22: 0}):
            mei.wait_for_delivery(mei.give(export({YESTERDAY: more}))[1]["id"])
        wait_until_carried(week.world)
        assert my_place(mei, BOARD)["mine"]["points"] == 20
    assert sorted(entries(week.world)) == [5, 10, 15]
    assert_boards_are_right(week.world)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(week: Week, tmp_path: Path) -> None:
    whole = b"".join(large_export(12_000_000, YESTERDAY))
    with served(week.env, tmp_path, "--no-worker") as port:
        mei, log = Browser(port).sign_in("mei"), tmp_path / "worker.log"
        delivery = mei.give(whole)[1]["id"]
        with process("worker", env=week.env, log=log) as worker:
            _wait_until_reading(mei, delivery)
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
        assert mei.get(f"/api/steps/deliveries/{delivery}")[1]["state"] == "reading"
        with process("worker", env=week.env, log=log):
            done = mei.wait_for_delivery(delivery)
            wait_until_carried(week.world)
        assert (done["state"], done["problems"]) == ("done", [])
        _, day = mei.get(f"/api/steps/days/{YESTERDAY}")
        points = my_place(mei, BOARD)["mine"]["points"]
        # Another person's file of the same days is read without any trouble, and comes out the same; it would be held
        # as long as the days are somebody else's.
        for source in mei.get(f"/api/steps/months/{YESTERDAY:%Y-%m}")[1]["sources"]:
            assert mei.send("DELETE", f"/api/steps/sources/{source['id']}")[0] == 204
        wing = Browser(port).sign_in("wing")
        with process("worker", env=week.env, log=log):
            wing.wait_for_delivery(wing.give(whole)[1]["id"])
            wait_until_carried(week.world)
        assert wing.get(f"/api/steps/days/{YESTERDAY}")[1]["steps"] == day["steps"]
        assert my_place(wing, BOARD)["mine"]["points"] == points
    assert_boards_are_right(week.world)


def test_a_large_file_shows_how_far_it_has_come_and_can_be_stopped(week: Week, tmp_path: Path) -> None:
    with served(week.env, tmp_path) as port:
        mei = Browser(port).sign_in("mei")
        delivery = mei.give(b"".join(large_export(40_000_000, YESTERDAY)))[1]["id"]
        with mei.watching(delivery):
            mei.wait_for_share(0.3)
            status, stopped = mei.send("DELETE", f"/api/steps/deliveries/{delivery}")
            assert (status, stopped["state"]) == (200, "cancelled")
        shares = [each["share"] for each in mei.progress if each["state"] == "reading"]
        assert shares == sorted(shares)
        assert len(set(shares)) > 3
        assert mei.get(f"/api/steps/days/{YESTERDAY}")[1]["steps"] is None
        # The worker is free again, and the page goes on answering meanwhile.
        small = mei.give(export({YESTERDAY: WALKED}))[1]["id"]
        assert mei.wait_for_delivery(small)["state"] == "done"
        assert mei.get(f"/api/steps/deliveries/{delivery}")[1]["state"] == "cancelled"


def _wait_until_reading(browser: Browser, delivery: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        told = browser.get(f"/api/steps/deliveries/{delivery}")[1]
        if told["state"] == "reading" and told["share"] > 0:
            return
        time.sleep(0.02)
    raise AssertionError(f"nobody reads the file: {told}")
