"""Many processes push for the same phones while others understand: every stretch counts once, whatever the order."""

import json
import multiprocessing
import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Event

from sqlalchemy import select

from challenges_app.kit.services import Services
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.arrivals import jobs
from challenges_app.play.arrivals.tables import StepArrival
from challenges_app.play.phones import actions
from challenges_app.settings import Settings
from integrations.days import Days
from integrations.merge import merge
from integrations.reading import take
from tests.builders import MORNING, RING, World

PUSHERS, READERS = 2, 2
ON = date(2026, 11, 20)


def bodies(phone: int) -> list[bytes]:
    """What a phone pushes in a day: its records a few at a time, now and then one for the second time."""
    chance, at, told = random.Random(phone), datetime(2026, 11, 19, 22, tzinfo=UTC), []
    for _ in range(30):
        steps = []
        for _ in range(3):
            ends = at + timedelta(minutes=chance.randrange(2, 12))
            steps.append({"count": chance.randrange(400), "start_time": at.isoformat(), "end_time": ends.isoformat()})
            at = ends - timedelta(minutes=chance.choice((0, 0, 0, 1)))
        told.append(steps)
    again = [[*steps, chance.choice(told[chance.randrange(30)])] for steps in told]
    return [json.dumps({"timestamp": "2026", "app_version": "1", "steps": each}).encode() for each in again]


def pusher(told: Settings, piles: dict[str, list[bytes]], seed: int) -> Counter[str]:
    """Push all bodies of all phones in an order of one's own; answers how many were new and how many were not."""
    here, happened = Services.start(told, lambda: MORNING), Counter[str]()
    order = [(key, body) for key, pile in piles.items() for body in pile]
    random.Random(seed).shuffle(order)
    for key, body in order:
        try:
            happened["repeated" if actions.receive(here, MORNING, key, body).repeated else "new"] += 1
        except Exception as problem:  # none is expected
            happened[f"failed: {problem}"[:200]] += 1
    here.db.close()
    return happened


def reader(told: Settings, finished: Event) -> None:
    """Understand, as a worker does, until all is pushed and none waits."""
    here = Services.start(told, lambda: MORNING)
    while True:
        was_over = finished.is_set()
        if jobs.understand_next(here):
            continue
        if was_over:
            break
        time.sleep(0.01)
    here.db.close()


def test_every_push_counts_once_and_the_day_is_that_of_one_reader(world: World) -> None:
    person = world.person()
    made = [world.write(lambda tx, name=name: actions.add(tx, MORNING, RING, person, name)) for name in ("a", "b")]
    piles = {each.key: bodies(number) for number, each in enumerate(made)}
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(PUSHERS + READERS, mp_context=context) as pool:
        pushed = manager.Event()
        readers = [pool.submit(reader, world.here.settings, pushed) for _ in range(READERS)]
        pushers = [pool.submit(pusher, world.here.settings, piles, seed) for seed in range(PUSHERS)]
        told = sum((each.result(timeout=120) for each in pushers), Counter[str]())
        pushed.set()
        for each in readers:
            each.result(timeout=120)

    assert [what for what in told if what.startswith("failed")] == []
    assert told.total() == 2 * 60
    with world.db.reading() as conn:
        rows = conn.execute(select(StepArrival)).all()
        assert Counter((row.state, row.provider) for row in rows) == {("done", "hc_webhook"): 60}
        assert steps_on(conn, person, ON) == in_order(piles)


def in_order(piles: dict[str, list[bytes]]) -> int | None:
    """The steps that count of the day, had one reader read one body after the other."""
    said = {}
    for key, pile in piles.items():
        days = Days(unnamed=key)
        for body in pile:
            take(body, HONG_KONG, days)
        said |= {source: day for source, on, day in days.finish() if on == ON}
    return merge(said, ON, MORNING.date() + timedelta(days=1)).steps
