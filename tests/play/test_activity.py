"""Days of steps: kept once, merged, and carried to the points of challenges as differences."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete

from challenges_app.kit.refusals import Refused
from challenges_app.people.households.tables import HouseholdMember
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.activity import actions, queries
from challenges_app.play.ledger import queries as ledger
from challenges_app.play.players.queries import player_of
from challenges_app.play.standings.actions import differences
from integrations.days import SourceDay
from scoring.seasons import week_of
from tests.builders import MORNING, RING, WALKING, World

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 21)
LATER = MORNING + timedelta(minutes=5)


def hours(**steps: int) -> SourceDay:
    """A source's day by hours: `hours(h8=500)`."""
    return SourceDay(hours=tuple(steps.get(f"h{hour}", 0) for hour in range(24)))


def points(world: World, person: UUID, challenge: str = WALKING) -> int:
    """What somebody has in a challenge."""
    with world.db.reading() as conn:
        player = player_of(conn, person)
        return ledger.points(conn, challenge, player) if player else 0


def coins(world: World, person: UUID) -> int:
    """Somebody's coins."""
    with world.db.reading() as conn:
        player = player_of(conn, person)
        return ledger.coins(conn, player) if player else 0


def counted(world: World, person: UUID, on: date = TODAY) -> int | None:
    """The steps of a day that count."""
    with world.db.reading() as conn:
        return actions.steps_on(conn, person, on)


def entries(world: World) -> int:
    """How many rows the ledger has."""
    with world.db.reading() as conn:
        return len(list(ledger.all_events(conn)))


