"""Two teachers save the same class at once: every row is one teacher's, the other is told, and the points are right."""

import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from challenges_app.kit.services import Services
from challenges_app.people.access.actions import viewer
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.organisations.tables import Organisation
from challenges_app.play.activity import queries as activity
from challenges_app.play.readings.actions import Row, enter
from challenges_app.play.standings.actions import differences
from challenges_app.settings import Settings
from tests.builders import LONG_AGO, MORNING, World
from tests.play.test_activity import points

SCHOOL = "528781"
TEN = date(2016, 7, 7)
TODAY = date(2026, 11, 21)
PUPILS, ROUNDS = 12, 15
STEPS = {"lee": 5_000, "wong": 7_500}
WORTH = {5_000: 10, 7_500: 15}


def teach(told: Settings, account: UUID, class_id: UUID, sent: Mapping[UUID, int]) -> list[list[UUID]]:
    """Save the class day after day, always as if nothing stood there; answers which rows came back each time."""
    here = Services.start(told, lambda: MORNING)
    refused = []
    for day in range(ROUNDS):
        rows = [Row(person, steps, None) for person, steps in sent.items()]
        on = TODAY - timedelta(days=day)
        answer = here.db.write(
            lambda tx, on=on, rows=rows: enter(  # type: ignore[misc]
                tx, MORNING, here.ring, viewer(tx.conn, MORNING, here.ring, account), class_id, on, rows
            )
        )
        assert {each["why"] for each in answer["refused"]} <= {"changed"}
        refused.append([each["person_id"] for each in answer["refused"]])
    here.db.close()
    return refused


def colleague(world: World, account: UUID) -> None:
    """Make an account a teacher of the school where another teaches already."""
    with world.db.reading() as conn:
        school = conn.execute(select(Organisation.id).where(Organisation.school_id == SCHOOL)).scalar_one()
    held = {"account_id": account, "organisation_id": school, "role": "teacher", "since": LONG_AGO, "until": None}
    world.write(lambda tx: organisations.add_membership(tx, held))


def test_each_row_is_one_teacher_s_and_the_other_is_told(world: World) -> None:
    (class_id,) = world.school(SCHOOL)
    pupils = [world.person(born=TEN) for _ in range(PUPILS)]
    for pupil in pupils:
        world.enrol(pupil, class_id)
    world.walking(TODAY - timedelta(days=20), 28, {"by_hand": True, "week_points": 0})
    accounts = {name: world.account(name) for name in STEPS}
    world.role(accounts["lee"], "teacher", SCHOOL)
    colleague(world, accounts["wong"])
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        orders = {"lee": pupils, "wong": pupils[::-1]}
        running = {
            name: pool.submit(teach, world.here.settings, accounts[name], class_id, dict.fromkeys(orders[name], steps))
            for name, steps in STEPS.items()
        }
        refused = {name: each.result(timeout=120) for name, each in running.items()}
    world.carry()
    with world.db.reading() as conn:
        for pupil in pupils:
            stand = activity.typed(conn, pupil, TODAY - timedelta(days=ROUNDS - 1), TODAY)
            for day in range(ROUNDS):
                (winner,) = [name for name in STEPS if pupil not in refused[name][day]]
                assert stand[TODAY - timedelta(days=day)] == STEPS[winner]
            assert points(world, pupil) == sum(WORTH[steps] for steps in stand.values())
        assert differences(conn) == []
