"""Two persons bring the days of one device at the same moment: each day counts for exactly one of them."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from uuid import UUID

from challenges_app.kit.services import Services
from challenges_app.play.activity.actions import Receipt, Said, keep, steps_on
from challenges_app.settings import Settings
from integrations.days import SourceDay
from tests.builders import MORNING, World

FIRST, DAYS = date(2026, 10, 20), 30
WALKED = tuple(100 + 7 * hour if hour > 7 else 0 for hour in range(24))


def bring(told: Settings, person: UUID, backwards: bool) -> None:
    """Tell of all days, one transaction for each three; two who go opposite ways meet in the middle."""
    here = Services.start(told, lambda: MORNING)
    days = [Said("band", FIRST + timedelta(days=each), SourceDay(hours=WALKED)) for each in range(DAYS)]
    ordered = days[::-1] if backwards else days
    receipt = Receipt(person, "csv_steps", MORNING)
    for at in range(0, DAYS, 3):
        here.db.write(lambda tx, said=ordered[at : at + 3]: keep(tx, here.ring, MORNING, receipt, said))  # type: ignore[misc]
    here.db.close()


def test_each_day_of_one_device_counts_for_one_of_two(world: World) -> None:
    one, other = world.person(), world.person()
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in [
            pool.submit(bring, world.here.settings, person, backwards)
            for person in (one, other)
            for backwards in (False, True)
        ]:
            done.result(timeout=120)
    with world.db.reading() as conn:
        counted = [
            {person for person in (one, other) if steps_on(conn, person, FIRST + timedelta(days=day))}
            for day in range(DAYS)
        ]
    assert [len(each) for each in counted] == [1] * DAYS
