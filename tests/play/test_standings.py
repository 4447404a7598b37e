"""From the ledger to the boards and back: what stands is what was earned, and can be made again."""

from datetime import UTC
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from challenges_app.kit import outbox
from challenges_app.play.ledger.actions import TOPIC, Earner
from challenges_app.play.standings.actions import differences, rebuild
from challenges_app.play.standings.rules import fold
from challenges_app.play.standings.tables import Board, Contribution, Standing
from tests.builders import CHALLENGE, World

SCHOOL = "528781"


def school_board(world: World, season: str = "all") -> tuple[int, int, int]:
    """Points, members and those who reached the goal, of the one school on its board."""
    wanted = select(Standing.points, Standing.members, Standing.reached)
    with world.db.reading() as conn:
        return tuple(conn.execute(wanted.where(Standing.board_id == f"{CHALLENGE}:{season}:school:city")).one())


def pupil(world: World) -> Earner:
    """A pupil of the school."""
    return world.player(child=True, school_id=SCHOOL)


def found_differences(world: World) -> list[str]:
    """What the check of the boards finds."""
    with world.db.reading() as conn:
        return differences(conn)


def test_a_capture_reaches_each_board_of_its_player(world: World) -> None:
    home, class_id = uuid4(), uuid4()
    world.take(world.player(child=True, school_id=SCHOOL, class_id=class_id, household_id=home), world.drop())
    assert world.carry() == 1
    with world.db.reading() as conn:
        boards = {row.id.removeprefix(f"{CHALLENGE}:"): row.rev for row in conn.execute(select(Board))}
        assert outbox.waiting(conn, TOPIC) == 0
    assert boards == {
        f"{season}:{subject}": 1
        for season in ("all", "2026-W47")
        for subject in (f"player:{SCHOOL}", f"class:{SCHOOL}", "school:city", "household:city")
    }


def test_a_child_without_a_school_has_no_public_place(world: World) -> None:
    world.take(world.player(child=True), world.drop())
    world.carry()
    with world.db.reading() as conn:
        assert conn.execute(select(Board)).all() == []


def test_a_school_counts_each_member_once(world: World) -> None:
    one, other = pupil(world), pupil(world)
    for who in (one, one, other):
        world.take(who, world.drop())
        world.carry()
    assert school_board(world) == (30, 2, 0)


def test_the_goal_is_reached_once_however_the_points_arrive(world: World) -> None:
    who = pupil(world)
    for _ in range(15):  # 150 points are the week's goal
        world.take(who, world.drop())
    assert world.carry() == 15
    assert school_board(world, "2026-W47") == (150, 1, 1)
    world.take(who, world.drop())
    world.carry()
    assert school_board(world, "2026-W47") == (160, 1, 1)


def test_nothing_differs_from_the_ledger_even_while_events_wait(world: World) -> None:
    for _ in range(3):
        world.take(pupil(world), world.drop())
    world.carry()
    world.take(pupil(world), world.drop())
    assert found_differences(world) == []


def test_a_tampered_standing_is_found_and_rebuilt(world: World) -> None:
    world.take(pupil(world), world.drop())
    world.carry()
    world.write(lambda tx: tx.execute(update(Standing).values(points=Standing.points + 1)))
    assert len(found_differences(world)) == 4  # the player's and the school's, for the week and for the whole
    world.write(lambda tx: rebuild(tx, world.here.pulse))
    assert found_differences(world) == []


def test_rebuilding_takes_in_what_still_waits_and_counts_it_once(world: World) -> None:
    world.take(pupil(world), world.drop())
    world.write(lambda tx: rebuild(tx, world.here.pulse))
    assert world.carry() == 0
    assert school_board(world) == (10, 1, 0)


def test_a_bad_message_does_not_hold_up_the_others(world: World) -> None:
    world.write(lambda tx: outbox.put(tx, world.now(), TOPIC, {"nonsense": True}))
    world.take(pupil(world), world.drop())
    assert world.carry() >= 1
    assert school_board(world) == (10, 1, 0)
    assert found_differences(world) == []
    with world.db.reading() as conn:
        assert outbox.waiting(conn, TOPIC) == 1
        assert conn.execute(select(outbox.Outbox.problem)).scalar_one() == "KeyError"


def test_contributions_add_up_to_their_group(world: World) -> None:
    for who in (pupil(world), pupil(world)):
        world.take(who, world.drop())
    world.carry()
    with world.db.reading() as conn:
        parts = conn.execute(select(Contribution.points).where(Contribution.board_id == f"{CHALLENGE}:all:school:city"))
        assert sum(parts.scalars()) == school_board(world)[0]


EARNERS = st.builds(
    dict,
    player_id=st.sampled_from([uuid4() for _ in range(4)]),
    child=st.booleans(),
    household_id=st.sampled_from([None, uuid4()]),
    class_id=st.sampled_from([None, uuid4()]),
    school_id=st.sampled_from([None, SCHOOL]),
    points=st.integers(-20, 50),
    occurred_at=st.datetimes(timezones=st.just(UTC)),
    challenge_id=st.just(CHALLENGE),
)


class Happened:
    """An event as the rules see it."""

    def __init__(self, facts: dict[str, object]) -> None:
        self.__dict__.update(facts)


@given(st.lists(EARNERS, max_size=12).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_events_never_matters(both: tuple[list[dict[str, object]], list[dict[str, object]]]) -> None:
    one, other = ([Happened(each) for each in events] for events in both)
    assert fold(one) == fold(other)
