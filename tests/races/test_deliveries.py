"""Many processes give and read files of the same person while others score: every day comes out as read in order."""

import multiprocessing
import random
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from multiprocessing.synchronize import Event
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from challenges_app.kit import outbox
from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import queries as activity
from challenges_app.play.activity.rules import unpacked
from challenges_app.play.deliveries import actions, jobs
from challenges_app.play.deliveries.tables import StepDelivery
from challenges_app.play.ledger.actions import TOPIC
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent
from challenges_app.play.players import queries as players
from challenges_app.play.standings.actions import differences
from challenges_app.settings import Settings
from integrations.days import SourceDay
from integrations.merge import join, merge
from scoring.facts import StepsFacts
from scoring.kinds import steps_kinds
from tests.builders import CHALLENGE, MORNING, NOWHERE, WALKING, World
from tests.integrations.files import export, outcome, record, table
from tests.races.crowd import Try, carrier, hand

GIVERS, READERS, CARRIERS = 2, 3, 2
FILES = 12  # of each of two people
DAYS = [date(2026, 11, 2) + timedelta(days=at) for at in range(19)]  # up to the day before the race's morning
OPENS, LASTS = DAYS[0], 28
DROPS = 15

Known = Mapping[tuple[date, str, str], SourceDay]


def files(person: int) -> list[bytes]:
    """What a person gives: some days of phone and watch by the hour, each day in several files, and some totals."""
    chance, given = random.Random(person), []
    for _ in range(FILES - 2):
        rows = [
            record(f"{on} {hour:02}:10:00 +0800", f"{on} {hour:02}:40:00 +0800", chance.randrange(3_000), source)
            for on in chance.sample(DAYS, 9)
            for source in ("phone", "watch")
            for hour in chance.sample(range(6, 23), 6)
        ]
        given.append(export(*rows))
    for _ in range(2):
        totals = (f"{on},{chance.randrange(20_000)},band" for on in chance.sample(DAYS, 9))
        given.append(table("date,steps,source", *totals))
    return given


def giver(told: Settings, piles: Mapping[UUID, Sequence[bytes]], seed: int) -> Counter[str]:
    """Give all files of all people in an order of one's own; answers how many were new and how many were not."""
    here = Services.start(told, lambda: MORNING)
    given = [(person, content) for person, pile in piles.items() for content in pile]
    random.Random(seed).shuffle(given)
    happened: Counter[str] = Counter()
    for person, content in given:
        try:
            happened["repeated" if give(here, person, content).repeated else "new"] += 1
        except Exception as problem:  # none is expected
            happened[f"failed: {problem}"[:200]] += 1
    here.db.close()
    return happened


def give(here: Services, person: UUID, content: bytes) -> actions.Received:
    """Give a file, and wait while as many as may be are under way."""
    while True:
        try:
            return actions.receive(here, MORNING, person, [content], len(content))
        except Refused as no:
            if no.refusal is not actions.MANY:
                raise
            time.sleep(0.02)


def reader(told: Settings, finished: Event) -> Counter[str]:
    """Read deliveries, as a worker does, until all are given and none waits."""
    here = Services.start(told, lambda: MORNING)
    happened: Counter[str] = Counter()
    while True:
        was_over = finished.is_set()
        try:
            if jobs.read_next(here):
                happened["read"] += 1
                continue
        except Exception as problem:  # none is expected
            happened[f"failed: {problem}"[:200]] += 1
        if was_over:
            break
        time.sleep(0.02)
    here.db.close()
    return happened


def race(here: Settings, piles: Mapping[UUID, Sequence[bytes]], tries: list[Try]) -> tuple[Counter[str], ...]:
    """Let all loose; answers what happened to givers, readers, hands that take drops, and carriers."""
    context = multiprocessing.get_context("spawn")
    with (
        context.Manager() as manager,
        ProcessPoolExecutor(GIVERS + READERS + CARRIERS + 1, mp_context=context) as pool,
    ):
        given, scored = manager.Event(), manager.Event()
        carriers = [pool.submit(carrier, here.database_url, scored) for _ in range(CARRIERS)]
        readers = [pool.submit(reader, here, given) for _ in range(READERS)]
        hands = [pool.submit(hand, here.database_url, tries, 1)]
        givers = [pool.submit(giver, here, piles, seed) for seed in range(GIVERS)]
        told = [sum((each.result(timeout=120) for each in givers), Counter())]
        given.set()
        told += [sum((each.result(timeout=120) for each in group), Counter()) for group in (readers, hands)]
        scored.set()
        return *told, sum((each.result(timeout=60) for each in carriers), Counter())


