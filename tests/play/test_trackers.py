"""How trackers are doing: counts for the staff, which name the trouble and nobody whose it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from challenges_app.play.arrivals.tables import StepArrival
from challenges_app.play.connections.calls import vendors
from challenges_app.play.trackers import actions
from challenges_app.play.trackers.rules import Accounts, Came, Trouble, troubles
from tests.builders import MORNING
from tests.play.test_appeals import staff
from tests.play.vendors import Fair, fair

NOW = MORNING
WELL = Accounts(on=100, settled=90, synced_at=NOW, heard_at=NOW)


@pytest.fixture
def ours(database_url: str) -> Iterator[Fair]:
    """A town with a vendor, on both engines."""
    with fair(database_url) as made:
        yield made


def seen(ours: Fair, name: str | None = "withings", *, registered: bool = True) -> dict[str, Any]:
    """What somebody of the staff sees of a tracker."""
    world = ours.town.world
    clients = vendors(world.here.settings).clients if registered else {}
    me = staff(world)
    with world.db.reading() as conn:
        told = actions.seen(conn, world.now(), me, clients)
    [found] = [each for each in told["trackers"] if each["provider"] == name]
    return dict(found)


def judged(accounts: Accounts = WELL, came: Came | None = None, *, registered: bool = True) -> list[Trouble]:
    return troubles(NOW, accounts, came or Came(), cloud=True, registered=registered)


def test_a_tracker_that_is_asked_and_tells_is_well(ours: Fair) -> None:
    ours.connect()
    ours.walk("2026-11-20", 5_000)
    ours.work()
    found = seen(ours)
    assert (found["accounts"]["on"], found["accounts"]["behind"], found["troubles"]) == (1, 0, [])
    assert found["came"]["read"] > 0
    assert (found["came"]["refused"], found["came"]["waiting"], found["came"]["since"]) == (0, 0, None)


def test_a_vendor_that_is_offered_is_listed_before_anybody_uses_it(ours: Fair) -> None:
    found = seen(ours)
    assert (found["accounts"]["on"], found["troubles"]) == (0, [])


def test_a_vendor_that_is_down_is_failing_and_then_behind(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.vendor.faults["down"] = 100
    for _ in range(4):
        ours.town.clock.pass_by(hours=6, minutes=1)
        ours.work()
    found = seen(ours)
    assert (found["accounts"]["failing"], found["accounts"]["behind"]) == (1, 1)
    assert found["troubles"] == ["failing", "behind"]


def test_a_vendor_whose_notices_are_lost_is_silent_though_asked(ours: Fair) -> None:
    ours.connect()
    ours.vendor.faults["lost"] = 100
    ours.walk("2026-11-20", 5_000)
    for _ in range(9):
        ours.town.clock.pass_by(hours=6, minutes=1)
        ours.work()
    assert seen(ours)["troubles"] == ["silent"]
    ours.vendor.faults["lost"] = 0
    ours.walk("2026-11-21", 5_000)
    ours.work()
    assert seen(ours)["troubles"] == []


def test_accounts_of_a_vendor_that_is_no_longer_set_up_are_told_of(ours: Fair) -> None:
    ours.connect()
    ours.work()
    assert seen(ours, registered=False)["troubles"] == ["unset"]


def test_whoever_refused_is_no_trouble_of_the_tracker(ours: Fair) -> None:
    ours.connect()
    ours.work()
    ours.vendor.revoke("4711")
    ours.town.clock.pass_by(hours=7)
    ours.work()
    found = seen(ours)
    assert (found["accounts"]["on"], found["accounts"]["refused"], found["troubles"]) == (0, 1, [])


def test_what_waits_to_be_read_for_long_is_told_of_with_its_age(ours: Fair) -> None:
    ours.connect()
    ours.walk("2026-11-20", 5_000)
    ours.work()
    world = ours.town.world
    world.write(lambda tx: tx.execute(update(StepArrival).values(state="waiting")))
    ours.town.clock.pass_by(minutes=11)
    found = seen(ours)
    assert found["troubles"] == ["slow"]
    assert world.now() - found["came"]["since"] >= timedelta(minutes=11)


def test_others_than_staff_see_nothing(ours: Fair) -> None:
    status, told, *_ = ours.browser.get("/api/staff/trackers")
    assert (status, told["error"]["code"]) == (403, "trackers.not_for_you")


def test_one_account_in_ten_that_fails_is_a_trouble_and_one_in_a_hundred_is_none() -> None:
    assert judged(Accounts(on=100, failing=1, heard_at=NOW)) == []
    assert judged(Accounts(on=100, failing=10, heard_at=NOW)) == ["failing"]


def test_much_that_is_not_read_is_a_trouble_and_a_few_are_none() -> None:
    assert judged(came=Came(read=0, refused=4)) == []
    assert judged(came=Came(read=80, refused=20)) == []
    assert judged(came=Came(read=79, refused=21)) == ["unread"]


def test_what_came_by_two_roads_is_added_and_the_older_waits_longer() -> None:
    both = Came(1, 2, 3, NOW).and_more(Came(10, 20, 30, NOW - timedelta(hours=1)))
    assert both == Came(11, 22, 33, NOW - timedelta(hours=1))
