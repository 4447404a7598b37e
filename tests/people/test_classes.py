"""Classes: a teacher's list, code and cards; how pupils join, with or without an account."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.qr import qr
from challenges_app.people.schools.tables import ClassCode, Enrolment
from challenges_app.people.sessions.rules import card_link
from tests.people.doors import Browser, Town, code
from tests.people.test_family import at_once, by_card, rows

SCHOOL, OTHER, THIRD = "528781", "510530", "511234"
TEN = "2016-07-07"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with two schools and a teacher at each, lee at the first."""
    town = Town.on(database_url)
    for school_id, teacher in ((SCHOOL, "lee"), (OTHER, "wong")):
        town.world.school(school_id)
        town.world.role(town.world.account(teacher), "teacher", school_id)
    yield town
    town.world.db.close()


@pytest.fixture
def lee(town: Town) -> Browser:
    """The teacher."""
    return town.signed_in("lee")


def own_class(teacher: Browser) -> str:
    """The path of a teacher's first class."""
    return f"/api/classes/{teacher.get('/api/classes')[1]['classes'][0]['id']}"


def join_code(teacher: Browser, until: str = "2026-12-01") -> str:
    """A fresh code of the teacher's first class."""
    status, told = teacher.post(f"{own_class(teacher)}/code", {"until": until})
    assert status == 201, told
    return str(told["code"])


def newcomer(town: Town, class_code: str) -> dict[str, Any]:
    """What a child without an account is told who joins by a code."""
    status, told = town.browser().post("/api/classes/join", {"code": class_code, "born_on": TEN})
    assert status == 201, told
    return dict(told)


def roster(teacher: Browser) -> list[dict[str, Any]]:
    """The pupils of the teacher's first class."""
    return list(teacher.get(own_class(teacher))[1]["roster"])


def test_a_teacher_sees_the_classes_of_the_own_school_only(town: Town, lee: Browser) -> None:
    [own] = lee.get("/api/classes")[1]["classes"]
    assert (own["name"], own["school_id"], own["school"]["en"]) == ("4A", SCHOOL, f"School {SCHOOL}")
    assert (own["pupils"], own["waiting"], own["code"]) == (0, 0, None)
    town.world.person("ho")
    assert town.signed_in("ho").get("/api/classes")[1] == {"schools": [], "classes": []}


def test_a_class_of_another_school_and_one_that_is_not_there_sound_alike(town: Town, lee: Browser) -> None:
    town.world.person("ho")
    there, nowhere = own_class(town.signed_in("wong")), f"/api/classes/{uuid4()}"
    answers = []
    for path in (there, nowhere):
        for who in (lee, town.signed_in("ho")):
            answers += [
                who.get(path),
                who.post(f"{path}/code", {"until": "2026-12-01"}),
                who.post(f"{path}/cards", {}),
            ]
            assert code(who.send("DELETE", f"{path}/pupils/{uuid4()}")) == "person.unknown"
    assert {code(each) for each in answers} == {"class.unknown"}
    assert len({str(each) for each in answers}) == 1


def test_a_teacher_opens_a_class(town: Town, lee: Browser) -> None:
    status, told = lee.post("/api/classes", {"name": "5B"})
    assert (status, told["name"], told["roster"]) == (201, "5B", [])
    assert [each["name"] for each in lee.get("/api/classes")[1]["classes"]] == ["4A", "5B"]
    assert code(lee.post("/api/classes", {"name": "5B"})) == "class.taken"
    assert code(lee.post("/api/classes", {"name": "5C", "school_id": OTHER})) == "class.not_teacher"
    assert town.signed_in("wong").post("/api/classes", {"name": "5B"})[0] == 201
    for name in ("", " 5B", "x" * 11, "5B\u0000", "<b>"):
        assert code(lee.post("/api/classes", {"name": name})) == "http.invalid", name


def test_a_code_is_looked_up_again_for_the_sheet_and_a_new_one_ends_it(town: Town, lee: Browser) -> None:
    first = join_code(lee)
    told = lee.get(own_class(lee))[1]["code"]
    assert (told["code"], told["ends_at"]) == (first, "2026-12-01T16:00:00Z")
    [row] = rows(town, ClassCode)
    assert plain_code(first) not in repr(row)
    second = join_code(lee)
    assert lee.get("/api/classes")[1]["classes"][0]["code"]["code"] == second
    assert code(town.browser().post("/api/classes/join", {"code": first, "born_on": TEN})) == "school.code_wrong"
    newcomer(town, second.lower())


def test_the_sheet_of_a_class_says_where_its_code_is_taken(town: Town, lee: Browser) -> None:
    told = lee.post(f"{own_class(lee)}/code", {"until": "2026-12-01"})[1]
    assert told["link"] == f"{town.world.here.settings.address}/#/join/{told['code']}"
    assert told["qr"] == qr(told["link"]).model_dump()
    assert lee.get(own_class(lee))[1]["code"] == told


