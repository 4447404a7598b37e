"""The worker: a clock that ticks, and the work that is due; two workers do no harm to each other."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta

import structlog
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from challenges_app.kit import due
from challenges_app.kit.logs import traced
from challenges_app.kit.services import Services
from challenges_app.people.accounts.jobs import forget_devices, forget_sessions
from challenges_app.people.carers.jobs import end_past, forget_offers, tell_of_rest
from challenges_app.people.departure.jobs import erase, erase_unclaimed, forget
from challenges_app.people.departure.rules import FORGET
from challenges_app.people.family.jobs import forget_invites, tell_of_hand_over
from challenges_app.people.identity.jobs import forget_counter_codes
from challenges_app.people.meeting.jobs import forget_codes
from challenges_app.people.notices.jobs import forget_links
from challenges_app.people.post.jobs import carry_next
from challenges_app.people.sessions.jobs import answer_next
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.challenges.jobs import place_drops
from challenges_app.play.connections.jobs import fetch_keys, hear_next, pull_next, sync_next
from challenges_app.play.deliveries.jobs import read_next, sweep
from challenges_app.play.standings.jobs import check, project
from challenges_app.play.walks.jobs import forget_marks

log = structlog.get_logger()

CARRY_EVERY = 0.2  # seconds between two looks at the outbox
LOOK_EVERY = 20  # seconds between two looks at what is due
MAIL_EVERY = 1.0  # seconds between two looks for notices to be mailed or pushed
READ_EVERY = 0.5  # seconds between two looks for a delivery or a push
ASK_EVERY = 1.0  # seconds between two looks for what vendors told, and whom to ask

JOBS: dict[str, tuple[timedelta, Callable[[Services], int]]] = {
    "place drops": (timedelta(minutes=30), place_drops),
    "forget sessions": (timedelta(hours=1), forget_sessions),
    "forget devices": (timedelta(hours=24), forget_devices),
    "forget links": (timedelta(hours=1), forget_links),
    "forget invites": (timedelta(hours=1), forget_invites),
    "forget meeting codes": (timedelta(hours=1), forget_codes),
    "forget counter codes": (timedelta(hours=1), forget_counter_codes),
    "tell of hand-over": (timedelta(hours=24), tell_of_hand_over),
    "end past care": (timedelta(hours=1), end_past),
    "tell of resting care": (timedelta(hours=24), tell_of_rest),
    "forget care offers": (timedelta(hours=1), forget_offers),
    "erase": (timedelta(hours=1), erase),
    "erase unclaimed": (timedelta(hours=24), erase_unclaimed),
    FORGET: (timedelta(hours=24), forget),
    "sweep files": (timedelta(hours=1), sweep),
    "forget marks": (timedelta(hours=1), forget_marks),
    "check boards": (timedelta(hours=24), check),
}


def clock(here: Services) -> BlockingScheduler:
    """A clock that is not started yet; `start()` then blocks and runs everything in the calling thread."""
    return _ticking(here, {carry: CARRY_EVERY, do_what_is_due: LOOK_EVERY})


def reading_clock(here: Services) -> BlockingScheduler:
    """A clock of its own for files and mail, for another thread: both may take a minute, and boards do not wait."""
    return _ticking(here, {read_deliveries: READ_EVERY, send_mail: MAIL_EVERY})


def asking_clock(here: Services) -> BlockingScheduler:
    """A clock of its own for vendors' clouds, for another thread: one that is slow to answer holds up nothing else."""
    return _ticking(here, {ask_vendors: ASK_EVERY, learn_keys: LOOK_EVERY})


def _ticking(here: Services, jobs: Mapping[Callable[[Services], None], float]) -> BlockingScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # The debug executor runs jobs in the clock's own thread, one after another: that is all we want of it.
    ticking = BlockingScheduler(executors={"default": DebugExecutor()}, timezone=UTC)
    for job, seconds in jobs.items():
        ticking.add_job(job, "interval", [here], seconds=seconds, coalesce=True, misfire_grace_time=None)
    return ticking


def carry(here: Services) -> None:
    """Carry waiting events to the boards until none is left."""
    try:
        while project(here):
            pass
    except Exception as problem:  # the next tick tries again
        log.error("carrying failed", **traced(problem))


def read_deliveries(here: Services) -> None:
    """Read deliveries until none waits; what phones pushed is small, and goes before each file."""
    try:
        while understand_next(here) or read_next(here):
            pass
    except Exception as problem:  # the next tick tries again
        log.error("reading failed", **traced(problem))


def ask_vendors(here: Services) -> None:
    """Understand what vendors told, and ask them for what is wanted, until nothing is."""
    try:
        while hear_next(here) or pull_next(here) or sync_next(here):
            pass
    except Exception as problem:  # the next tick tries again
        log.error("asking vendors failed", **traced(problem))


def learn_keys(here: Services) -> None:
    """Fetch the keys with which vendors sign, where those that are known grow old."""
    try:
        fetch_keys(here)
    except Exception as problem:  # the next tick tries again
        log.error("fetching keys failed", **traced(problem))


def send_mail(here: Services) -> None:
    """Answer those who asked for a link, and hand all notices over."""
    try:
        while answer_next(here) or carry_next(here):
            pass
    except Exception as problem:  # the next tick tries again
        log.error("mailing failed", **traced(problem))


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
