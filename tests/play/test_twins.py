"""One device counts for one person a day: who brings the same hours second is held, and told so."""

from datetime import date, timedelta
from uuid import UUID

from challenges_app.play.activity import actions, queries
from integrations.days import SourceDay
from tests.builders import MORNING, RING, World
from tests.play.test_activity import counted, hours, points

MONDAY = date(2026, 11, 16)
THURSDAY, TODAY = date(2026, 11, 19), date(2026, 11, 21)
WALKED = hours(h8=512, h9=733, h10=121, h12=904, h13=88, h15=377, h17=1_450, h18=2_016, h20=95)


def reasons(world: World, person: UUID, on: date = THURSDAY) -> list[tuple[int, str]]:
    """What somebody is told that was not counted of a day."""
    told = actions.day(world.here, world.now(), person, on)["not_counted"]
    return [(each["steps"], each["why"]) for each in told]


def shifted(day: SourceDay, hour: int, steps: int) -> SourceDay:
    """The same day but for one hour."""
    assert day.hours
    return SourceDay(hours=tuple(steps if at == hour else each for at, each in enumerate(day.hours)))


def test_who_brings_the_same_hours_second_is_held_and_told_why(world: World) -> None:
    mei, copies = world.person(), world.person()
    world.walking(MONDAY, 28)
    world.steps(mei, {THURSDAY: WALKED})
    world.steps(copies, {THURSDAY: WALKED}, "another name")
    assert (counted(world, mei, THURSDAY), points(world, mei)) == (6_296, 11)
    assert (counted(world, copies, THURSDAY), points(world, copies)) == (None, 0)
    assert (reasons(world, mei), reasons(world, copies)) == ([], [(6_296, "twin")])


def test_one_s_own_steps_by_two_roads_are_nobody_else_s(world: World) -> None:
    mei = world.person()
    for source in ("phone", "export"):
        world.steps(mei, {THURSDAY: WALKED}, source)
    assert (counted(world, mei, THURSDAY), reasons(world, mei)) == (6_296, [])


def test_what_was_walked_besides_still_counts(world: World) -> None:
    mei, copies = world.person(), world.person()
    for person in (mei, copies):
        world.steps(person, {THURSDAY: WALKED})
    world.steps(copies, {THURSDAY: hours(h7=1_200)}, "watch")
    assert counted(world, copies, THURSDAY) == 1_200


def test_days_that_two_may_walk_alike_are_not_compared(world: World) -> None:
    for few in (hours(h8=5_000), SourceDay(total=8_000), hours(**{f"h{hour}": 40 for hour in range(24)})):
        mei, other = world.person(), world.person()
        for person in (mei, other):
            world.steps(person, {THURSDAY: few})
        assert counted(world, mei, THURSDAY) == counted(world, other, THURSDAY) == few.steps


def test_a_day_that_is_still_walked_is_compared_once_it_is_over_and_told_of_again(world: World) -> None:
    mei, copies = world.person(), world.person()
    for person in (mei, copies):
        world.steps(person, {TODAY: WALKED})
    assert counted(world, copies, TODAY) == 6_296
    world.now = lambda: MORNING + timedelta(days=2)
    for person in (mei, copies):
        world.steps(person, {TODAY: WALKED})
    assert (counted(world, mei, TODAY), counted(world, copies, TODAY)) == (6_296, None)


def test_a_day_that_turns_out_otherwise_is_let_go(world: World) -> None:
    mei, other = world.person(), world.person()
    for person in (mei, other):
        world.steps(person, {THURSDAY: WALKED})
    world.steps(other, {THURSDAY: shifted(WALKED, 18, 3_000)})
    assert (counted(world, other, THURSDAY), reasons(world, other)) == (7_280, [])


def test_a_removed_source_leaves_the_day_to_whoever_tells_of_it_again(world: World) -> None:
    mei, father = world.person(), world.person()
    for person in (father, mei):
        world.steps(person, {THURSDAY: WALKED})
    with world.db.reading() as conn:
        [phone] = queries.sources(conn, father)
    world.write(lambda tx: actions.remove_source(tx, RING, world.now(), father, phone.id))
    world.steps(mei, {THURSDAY: WALKED})
    assert (counted(world, father, THURSDAY), counted(world, mei, THURSDAY)) == (None, 6_296)