def test_a_code_that_the_wrong_people_saw_is_ended(town: Town, lee: Browser) -> None:
    told = join_code(lee)
    assert code(town.signed_in("wong").send("DELETE", f"{own_class(lee)}/code")) == "class.unknown"
    assert [lee.send("DELETE", f"{own_class(lee)}/code")[0] for _ in range(2)] == [204, 204]
    assert lee.get(own_class(lee))[1]["code"] is None
    assert code(town.browser().post("/api/classes/join", {"code": told, "born_on": TEN})) == "school.code_wrong"
    newcomer(town, join_code(lee))


def test_a_teacher_of_two_schools_is_told_both_and_chooses(town: Town, lee: Browser) -> None:
    assert [each["id"] for each in lee.get("/api/classes")[1]["schools"]] == [SCHOOL]
    town.world.school(THIRD)
    town.world.role(town.account("lee"), "teacher", THIRD)
    told = lee.get("/api/classes")[1]["schools"]
    assert {each["id"]: each["name"]["en"] for each in told} == {each: f"School {each}" for each in (THIRD, SCHOOL)}
    assert lee.post("/api/classes", {"name": "6C", "school_id": THIRD})[1]["school_id"] == THIRD


@pytest.mark.parametrize(
    ("until", "status"), [("2026-11-21", 201), ("2027-01-20", 201), ("2026-11-20", 422), ("2027-01-21", 422)]
)
def test_a_code_lasts_sixty_days_at_most(lee: Browser, until: str, status: int) -> None:
    assert lee.post(f"{own_class(lee)}/code", {"until": until})[0] == status


def test_a_code_ends_at_midnight_in_hong_kong(town: Town, lee: Browser) -> None:
    told = join_code(lee, until="2026-11-21")
    town.clock.pass_by(hours=13, minutes=59)  # one minute to midnight there
    newcomer(town, told)
    town.clock.pass_by(minutes=1)
    assert code(town.browser().post("/api/classes/join", {"code": told, "born_on": TEN})) == "school.code_wrong"
    assert lee.get(own_class(lee))[1]["code"] is None


def test_a_child_without_an_account_joins_and_waits_for_a_guardian(town: Town, lee: Browser) -> None:
    told = newcomer(town, join_code(lee))
    assert (told["school_class"], told["waiting_for_consent"]) == ("4A", True)
    assert told["qr"] == qr(card_link(town.world.here.settings.address, told["card"])).model_dump()
    mei = by_card(town, told["card"])
    assert mei.me["name"] == told["name"]
    assert (mei.me["roles"], mei.me["waiting_for_consent"]) == (["pupil"], True)
    assert code(mei.post("/api/fixes", {})) == "consent.missing"
    [pupil] = roster(lee)
    assert (pupil["person_id"], pupil["consent"], pupil["card"]) == (told["person_id"], False, True)
    assert "2016" not in str(lee.get(own_class(lee)))


def test_a_guardian_takes_such_a_child_into_the_family_and_agrees(town: Town, lee: Browser) -> None:
    told = newcomer(town, join_code(lee))
    town.world.person("chan")
    chan = town.signed_in("chan")
    chan.post("/api/family")
    assert chan.post("/api/family/children/claim", {"code": told["card"]})[1]["consent"] is False
    assert chan.post(f"/api/family/children/{told['person_id']}/consent")[1]["consent"] is True
    mei = by_card(town, told["card"])
    assert mei.get("/api/steps/months/2026-11")[0] == 200
    assert roster(lee)[0]["consent"] is True
    assert lee.get("/api/classes")[1]["classes"][0]["waiting"] == 0


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, "school.needs_born_on"),
        ({"born_on": "2010-11-21"}, "family.grown_up"),
        ({"born_on": "2031-01-01"}, "account.not_born"),
    ],
)
def test_who_cannot_join_without_an_account_is_told_why(
    town: Town, lee: Browser, body: dict[str, str], refused: str
) -> None:
    assert code(town.browser().post("/api/classes/join", {"code": join_code(lee), **body})) == refused
    assert roster(lee) == []


def test_codes_of_classes_are_not_guessed(town: Town, lee: Browser) -> None:
    stranger = town.browser()
    tries = [stranger.post("/api/classes/join", {"code": fresh_code(), "born_on": TEN}) for _ in range(61)]
    assert {code(each) for each in tries[:60]} == {"school.code_wrong"}
    assert code(tries[60]) == "rate.too_many"


def test_a_class_is_not_filled_with_children_that_there_are_not(town: Town, lee: Browser) -> None:
    told = join_code(lee)
    answers = [town.browser().post("/api/classes/join", {"code": told, "born_on": TEN}) for _ in range(101)]
    assert {status for status, _ in answers[:100]} == {201}
    assert code(answers[100]) == "rate.too_many"


def test_a_signed_in_child_joins_and_moves_to_the_next_class(town: Town, lee: Browser) -> None:
    town.world.person("mei", born=date(2016, 7, 7))
    mei = town.signed_in("mei")
    status, told = mei.post("/api/classes/join", {"code": join_code(lee)})
    assert (status, told["school_class"], told["waiting_for_consent"]) == (201, "4A", False)
    assert (told["card"], told["qr"]) == (None, None)
    town.clock.pass_by(days=1)
    _, next_class = lee.post("/api/classes", {"name": "5A"})
    _, next_code = lee.post(f"/api/classes/{next_class['id']}/code", {"until": "2026-12-01"})
    assert mei.post("/api/classes/join", {"code": next_code["code"]})[1]["school_class"] == "5A"
    assert mei.me["school_class"] == "5A"
    assert roster(lee) == []
    assert len(rows(town, Enrolment)) == 2


