"""The worker: a clock that ticks, and the work that is due; two workers do no harm to each other."""

import logging
from collections.abc import Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from challenges_app.kit import due
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.accounts.jobs import forget_sessions
from challenges_app.play.challenges.jobs import place_drops
from challenges_app.play.standings.jobs import check, project
from challenges_app.play.walks.jobs import forget_marks

log = structlog.get_logger()

CARRY_EVERY = 0.2  # seconds between two looks at the outbox
LOOK_EVERY = 20  # seconds between two looks at what is due

JOBS: dict[str, tuple[timedelta, Callable[[Services], int]]] = {
    "place drops": (timedelta(minutes=30), place_drops),
    "forget sessions": (timedelta(hours=1), forget_sessions),
    "forget marks": (timedelta(hours=1), forget_marks),
    "check boards": (timedelta(hours=24), check),
}


def clock(here: Services) -> BlockingScheduler:
    """A clock that is not started yet; `start()` then blocks and runs everything in the calling thread."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # The debug executor runs jobs in the clock's own thread, one after another: that is all we want of it.
    ticking = BlockingScheduler(executors={"default": DebugExecutor()}, timezone=UTC)
    ticking.add_job(carry, "interval", [here], seconds=CARRY_EVERY, coalesce=True, misfire_grace_time=None)
    ticking.add_job(do_what_is_due, "interval", [here], seconds=LOOK_EVERY, coalesce=True, misfire_grace_time=None)
    return ticking


def carry(here: Services) -> None:
    """Carry waiting events to the boards until none is left."""
    try:
        while project(here):
            pass
    except Exception as problem:  # the next tick tries again
        log.error("carrying failed", **traced(problem))


def do_what_is_due(here: Services) -> None:
    """Do each piece of recurring work that is due and that no other worker has taken."""
    for name, (every, job) in JOBS.items():
        try:
            _do(here, name, every, job)
        except Exception as problem:  # one job's trouble is not the others'
            log.error("job failed", job=name, **traced(problem))


def _do(here: Services, name: str, every: timedelta, job: Callable[[Services], int]) -> None:
    now = here.now()
    if not here.db.write(lambda tx: due.claim(tx, now, name, every)):
        return
    try:
        log.info("job done", job=name, count=job(here))
    except Exception:
        here.db.write(lambda tx: due.soon(tx, now, name))
        raise