def in_order(pile: Sequence[bytes]) -> Known:
    """What the sources say of each day after one reader has read one file after the other."""
    known: dict[tuple[date, str, str], SourceDay] = {}
    for content in pile:
        found = outcome(content)
        for source, on, day in found.days:
            key = (on, found.provider or "", source)
            known[key] = join(known[key], day) if key in known else day
    return known


def steps_of(known: Known) -> dict[date, int]:
    """The steps that count of each day."""
    by_day: dict[date, dict[tuple[str, str], SourceDay]] = defaultdict(dict)
    for (on, *source), day in known.items():
        by_day[on][source[0], source[1]] = day
    counted = {on: merge(sources, on, MORNING.date() + timedelta(days=1)).steps for on, sources in by_day.items()}
    return {on: steps for on, steps in counted.items() if steps is not None}


def kept(world: World, conn: Connection, person: UUID) -> Known:
    """What the store has of a person's days."""
    ring = world.here.ring
    names = {
        row.id: (row.provider, ring.open(row.name_sealed, "step_source", row.name_index.hex(), "name"))
        for row in activity.sources(conn, person)
    }
    return {
        (row.on, *names[row.source_id]): unpacked(row)
        for row in activity.source_days(conn, person, DAYS[0], MORNING.date())
    }


def due(player: UUID, steps: Mapping[date, int]) -> tuple[int, int]:
    """The points and coins of all days at once."""
    kind = steps_kinds()["steps_goal"]
    facts = StepsFacts(WALKING, str(player), OPENS, OPENS + timedelta(days=LASTS - 1), steps)
    awards = [each.award for each in kind.on_days(kind.read({}), facts)]
    return sum(each.points for each in awards), sum(each.coins for each in awards)


def scored(conn: Connection, player: UUID, challenge: str) -> tuple[int, int]:
    """The points and coins that the ledger has."""
    points = select(func.sum(ScoreEvent.points)).where(
        ScoreEvent.player_id == player, ScoreEvent.challenge_id == challenge
    )
    coins = select(func.sum(CoinEntry.coins)).join(ScoreEvent, ScoreEvent.key == CoinEntry.key)
    coins = coins.where(ScoreEvent.player_id == player, ScoreEvent.challenge_id == challenge)
    return conn.execute(points).scalar_one() or 0, conn.execute(coins).scalar_one() or 0


def test_every_file_is_read_once_and_the_days_are_those_of_one_reader(world: World) -> None:
    (class_id,) = world.school()
    mei, wing = (world.person(born=date(2016, 3, 1)) for _ in range(2))
    for pupil in (mei, wing):
        world.enrol(pupil, class_id)
    world.family(world.person(), mei, wing)
    world.walking(OPENS, LASTS)
    captor = world.player(mei, **{**NOWHERE, "child": True})
    drops = [world.drop() for _ in range(DROPS)]
    tries = [Try(captor, drop, f"{number}-{name}") for number, drop in enumerate(drops) for name in "ab"]
    piles = {mei: files(1), wing: files(2)}

    givers, readers, hands, carriers = race(world.here.settings, piles, tries)

    assert [what for what in givers + readers + hands + carriers if what.startswith("failed")] == []
    assert (givers["new"], givers["repeated"], readers["read"]) == (2 * FILES, 2 * FILES, 2 * FILES)
    with world.db.reading() as conn:
        rows = conn.execute(select(StepDelivery)).all()
        assert Counter((row.state, row.tries) for row in rows) == {("done", 1): 2 * FILES}
        # Each delivery has its own file, and of what was repeated none is left.
        lying = world.here.files.names_older_than(datetime(2999, 1, 1, tzinfo=HONG_KONG))
        assert sorted(row.spool for row in rows) == lying
        for person, pile in piles.items():
            expected = in_order(pile)
            steps = steps_of(expected)
            player = players.player_of(conn, person)
            assert player is not None
            assert kept(world, conn, person) == expected
            assert activity.totals(conn, person, DAYS[0], DAYS[-1]) == steps
            assert scored(conn, player, WALKING) == due(player, steps)
        assert scored(conn, captor.player_id, CHALLENGE)[0] == DROPS * 10
        assert outbox.waiting(conn, TOPIC) == 0
        assert differences(conn) == []
    # Nobody has left a lock behind.
    world.steps(mei, {DAYS[0]: 31_000}, source=uuid4().hex)
