"""Appeals: whoever sees that steps were not counted asks, and somebody of the staff, who does not know who, decides."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from challenges_app.kit.refusals import Refused
from challenges_app.people.access.actions import viewer
from challenges_app.people.access.rules import Viewer
from challenges_app.play.activity.actions import day
from challenges_app.play.appeals import actions
from challenges_app.play.appeals.actions import Asked, Decision
from integrations.days import SourceDay
from tests.builders import MORNING, RING, WALKING, World
from tests.play.test_activity import counted, points
from tests.play.test_twins import MONDAY, THURSDAY, WALKED

GRANTED, DECLINED = Decision(True, "Well walked."), Decision(False, "")


def staff(world: World) -> Viewer:
    """Somebody of the staff who proved a second factor a minute ago."""
    account = world.account(f"staff-{next(world.ordinals)}")
    world.role(account, "staff")
    with world.db.reading() as conn:
        return viewer(conn, MORNING, RING, account, strong=True)


def ask(world: World, person: UUID, on: date = THURSDAY, source: int | None = None) -> UUID:
    """Ask about the first line that was not counted of a day, unless a source is named."""
    line = day(world.here, world.now(), person, on)["not_counted"][0]
    asked = Asked(on, source or line["source_id"], "I walked the Trailwalker.")
    told: UUID = world.write(lambda tx: actions.ask(tx, RING, world.now(), person, asked))["id"]
    return told


def decide(world: World, appeal: UUID, decision: Decision = GRANTED) -> None:
    """Decide as somebody of the staff."""
    me = staff(world)
    world.write(lambda tx: actions.decide(tx, RING, world.now(), me, appeal, decision))


def state(world: World, person: UUID) -> list[str]:
    """How somebody's appeals stand."""
    with world.db.reading() as conn:
        return [each["state"] for each in actions.own(conn, RING, person)]


def twins(world: World) -> tuple[UUID, UUID]:
    """Two persons with the same hours on Thursday; the second is held."""
    one, other = world.person(), world.person()
    for person in (one, other):
        world.steps(person, {THURSDAY: WALKED})
    return one, other


def test_steps_that_are_let_count_bring_their_points(world: World) -> None:
    world.walking(MONDAY, 28)
    _, held = twins(world)
    decide(world, ask(world, held))
    assert (counted(world, held, THURSDAY), points(world, held), state(world, held)) == (6_296, 11, ["granted"])
    assert day(world.here, world.now(), held, THURSDAY)["not_counted"] == []


def test_steps_that_are_not_let_count_stay_as_they_were(world: World) -> None:
    _, held = twins(world)
    decide(world, ask(world, held), DECLINED)
    assert (counted(world, held, THURSDAY), state(world, held)) == (None, ["declined"])


@pytest.mark.parametrize(
    ("said", "steps"),
    [(SourceDay(total=120_000), 120_000), (SourceDay(total=5_000, fastest=900), 5_000),
     (SourceDay(by_hand=9_000), 9_000), (SourceDay(hours=(31_000, *[0] * 23)), 31_000)],
    ids=["over_day", "over_minute", "by_hand", "over_hour"],
)  # fmt: skip
def test_every_reason_can_be_looked_at(world: World, said: SourceDay, steps: int) -> None:
    person = world.person()
    world.steps(person, {THURSDAY: said})
    assert counted(world, person, THURSDAY) is None
    decide(world, ask(world, person))
    assert counted(world, person, THURSDAY) == steps


def test_a_whole_day_that_is_too_much_together_can_be_looked_at(world: World) -> None:
    person = world.person()
    night, noon = [0] * 24, [0] * 24
    night[:3], noon[9:12] = [25_000] * 3, [25_000] * 3
    world.steps(person, {THURSDAY: SourceDay(hours=tuple(night))}, "ring")
    world.steps(person, {THURSDAY: SourceDay(hours=tuple(noon))}, "phone")
    assert counted(world, person, THURSDAY) is None
    decide(world, ask(world, person))
    assert counted(world, person, THURSDAY) == 150_000


def test_what_is_said_later_is_judged_anew(world: World) -> None:
    person = world.person()
    world.steps(person, {THURSDAY: 120_000})
    decide(world, ask(world, person))
    world.steps(person, {THURSDAY: 120_000})
    assert counted(world, person, THURSDAY) == 120_000
    world.steps(person, {THURSDAY: 900_000})
    assert counted(world, person, THURSDAY) is None


def test_a_day_that_has_not_begun_and_one_that_counts_cannot_be_appealed(world: World) -> None:
    person = world.person()
    tomorrow = date(2026, 11, 30)
    world.steps(person, {tomorrow: 5_000, THURSDAY: 5_000})
    for on in (tomorrow, THURSDAY, date(2026, 1, 1)):
        with pytest.raises(Refused, match=r"appeal\.nothing"):
            world.write(lambda tx, on=on: actions.ask(tx, RING, MORNING, person, Asked(on, None, "?")))  # type: ignore[misc]


def test_the_same_is_asked_once_unless_it_was_taken_back(world: World) -> None:
    _, held = twins(world)
    first, other = ask(world, held), world.person()
    with pytest.raises(Refused, match=r"appeal\.already"):
        ask(world, held)
    with pytest.raises(Refused, match=r"appeal\.unknown"):
        world.write(lambda tx: actions.take_back(tx, other, first))
    world.write(lambda tx: actions.take_back(tx, held, first))
    assert state(world, held) == []
    decide(world, ask(world, held))
    assert state(world, held) == ["granted"]


def test_an_appeal_is_decided_once_and_by_somebody_of_the_staff_who_is_somebody_else(world: World) -> None:
    _, held = twins(world)
    appeal, nobody = ask(world, held), world.account("nobody")
    with world.db.reading() as conn:
        stranger = viewer(conn, MORNING, RING, nobody, strong=True)
    with pytest.raises(Refused, match=r"appeal\.not_for_you"):
        world.write(lambda tx: actions.decide(tx, RING, MORNING, stranger, appeal, GRANTED))
    with world.db.reading() as conn, pytest.raises(Refused, match=r"appeal\.not_for_you"):
        actions.waiting(conn, RING, stranger, 10)
    decide(world, appeal)
    with pytest.raises(Refused, match=r"appeal\.over"):
        decide(world, appeal, DECLINED)


def test_staff_see_the_day_and_not_whose_it_is(world: World) -> None:
    _, held = twins(world)
    ask(world, held)
    me = staff(world)
    with world.db.reading() as conn:
        told = actions.waiting(conn, RING, me, 10)
    [appeal] = told["appeals"]
    assert (told["waiting"], appeal["why"], appeal["steps"], appeal["own"]) == (1, "twin", 6_296, False)
    assert appeal["sources"][0]["hours"] == WALKED.hours
    assert str(held) not in str(told)
    assert "phone" not in str(told)


def test_steps_count_by_when_they_were_asked_about_however_long_the_looking_takes(world: World) -> None:
    world.walking(MONDAY, 5)
    _, held = twins(world)
    appeal = ask(world, held)
    world.now = lambda: MORNING + timedelta(days=60)
    decide(world, appeal)
    assert points(world, held, WALKING) == 11
