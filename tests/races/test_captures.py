"""Eight processes take the same drops at once while two projectors carry: nothing is lost, doubled or locked."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from challenges_app.kit import outbox
from challenges_app.play.captures.tables import Capture, PlayerDay
from challenges_app.play.challenges.tables import Drop
from challenges_app.play.ledger.actions import TOPIC, Earner
from challenges_app.play.ledger.tables import CoinEntry, ScoreEvent
from challenges_app.play.standings.actions import differences
from challenges_app.play.standings.tables import Board, Standing
from tests.builders import CHALLENGE, World
from tests.races.crowd import Try, carrier, hand

HANDS, TRIES = 8, 1500
PLAYERS, DROPS = 150, 20  # so many may each take so many, the day's cap
SCARCE = 40  # a drop with this stock is wanted by everybody
SCHOOLS = ("528781", "510530", "510602")


@pytest.fixture
def crowd(world: World) -> list[Earner]:
    """A hundred and fifty players: pupils of three schools, every third in a family, some adults."""
    homes = [uuid4() for _ in range(20)]
    return [
        world.player(
            child=number % 5 > 0,
            school_id=SCHOOLS[number % 3] if number % 5 else None,
            household_id=homes[number % 20] if number % 3 == 0 else None,
        )
        for number in range(PLAYERS)
    ]


def piles(crowd: list[Earner], drops: list[UUID]) -> Iterator[list[Try]]:
    """The attempts of each hand: every capture is wanted four times over, twice under the same client id."""
    wanted = [
        Try(who, drop, f"{who.player_id.hex[:12]}-{number}-{name}")
        for who in crowd
        for number, drop in enumerate(drops)
        for name in ("a", "a", "b", "c")
    ]
    assert len(wanted) == HANDS * TRIES
    for at in range(HANDS):
        yield wanted[at::HANDS]


def race(url: str, tries: list[list[Try]]) -> tuple[Counter[str], Counter[str]]:
    """Let all hands and two projectors loose; answers what happened to the hands and to the projectors."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(HANDS + 2, mp_context=context) as pool:
        finished = manager.Event()
        carriers = [pool.submit(carrier, url, finished) for _ in range(2)]
        hands = [pool.submit(hand, url, pile, seed) for seed, pile in enumerate(tries)]
        done = sum((each.result(timeout=300) for each in hands), Counter())
        finished.set()
        return done, sum((each.result(timeout=120) for each in carriers), Counter())


def test_everybody_gets_what_they_took_once(world: World, database_url: str, crowd: list[Earner]) -> None:
    drops = [world.drop() for _ in range(DROPS - 1)]
    scarce = world.drop(stock=SCARCE)
    hands, carriers = race(database_url, list(piles(crowd, [*drops, scarce])))
    expected = PLAYERS * (DROPS - 1) + SCARCE
    assert [what for what in hands + carriers if what.startswith("failed")] == []
    assert (hands["taken"], carriers["carried"]) == (expected, expected)
    assert hands["capture.already_yours"] > 0
    assert hands["drop.gone"] > 0
    with world.db.reading() as conn:

        def total(column: object) -> int:
            return int(conn.execute(select(func.sum(column))).scalar_one())  # type: ignore[call-overload]

        assert conn.execute(select(func.count()).select_from(Capture)).scalar_one() == expected
        assert total(PlayerDay.captures) == expected
        assert conn.execute(select(Drop.stock).where(Drop.id == scarce)).scalar_one() == 0
        assert (total(ScoreEvent.points), total(CoinEntry.coins)) == (expected * 10, expected * 5)
        assert differences(conn) == []
        assert outbox.waiting(conn, TOPIC) == 0
        players = select(func.sum(Standing.points)).join(Board, Board.id == Standing.board_id)
        players = players.where(Board.subject == "player", Board.season == "all", Board.challenge_id == CHALLENGE)
        assert conn.execute(players).scalar_one() == expected * 10
