"""Taking a drop: once each, counted once, whatever is sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from challenges_app.kit.refusals import Refused
from challenges_app.play.challenges.tables import Drop
from challenges_app.play.ledger import queries as ledger
from tests.builders import CHALLENGE, MORNING, World


def refused(code: str) -> pytest.RaisesExc[Refused]:
    """Expect a refusal by its code."""
    return pytest.RaisesExc(Refused, check=lambda problem: problem.refusal.code == code)


def test_a_capture_brings_points_and_coins(world: World) -> None:
    who = world.player()
    taken = world.take(who, world.drop())
    assert (taken.repeated, taken.awards) == (False, [{"points": 10, "coins": 5, "why": "capture"}])
    with world.db.reading() as conn:
        assert (ledger.points(conn, CHALLENGE, who.player_id), ledger.coins(conn, who.player_id)) == (10, 5)


def test_the_same_attempt_again_gets_the_same_answer_and_nothing_more(world: World) -> None:
    who, drop = world.player(), world.drop()
    first = world.take(who, drop, client_id="a")
    again = world.take(who, drop, client_id="a")
    assert again.repeated
    assert (again.id, again.awards, again.captured_at) == (first.id, first.awards, first.captured_at)
    with world.db.reading() as conn:
        assert ledger.points(conn, CHALLENGE, who.player_id) == 10


def test_another_attempt_at_a_drop_one_has_is_refused(world: World) -> None:
    who, drop = world.player(), world.drop()
    world.take(who, drop, client_id="a")
    with refused("capture.already_yours"):
        world.take(who, drop, client_id="b")


def test_two_players_may_take_the_same_drop(world: World) -> None:
    drop = world.drop()
    assert not any(world.take(world.player(), drop).repeated for _ in range(2))


def test_stock_runs_out_at_zero_and_leaves_nothing_behind(world: World) -> None:
    drop, late = world.drop(stock=2), world.player()
    world.take(world.player(), drop)
    world.take(world.player(), drop)
    with refused("drop.gone"):
        world.take(late, drop)
    with world.db.reading() as conn:
        assert conn.execute(select(Drop.stock).where(Drop.id == drop)).scalar_one() == 0
        assert ledger.points(conn, CHALLENGE, late.player_id) == 0


def test_the_day_has_a_cap_that_a_repeat_does_not_meet(world: World) -> None:
    who, drops = world.player(), [world.drop() for _ in range(21)]
    for number, drop in enumerate(drops[:20]):
        world.take(who, drop, client_id=str(number))
    with refused("capture.daily_cap"):
        world.take(who, drops[20])
    assert world.take(who, drops[0], client_id="0").repeated


def test_a_second_park_within_the_hour_makes_a_journey(world: World) -> None:
    who = world.player()
    world.take(who, world.drop(park_id="hong-kong-park"))
    on_time = world.take(who, world.drop(park_id="victoria-park"), at=MORNING + timedelta(minutes=60))
    too_late = world.take(who, world.drop(park_id="hong-kong-park"), at=MORNING + timedelta(minutes=121))
    assert [each["why"] for each in on_time.awards] == ["capture", "journey"]
    assert [each["why"] for each in too_late.awards] == ["capture"]


def test_a_drop_is_for_its_day_only(world: World) -> None:
    with refused("drop.other_day"):
        world.take(world.player(), world.drop(), at=MORNING + timedelta(days=1))


def test_nothing_counts_after_the_challenge(world: World) -> None:
    with refused("challenge.over"):
        world.take(world.player(), world.drop(), at=MORNING + timedelta(days=7))
