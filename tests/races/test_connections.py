"""Several workers ask a vendor for the same persons, whose tokens have ended: each is renewed and asked for once."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from challenges_app.kit.services import Services
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.connections import actions
from challenges_app.play.connections.jobs import sync_next
from challenges_app.play.connections.tables import Connection
from challenges_app.settings import Settings
from challenges_app.twins.withings import Token, Withings
from integrations.cloud import Grant
from integrations.providers import withings
from tests.builders import MORNING, RING, World
from tests.play.vendors import TRACKERS, served

WORKERS, PEOPLE = 3, 12
ON = date(2026, 11, 20)
LATER = MORNING + timedelta(hours=4)
FAR = datetime(2027, 1, 1, tzinfo=UTC)


def later() -> datetime:
    """The moment at which all of this happens."""
    return LATER


def worker(told: Settings, until: float) -> int:
    """Ask and understand, as a worker does, until nothing is due; answers how many were asked for."""
    here, asked = Services.start(told, later), 0
    while time.time() < until:
        if sync_next(here):
            asked += 1
        elif not understand_next(here):
            break
    here.db.close()
    return asked


def granted(world: World, vendor: Withings, user: str) -> UUID:
    """A person who connected long ago: the vendor knows only their refresh token still."""
    person = world.person()
    vendor.refresh[f"refresh-{user}"] = Token(user, FAR)
    vendor.steps[user][ON] = 1_000 + int(user)
    grant = Grant(user, f"access-{user}", f"refresh-{user}", 1)
    world.write(lambda tx: actions.connect(tx, MORNING, RING, person, "withings", withings.CLOUD, grant))
    return person


def test_each_token_is_renewed_once_and_each_person_asked_for_once(database_url: str) -> None:
    with served() as theirs:
        world = World.on(database_url, vendors=theirs.address, trackers=TRACKERS)
        vendor = Withings("us", "known", later)
        theirs.app = vendor.app()
        people = {user: granted(world, vendor, str(user)) for user in range(PEOPLE)}
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
            going = [pool.submit(worker, world.here.settings, time.time() + 60) for _ in range(WORKERS)]
            asked = [each.result(timeout=120) for each in going]

        assert sum(asked) == PEOPLE
        assert (vendor.asked["requesttoken"], vendor.asked["getactivity"]) == (PEOPLE, PEOPLE)
        with world.db.reading() as conn:
            rows = conn.execute(select(Connection)).all()
            assert {(row.state, row.failures, row.lease_until, row.wanted_from) for row in rows} == {
                ("on", 0, None, None)
            }
            assert {user: steps_on(conn, person, ON) for user, person in people.items()} == {
                user: 1_000 + user for user in range(PEOPLE)
            }
        world.db.close()
