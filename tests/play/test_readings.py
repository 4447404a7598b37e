"""A teacher's readings of pupils' pedometers: kept row by row, corrected, and ranked only where a challenge says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from challenges_app.people.consents import actions as consents
from challenges_app.people.schools import queries as schools
from challenges_app.play.standings.actions import differences
from integrations.days import SourceDay
from tests.builders import MORNING, World
from tests.people.doors import Browser, Town, code
from tests.play.test_activity import coins, counted, entries, points

SCHOOL, OTHER = "528781", "510530"
TEN = date(2016, 7, 7)
TODAY = date(2026, 11, 21)
BY_HAND = "by-hand"


@dataclass
class Lesson:
    """A class of two pupils, its teacher's browser, and two walking challenges: one counts what was typed in."""

    town: Town
    teacher: Browser
    class_id: UUID
    mei: UUID
    wing: UUID

    @property
    def world(self) -> World:
        """What the lesson takes place in."""
        return self.town.world

    def path(self, on: date = TODAY) -> str:
        """Where the class's table of a day is."""
        return f"/api/classes/{self.class_id}/readings?on={on}"

    def enter(self, *rows: tuple[UUID, int | None, int | None], on: date = TODAY) -> dict[str, Any]:
        """Save rows: whose, the number, and the one that was seen before."""
        sent = [{"person_id": str(who), "steps": steps, "before": before} for who, steps, before in rows]
        status, told = self.teacher.send("PUT", self.path(on), {"rows": sent})
        assert status == 200, told
        return dict(told)

    def told(self, on: date = TODAY) -> dict[UUID, int | None]:
        """The table of a day as its teacher sees it."""
        status, told = self.teacher.get(self.path(on))
        assert status == 200, told
        return {UUID(row["person_id"]): row["steps"] for row in told["rows"]}

    def ranked(self, person: UUID) -> tuple[int, int]:
        """Somebody's points where typed-in steps do not count, and where they do."""
        return points(self.world, person), points(self.world, person, BY_HAND)


@pytest.fixture
def lesson(database_url: str) -> Iterator[Lesson]:
    """The lesson, on a Saturday morning."""
    town = Town.on(database_url)
    (class_id,) = town.world.school(SCHOOL)
    town.world.role(town.world.account("lee"), "teacher", SCHOOL)
    pupils = [town.world.person(name, born=TEN, face=face) for name, face in FACES.items()]
    for pupil in pupils:
        town.world.enrol(pupil, class_id)
    town.world.walking(TODAY - timedelta(days=5), 28)
    town.world.walking(TODAY - timedelta(days=5), 28, {"by_hand": True}, BY_HAND)
    yield Lesson(town, town.signed_in("lee"), class_id, *pupils)
    town.world.db.close()


FACES = {"mei": ("laughing", "bulbul"), "wing": ("curious", "civet")}


def refusals(told: dict[str, Any]) -> dict[UUID, str]:
    """Why rows were not kept, by pupil."""
    return {UUID(each["person_id"]): each["why"] for each in told["refused"]}


def test_a_reading_is_kept_and_counts_only_where_a_challenge_says_so(lesson: Lesson) -> None:
    assert lesson.enter((lesson.mei, 8_200, None))["refused"] == []
    assert lesson.told() == {lesson.mei: 8_200, lesson.wing: None}
    assert lesson.ranked(lesson.mei) == (0, 16)
    assert counted(lesson.world, lesson.mei) is None