def test_a_guardian_joins_for_a_child_of_theirs_and_of_nobody_else(town: Town, lee: Browser) -> None:
    chan, mei = town.world.person("chan"), town.world.person(born=date(2016, 7, 7))
    town.world.family(chan, mei)
    town.world.person("ho")
    told = {"code": join_code(lee), "person_id": str(mei)}
    assert code(town.signed_in("ho").post("/api/classes/join", told)) == "person.unknown"
    assert town.signed_in("chan").post("/api/classes/join", told)[1]["person_id"] == str(mei)
    assert [each["person_id"] for each in roster(lee)] == [str(mei)]


def test_a_grown_up_is_no_pupil(town: Town, lee: Browser) -> None:
    town.world.person("ho")
    town.world.person("young", born=date(2009, 1, 1))
    told = {"code": join_code(lee)}
    assert code(town.signed_in("ho").post("/api/classes/join", told)) == "school.not_a_pupil"
    assert code(lee.post("/api/classes/join", told)) == "person.unknown"
    assert town.signed_in("young").post("/api/classes/join", told)[0] == 201
    assert roster(lee)[0]["consent"] is None


def test_cards_are_made_for_those_who_have_none_or_for_the_named(town: Town, lee: Browser) -> None:
    first = newcomer(town, join_code(lee))
    (class_row,) = lee.get("/api/classes")[1]["classes"]
    without = town.world.person(born=date(2016, 7, 7))
    town.world.enrol(without, UUID(class_row["id"]))
    _, told = lee.post(f"{own_class(lee)}/cards", {})
    assert [each["person_id"] for each in told["cards"]] == [str(without)]
    assert by_card(town, told["cards"][0]["code"]).me["name"] == told["cards"][0]["name"]
    assert lee.post(f"{own_class(lee)}/cards", {})[1] == {"cards": []}
    _, again = lee.post(f"{own_class(lee)}/cards", {"person_ids": [first["person_id"]]})
    assert code(town.browser().post("/api/session/card", {"code": first["card"]})) == "card.wrong"
    assert by_card(town, again["cards"][0]["code"]).me["name"] == first["name"]


def test_no_cards_for_pupils_of_others_nor_of_sixteen(town: Town, lee: Browser) -> None:
    (own,), (there,) = (each.get("/api/classes")[1]["classes"] for each in (lee, town.signed_in("wong")))
    foreign, grown = town.world.person(born=date(2016, 7, 7)), town.world.person(born=date(2009, 1, 1))
    town.world.enrol(foreign, UUID(there["id"]))
    town.world.enrol(grown, UUID(own["id"]))
    for each in (foreign, grown, uuid4()):
        assert code(lee.post(f"{own_class(lee)}/cards", {"person_ids": [str(each)]})) == "person.unknown"
    assert lee.post(f"{own_class(lee)}/cards", {})[1] == {"cards": []}


def test_a_pupil_is_taken_out_and_may_come_back(town: Town, lee: Browser) -> None:
    told = newcomer(town, join_code(lee))
    path = f"{own_class(lee)}/pupils/{told['person_id']}"
    assert code(town.signed_in("wong").send("DELETE", path)) == "person.unknown"
    assert lee.send("DELETE", path)[0] == 204
    assert roster(lee) == []
    assert code(lee.send("DELETE", path)) == "person.unknown"
    mei = by_card(town, told["card"])
    assert mei.me["roles"] == ["child"]
    assert mei.post("/api/classes/join", {"code": join_code(lee)})[0] == 201
    assert len(roster(lee)) == 1


def test_joining_twice_at_once_is_joining_once(town: Town, lee: Browser) -> None:
    town.world.person("mei", born=date(2016, 7, 7))
    told = {"code": join_code(lee)}
    browsers = [town.signed_in("mei"), town.signed_in("mei")]
    answers = at_once(*(lambda each=each: each.post("/api/classes/join", told) for each in browsers))
    assert [status for status, _ in answers] == [201, 201]
    assert len(rows(town, Enrolment)) == 1


def test_two_teachers_who_print_at_once_print_each_card_once(town: Town, lee: Browser) -> None:
    (own,) = lee.get("/api/classes")[1]["classes"]
    for _ in range(4):
        town.world.enrol(town.world.person(born=date(2016, 7, 7)), UUID(own["id"]))
    again, path = town.signed_in("lee"), f"{own_class(lee)}/cards"
    answers = at_once(lambda: lee.post(path, {}), lambda: again.post(path, {}))
    assert [status for status, _ in answers] == [201, 201]
    cards = [card["code"] for _, told in answers for card in told["cards"]]
    assert len(cards) == 4
    assert all(by_card(town, each).me for each in cards)