def test_a_day_of_steps_brings_points_and_coins(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    world.steps(person, {TODAY: 10_400})
    assert (counted(world, person), points(world, person), coins(world, person)) == (10_400, 20, 3)


def test_the_same_again_changes_nothing(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    for _ in range(3):
        world.steps(person, {TODAY: 10_400, MONDAY: 5_000})
    assert (points(world, person), entries(world)) == (30, 2)


def test_phone_and_watch_are_never_added(world: World) -> None:
    person = world.person()
    world.steps(person, {TODAY: hours(h8=3_000, h9=1_000)}, "phone")
    world.steps(person, {TODAY: hours(h8=2_000, h9=1_500)}, "watch")
    assert counted(world, person) == 4_500


def test_a_smaller_late_reading_never_lowers_a_fuller_one(world: World) -> None:
    person = world.person()
    world.steps(person, {TODAY: hours(h8=3_000)})
    world.steps(person, {TODAY: hours(h8=1_000)})
    assert counted(world, person) == 3_000


def test_a_source_that_says_that_it_corrects_may_lower_and_the_ledger_says_so(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    world.steps(person, {TODAY: SourceDay(total=10_000, revised_at=MORNING)})
    world.steps(person, {TODAY: SourceDay(total=6_000, revised_at=LATER)})
    assert (counted(world, person), points(world, person), coins(world, person)) == (6_000, 11, 1)
    assert entries(world) == 2


def test_more_steps_later_in_the_day_bring_the_difference_only(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    for steps in (2_000, 5_100, 7_600):
        world.steps(person, {TODAY: steps})
    assert (points(world, person), entries(world)) == (15, 3)


def test_a_kept_week_forgives_one_day(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    six = {MONDAY + timedelta(days=number): 5_000 for number in range(5)} | {TODAY: 5_000}
    world.steps(person, six)
    assert points(world, person) == 6 * 10 + 20


def test_steps_of_hand_and_held_days_bring_nothing_and_say_why(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    world.steps(person, {TODAY: SourceDay(by_hand=9_000), MONDAY: 120_000})
    assert (counted(world, person), points(world, person)) == (None, 0)
    told = actions.month(world.here, MORNING, person, date(2026, 11, 1))
    assert [(each["on"], each["steps"], each["why"]) for each in told["not_counted"]] == [
        (MONDAY, 120_000, "over_day"),
        (TODAY, 9_000, "by_hand"),
    ]


def test_days_outside_the_challenge_bring_nothing(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 7)
    world.steps(person, {MONDAY - timedelta(days=1): 20_000})
    assert points(world, person) == 0


@pytest.mark.parametrize(("days_after_the_end", "brings"), [(6, 20), (8, 0)])
def test_late_data_counts_for_seven_days_and_then_places_are_frozen(
    world: World, days_after_the_end: int, brings: int
) -> None:
    person = world.person()
    world.walking(date(2026, 11, 1), 5)
    ends = datetime.combine(date(2026, 11, 6), time(0), HONG_KONG)
    world.steps(person, {date(2026, 11, 3): 10_000}, received=ends + timedelta(days=days_after_the_end))
    assert points(world, person) == brings


def test_what_came_in_time_counts_however_late_it_is_read(world: World) -> None:
    person = world.person()
    world.walking(date(2026, 11, 1), 5)
    received = datetime(2026, 11, 12, 23, 59, tzinfo=HONG_KONG)
    world.steps(person, {date(2026, 11, 3): 10_000}, received=received)
    assert world.now() > received + timedelta(days=7)
    assert points(world, person) == 20


def test_points_go_to_the_family_and_class_of_the_day_and_boards_agree(world: World) -> None:
    [class_id] = world.school()
    pupil = world.person(born=date(2016, 3, 1))
    world.enrol(pupil, class_id)
    home = world.family(world.person(), pupil)
    world.walking(MONDAY, 28)
    world.steps(pupil, {TODAY: 10_000})
    world.carry()
    with world.db.reading() as conn:
        [event] = ledger.all_events(conn)
        assert (event.child, event.household_id, event.class_id, event.school_id) == (True, home, class_id, "528781")
        assert differences(conn) == []


def test_a_correction_goes_to_the_family_that_had_the_points(world: World) -> None:
    person = world.person()
    home = world.family(person)
    world.walking(MONDAY, 28)
    world.steps(person, {TODAY: SourceDay(total=10_000, revised_at=MORNING)})
    world.write(lambda tx: tx.execute(delete(HouseholdMember).where(HouseholdMember.person_id == person)))
    world.steps(person, {TODAY: SourceDay(total=1_000, revised_at=LATER)})
    world.carry()
    with world.db.reading() as conn:
        assert [(each.points, each.household_id) for each in ledger.all_events(conn)] == [(20, home), (-19, home)]
        assert differences(conn) == []


def test_a_lost_week_is_taken_from_the_family_that_had_its_bonus(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    days = {MONDAY + timedelta(days=number): SourceDay(total=5_000, revised_at=MORNING) for number in range(5)}
    world.steps(person, days)
    home = world.family(person)
    world.steps(person, {TODAY: SourceDay(total=5_000, revised_at=MORNING)})
    world.write(lambda tx: tx.execute(delete(HouseholdMember).where(HouseholdMember.person_id == person)))
    world.steps(person, {TODAY: SourceDay(total=0, revised_at=LATER)})
    with world.db.reading() as conn:
        weeks = [(each.points, each.household_id) for each in ledger.all_events(conn) if each.why == "steps_week"]
    assert weeks == [(20, home), (-20, home)]


def test_all_that_a_day_brings_belongs_to_its_own_week_for_a_traveller_too(world: World) -> None:
    person, monday = world.person(), MONDAY + timedelta(days=7)
    world.walking(MONDAY, 28)
    # Sunday evening in Hong Kong is Monday morning in Auckland.
    world.now = lambda: datetime(2026, 11, 22, 20, 30, tzinfo=HONG_KONG)
    world.steps(person, {monday: 5_000})
    world.now = lambda: datetime(2026, 11, 24, 9, 0, tzinfo=HONG_KONG)
    world.steps(person, {monday: 10_000})
    with world.db.reading() as conn:
        assert [week_of(each.occurred_at) for each in ledger.all_events(conn)] == ["2026-W48", "2026-W48"]


def test_a_removed_source_takes_its_steps_and_points_along(world: World) -> None:
    person = world.person()
    world.walking(MONDAY, 28)
    world.steps(person, {TODAY: 10_000}, "phone")
    world.steps(person, {TODAY: 6_000}, "watch")
    with world.db.reading() as conn:
        phone, watch = queries.sources(conn, person)
    world.write(lambda tx: actions.remove_source(tx, RING, MORNING, person, phone.id))
    assert (counted(world, person), points(world, person)) == (6_000, 11)
    world.write(lambda tx: actions.remove_source(tx, RING, MORNING, person, watch.id))
    assert (counted(world, person), points(world, person), coins(world, person)) == (None, 0, 0)


def test_nobody_can_remove_the_source_of_another(world: World) -> None:
    mine, other = world.person(), world.person()
    world.steps(other, {TODAY: 6_000})
    with world.db.reading() as conn:
        [source] = queries.sources(conn, other)
    with pytest.raises(Refused, match=r"steps\.unknown_source"):
        world.write(lambda tx: actions.remove_source(tx, RING, MORNING, mine, source.id))
    assert counted(world, other) == 6_000


def test_a_day_tells_which_source_counted_in_which_hour(world: World) -> None:
    person = world.person()
    world.steps(person, {TODAY: hours(h8=3_000, h9=1_000)}, "Mei's phone")
    world.steps(person, {TODAY: hours(h8=2_000, h9=1_500)}, "Mei's watch")
    told = actions.day(world.here, MORNING, person, TODAY)
    names = {each["id"]: each["name"] for each in told["sources"]}
    assert [(names[told["hours"][hour]["source"]], told["hours"][hour]["steps"]) for hour in (8, 9)] == [
        ("Mei's phone", 3_000),
        ("Mei's watch", 1_500),
    ]


def test_a_day_that_had_not_begun_counts_once_it_is_told_of_again(world: World) -> None:
    person = world.person()
    on = TODAY + timedelta(days=3)
    world.steps(person, {on: 5_000})
    assert counted(world, person, on) is None
    world.now = lambda: MORNING + timedelta(days=3)
    world.steps(person, {on: 5_000})
    assert counted(world, person, on) == 5_000