def test_the_same_again_changes_nothing(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    before = entries(lesson.world)
    for seen in (None, 8_200):
        assert lesson.enter((lesson.mei, 8_200, seen))["refused"] == []
    assert entries(lesson.world) == before


@pytest.mark.parametrize(("steps", "worth"), [(5_000, 10), (12_000, 22), (0, 0), (None, 0)])
def test_a_correction_replaces_what_stood_there_also_by_less(lesson: Lesson, steps: int | None, worth: int) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.enter((lesson.mei, steps, 8_200))
    assert lesson.told()[lesson.mei] == steps
    assert lesson.ranked(lesson.mei) == (0, worth)
    lesson.enter((lesson.mei, 8_200, steps))
    assert lesson.ranked(lesson.mei) == (0, 16)
    lesson.world.carry()
    with lesson.world.db.reading() as conn:
        assert differences(conn) == []


def test_what_was_taken_back_leaves_nothing_behind(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.enter((lesson.mei, None, 8_200))
    mei = lesson.town.signed_in("mei")
    assert mei.get("/api/steps/months/2026-11")[1]["sources"] == []
    assert mei.get(f"/api/steps/days/{TODAY}")[1]["not_counted"] == []


def test_typed_and_measured_steps_are_never_added(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.world.steps(lesson.mei, {TODAY: 5_100})
    assert lesson.ranked(lesson.mei) == (10, 16)
    lesson.world.steps(lesson.mei, {TODAY: 10_400})
    assert lesson.ranked(lesson.mei) == (20, 20)
    lesson.enter((lesson.mei, 12_000, 8_200))
    assert lesson.ranked(lesson.mei) == (20, 22)
    assert coins(lesson.world, lesson.mei) == 6


def test_good_rows_are_kept_and_bad_ones_come_back_with_a_reason(lesson: Lesson) -> None:
    gone, small, stranger = uuid4(), lesson.world.person(born=TEN, consent=False), lesson.world.person()
    lesson.world.enrol(small, lesson.class_id)
    sent = ((lesson.mei, 8_200, None), (lesson.wing, 100_001, None))
    told = lesson.enter(*sent, *((each, 5_000, None) for each in (gone, small, stranger)))
    assert refusals(told) == {
        lesson.wing: "no_pedometer",
        gone: "not_in_class",
        stranger: "not_in_class",
        small: "no_consent",
    }
    assert all(each["text"].endswith((".", "!")) for each in told["refused"])
    assert lesson.told() == {lesson.mei: 8_200, lesson.wing: None, small: None}
    assert refusals(lesson.enter((lesson.wing, -1, None))) == {lesson.wing: "negative"}


def test_a_pupil_who_left_or_came_later_has_no_reading(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None), (lesson.wing, 5_000, None), on=TODAY - timedelta(days=1))
    lesson.world.write(lambda tx: schools.end_enrolments(tx, lesson.mei, MORNING))
    (other_class,) = lesson.world.school("511234")
    moved = {"person_id": lesson.mei, "class_id": other_class, "since": MORNING, "until": None}
    lesson.world.write(lambda tx: schools.add_enrolment(tx, moved))
    assert refusals(lesson.enter((lesson.mei, 1, None))) == {lesson.mei: "not_in_class"}
    lesson.world.role(lesson.world.account("cheung"), "teacher", "511234")
    lesson.teacher, lesson.class_id = lesson.town.signed_in("cheung"), other_class
    yesterday = TODAY - timedelta(days=1)
    assert lesson.told(yesterday) == {lesson.mei: None}  # what another teacher entered then is not for this one
    assert refusals(lesson.enter((lesson.mei, 1, None), on=yesterday)) == {lesson.mei: "not_yet_in_class"}
    assert lesson.enter((lesson.mei, 7_000, None))["refused"] == []


def test_of_two_teachers_the_second_is_told_what_the_first_entered(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    told = lesson.enter((lesson.mei, 5_000, None), (lesson.wing, 5_000, None))
    assert refusals(told) == {lesson.mei: "changed"}
    assert {UUID(row["person_id"]): row["steps"] for row in told["rows"]} == {lesson.mei: 8_200, lesson.wing: 5_000}
    assert lesson.enter((lesson.mei, 5_000, 8_200))["refused"] == []


@pytest.mark.parametrize(("days", "opens"), [(1, False), (0, True), (-14, True), (-15, False)])
def test_readings_are_taken_for_two_weeks(lesson: Lesson, days: int, *, opens: bool) -> None:
    on = TODAY + timedelta(days=days)
    answers = [
        lesson.teacher.get(lesson.path(on)),
        lesson.teacher.send("PUT", lesson.path(on), {"rows": []}),
    ]
    assert [status for status, _ in answers] == [200 if opens else 422] * 2


def test_only_teachers_of_the_class_s_school_may_look_or_enter(lesson: Lesson) -> None:
    lesson.world.school(OTHER)
    lesson.world.role(lesson.world.account("wong"), "teacher", OTHER)
    lesson.world.family(lesson.world.person("chan"), lesson.mei)
    rows = {"rows": [{"person_id": str(lesson.mei), "steps": 9_000, "before": None}]}
    for name in ("wong", "mei", "chan"):
        browser = lesson.town.signed_in(name)
        for answer in (browser.get(lesson.path()), browser.send("PUT", lesson.path(), rows)):
            assert (answer[0], code(answer)) == (404, "class.unknown")
    assert lesson.town.browser().get(lesson.path())[0] == 401
    assert lesson.told()[lesson.mei] is None


def test_the_pupil_and_the_guardian_see_who_entered_it_and_where_it_counts(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.world.family(lesson.world.person("chan"), lesson.mei)
    day = f"/api/steps/days/{TODAY}"
    answer = lesson.town.signed_in("mei").get(day)[1]
    [line] = answer["not_counted"]
    assert (answer["steps"], line["steps"], line["why"], line["provider"]) == (None, 8_200, "by_hand", "class_readings")
    assert line["text"] == "Read off a pedometer by the teacher; counts in Walk every day only."
    chan = lesson.town.signed_in("chan").client
    headers = {"X-Acting-For": str(lesson.mei), "Accept-Language": "en"}
    assert chan.get(day, base_url="https://eplus.test", headers=headers).get_json() == answer


def test_what_counts_less_than_what_was_measured_is_said_to_count_nowhere(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.world.steps(lesson.mei, {TODAY: 9_000})
    [line] = lesson.town.signed_in("mei").get(f"/api/steps/days/{TODAY}")[1]["not_counted"]
    assert line["counted_in"] == []
    assert "not counted in any ranking" in line["text"]


def test_what_a_phone_says_was_typed_in_is_told_as_before(lesson: Lesson) -> None:
    lesson.world.steps(lesson.wing, {TODAY - timedelta(days=10): SourceDay(total=10, by_hand=3_000)})
    day = lesson.town.signed_in("wing").get(f"/api/steps/days/{TODAY - timedelta(days=10)}")[1]
    assert day["not_counted"][0]["text"] == "Steps typed in by hand are shown but not counted."


def test_the_pupil_may_remove_the_source(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    mei = lesson.town.signed_in("mei")
    [source] = mei.get("/api/steps/months/2026-11")[1]["sources"]
    assert (source["name"], source["provider"]) == ("", "class_readings")
    assert mei.send("DELETE", f"/api/steps/sources/{source['id']}")[0] == 204
    assert (lesson.told()[lesson.mei], lesson.ranked(lesson.mei)) == (None, (0, 0))


def test_nothing_is_entered_for_a_child_whose_guardian_withdrew(lesson: Lesson) -> None:
    lesson.enter((lesson.mei, 8_200, None))
    lesson.world.write(lambda tx: consents.withdraw(tx, MORNING, lesson.mei, "play"))
    assert refusals(lesson.enter((lesson.mei, 9_000, 8_200))) == {lesson.mei: "no_consent"}
    [mei, _] = sorted(lesson.teacher.get(lesson.path())[1]["rows"], key=lambda row: row["closed"] is None)
    assert (mei["steps"], mei["closed"]) == (None, "no_consent")
