"""Families: made and joined by codes that work once; children's accounts, cards and faces; leaving."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest

from challenges_app.kit.codes import ALPHABET, fresh_code, plain_code
from challenges_app.people.consents.tables import Consent
from challenges_app.people.family.jobs import forget_invites
from challenges_app.people.households.rules import may_go
from challenges_app.people.households.tables import HouseholdInvite, HouseholdMember
from challenges_app.people.persons.rules import HONG_KONG
from tests.people.doors import Browser, Town, code

TEN = {"born_on": "2016-07-07"}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with three grown-ups, none of them in a family."""
    town = Town.on(database_url)
    for name in ("chan", "ho", "lee"):
        town.world.person(name)
    yield town
    town.world.db.close()


@pytest.fixture
def chan(town: Town) -> Browser:
    """A guardian of a family of her own."""
    browser = town.signed_in("chan")
    assert browser.post("/api/family")[0] == 201
    return browser


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment, each in a thread of its own; answers in their order."""
    ready = Barrier(len(works))

    def go(work: Callable[[], Any]) -> Any:
        ready.wait(20)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(60) for each in [pool.submit(go, work) for work in works]]


def rows(town: Town, table: Any) -> list[Any]:
    """All rows of a table."""
    with town.world.db.reading() as conn:
        return list(conn.execute(table.__table__.select()))


def family(browser: Browser) -> Any:
    """The family as somebody sees it."""
    return browser.get("/api/family")[1]["family"]


def invited(guardian: Browser, role: str = "member") -> str:
    """The code of a fresh invitation."""
    status, told = guardian.post("/api/family/invites", {"role": role})
    assert status == 201
    return str(told["code"])


def child(guardian: Browser, **others: Any) -> dict[str, Any]:
    """A child that a guardian adds, and agrees for."""
    status, told = guardian.post("/api/family/children", {**TEN, "consent": True, **others})
    assert status == 201, told
    return dict(told)


def by_card(town: Town, card: str) -> Browser:
    """A browser in which a card was shown."""
    browser = town.browser()
    assert browser.post("/api/session/card", {"code": card})[0] == 200
    return browser


def test_a_family_is_made_with_a_name_that_nobody_typed(town: Town) -> None:
    ho = town.signed_in("ho")
    assert family(ho) is None
    status, told = ho.post("/api/family")
    assert (status, told["family"]["role"], told["family"]["invites"]) == (201, "guardian", [])
    assert told["family"]["name"]["en"].endswith("family")
    [own] = told["family"]["members"]
    assert (own["me"], own["group"], own["consent"], own["may"]) == (True, "adult", None, ["remove"])
    assert code(ho.post("/api/family")) == "family.already"
    assert ho.me["roles"] == ["parent"]


def test_a_child_has_a_face_and_no_date_of_birth(chan: Browser) -> None:
    made = child(chan)
    assert (made["group"], made["role"], made["consent"], made["card"]) == ("child", "member", True, False)
    assert made["may"] == ["consent", "card", "face", "remove"]
    assert made["name"]["zh-Hant"]
    assert "2016" not in str(family(chan))
    assert family(chan)["members"][1] == made


def test_without_consent_in_the_same_act_a_child_is_inert(town: Town, chan: Browser) -> None:
    _, made = chan.post("/api/family/children", TEN)
    assert made["consent"] is False
    card = chan.post(f"/api/family/children/{made['person_id']}/card")[1]["code"]
    mei = by_card(town, card)
    assert mei.me["waiting_for_consent"] is True
    assert code(mei.post("/api/fixes", {})) == "consent.missing"
    assert family(mei)["role"] == "member"


@pytest.mark.parametrize(
    ("born_on", "refused"),
    [("2010-11-21", "family.grown_up"), ("2031-01-01", "account.not_born"), ("1850-01-01", "account.not_born")],
)
def test_only_somebody_under_sixteen_is_added_as_a_child(chan: Browser, born_on: str, refused: str) -> None:
    assert code(chan.post("/api/family/children", {"born_on": born_on})) == refused
    assert len(family(chan)["members"]) == 1


def test_a_child_is_born_from_midnight_in_hong_kong_on(town: Town, chan: Browser) -> None:
    town.clock.moment = datetime(2026, 11, 21, 0, 30, tzinfo=HONG_KONG).astimezone(UTC)
    assert chan.post("/api/family/children", {"born_on": "2026-11-21"})[0] == 201
    assert code(chan.post("/api/family/children", {"born_on": "2026-11-22"})) == "account.not_born"


def test_a_child_signs_in_by_its_card_only_and_a_new_card_ends_the_old(town: Town, chan: Browser) -> None:
    card_of = f"/api/family/children/{child(chan)['person_id']}/card"
    first = chan.post(card_of)[1]["code"]
    mei = by_card(town, first)
    assert mei.me["household"] == family(chan)["name"]
    second = chan.post(card_of)[1]["code"]
    assert mei.me is None
    assert code(town.browser().post("/api/session/card", {"code": first})) == "card.wrong"
    assert by_card(town, second).me["waiting_for_consent"] is False
    assert family(chan)["members"][1]["card"] is True


def test_a_childs_face_is_drawn_again_by_its_guardian(chan: Browser) -> None:
    face = f"/api/family/children/{child(chan)['person_id']}/face"
    assert len({chan.send("PUT", face)[1]["name"]["en"] for _ in range(12)}) > 3


def test_somebody_joins_by_a_code_however_it_is_typed(town: Town, chan: Browser) -> None:
    told = invited(chan)
    assert (len(told), told[4]) == (9, "-")
    typed = f" {told.replace('-', ' ').lower()} "
    status, joined = town.signed_in("ho").post("/api/family/join", {"code": typed})
    assert (status, joined["family"]["role"], joined["family"]["invites"]) == (200, "member", None)
    assert [each["role"] for each in family(chan)["members"]] == ["guardian", "member"]
    assert family(chan)["invites"] == []


def test_a_code_works_once_and_for_seven_days(town: Town, chan: Browser) -> None:
    told, late = invited(chan), invited(chan)
    ho, lee = town.signed_in("ho"), town.signed_in("lee")
    assert ho.post("/api/family/join", {"code": told})[0] == 200
    assert code(lee.post("/api/family/join", {"code": told})) == "family.code_wrong"
    town.clock.pass_by(days=7)
    assert code(lee.post("/api/family/join", {"code": late})) == "family.code_wrong"
    assert family(chan)["invites"] == []
    assert forget_invites(town.world.here) == 1


def test_a_code_is_kept_as_its_blind_index_only(town: Town, chan: Browser) -> None:
    told = invited(chan)
    [row] = rows(town, HouseholdInvite)
    assert plain_code(told).lower() not in repr(row).lower()


def test_an_invitation_is_taken_back(town: Town, chan: Browser) -> None:
    told = invited(chan, "guardian")
    [open_one] = family(chan)["invites"]
    assert open_one["role"] == "guardian"
    assert chan.send("DELETE", f"/api/family/invites/{open_one['id']}")[0] == 204
    for unknown in (open_one["id"], "zz", "%00"):
        assert code(chan.send("DELETE", f"/api/family/invites/{unknown}")) == "family.invite_unknown"
    assert code(town.signed_in("ho").post("/api/family/join", {"code": told})) == "family.code_wrong"


def test_codes_are_not_guessed(town: Town) -> None:
    ho = town.signed_in("ho")
    assert {code(ho.post("/api/family/join", {"code": fresh_code()})) for _ in range(10)} == {"family.code_wrong"}
    assert code(ho.post("/api/family/join", {"code": fresh_code()})) == "rate.too_many"
    assert set(plain_code(fresh_code())) <= set(ALPHABET)


def test_whoever_is_in_a_family_leaves_it_before_joining_another(town: Town, chan: Browser) -> None:
    told, ho = invited(chan), town.signed_in("ho")
    ho.post("/api/family")
    assert code(ho.post("/api/family/join", {"code": told})) == "family.already"
    assert ho.send("DELETE", f"/api/family/members/{town.person('ho')}")[0] == 204
    assert ho.post("/api/family/join", {"code": told})[0] == 200, "a refusal does not use the code up"


def test_a_child_decides_nothing_about_families(town: Town, chan: Browser) -> None:
    told, made = invited(chan), child(chan)
    mei = by_card(town, chan.post(f"/api/family/children/{made['person_id']}/card")[1]["code"])
    town.world.person("wing", born=date(2016, 3, 1))
    wing = town.signed_in("wing")
    assert code(wing.post("/api/family/join", {"code": told})) == "family.too_young"
    assert code(wing.post("/api/family")) == "family.too_young"
    assert code(mei.post("/api/family/children", TEN)) == "family.not_guardian"
    assert code(mei.post("/api/family/invites", {"role": "member"})) == "family.not_guardian"
    for what in ("consent", "card"):
        assert code(mei.post(f"/api/family/children/{made['person_id']}/{what}")) == "person.unknown"
    assert code(mei.send("DELETE", f"/api/family/members/{made['person_id']}")) == "person.unknown"


def test_a_grown_member_who_is_no_guardian_decides_nothing_about_the_child(town: Town, chan: Browser) -> None:
    made, ho = child(chan), town.signed_in("ho")
    town.clock.pass_by(minutes=1)
    ho.post("/api/family/join", {"code": invited(chan)})
    assert [each["may"] for each in family(ho)["members"]] == [[], [], ["remove"]]
    for method, what in (("POST", "consent"), ("DELETE", "consent"), ("POST", "card"), ("PUT", "face")):
        assert code(ho.send(method, f"/api/family/children/{made['person_id']}/{what}")) == "person.unknown"
    assert code(ho.post("/api/family/children", TEN)) == "family.not_guardian"
    assert code(ho.send("DELETE", f"/api/family/members/{made['person_id']}")) == "person.unknown"


def test_without_a_family_there_is_nothing_to_decide(town: Town) -> None:
    ho = town.signed_in("ho")
    assert code(ho.post("/api/family/children", TEN)) == "family.none"
    assert code(ho.post("/api/family/invites", {"role": "member"})) == "family.none"
    assert code(ho.send("DELETE", f"/api/family/members/{town.person('ho')}")) == "family.none"


def test_the_last_guardian_of_children_stays(town: Town, chan: Browser) -> None:
    child(chan)
    me = f"/api/family/members/{town.person('chan')}"
    assert code(chan.send("DELETE", me)) == "family.last_guardian"
    town.signed_in("ho").post("/api/family/join", {"code": invited(chan, "guardian")})
    told = invited(chan)
    assert chan.send("DELETE", me)[0] == 204
    assert family(chan) is None
    ends = town.signed_in("lee").post("/api/family/join", {"code": told})
    assert code(ends) == "family.code_wrong", "who has left invites nobody"


@pytest.mark.parametrize(
    ("guardian", "guardians", "children", "yes"),
    [(True, 1, 1, False), (True, 2, 1, True), (True, 1, 0, True), (False, 1, 1, True), (False, 0, 3, True)],
)
def test_who_may_go(guardian: bool, guardians: int, children: int, yes: bool) -> None:
    assert may_go(guardian=guardian, guardians=guardians, children=children) is yes


def test_a_guardian_takes_members_out_but_no_other_guardian(town: Town, chan: Browser) -> None:
    ho, lee = town.signed_in("ho"), town.signed_in("lee")
    ho.post("/api/family/join", {"code": invited(chan)})
    lee.post("/api/family/join", {"code": invited(chan, "guardian")})
    assert chan.send("DELETE", f"/api/family/members/{town.person('ho')}")[0] == 204
    assert family(ho) is None
    assert code(chan.send("DELETE", f"/api/family/members/{town.person('lee')}")) == "person.unknown"


def test_a_child_who_is_taken_out_waits_and_is_claimed_by_its_card(town: Town, chan: Browser) -> None:
    made, ho = child(chan), town.signed_in("ho")
    card = chan.post(f"/api/family/children/{made['person_id']}/card")[1]["code"]
    ho.post("/api/family")
    claim = {"code": card}
    assert code(ho.post("/api/family/children/claim", claim)) == "family.elsewhere"
    assert chan.send("DELETE", f"/api/family/members/{made['person_id']}")[0] == 204
    assert by_card(town, card).me["waiting_for_consent"] is True
    status, claimed = ho.post("/api/family/children/claim", claim)
    assert (status, claimed["person_id"], claimed["consent"]) == (200, made["person_id"], False)
    assert ho.post("/api/family/children/claim", {**claim, "consent": True})[1]["consent"] is True
    assert code(chan.post(f"/api/family/children/{made['person_id']}/consent")) == "person.unknown"


def test_a_card_that_is_none_claims_nobody(town: Town, chan: Browser) -> None:
    assert code(chan.post("/api/family/children/claim", {"code": "no such card"})) == "family.card_wrong"
    assert code(town.signed_in("ho").post("/api/family/children/claim", {"code": "x"})) == "family.none"


def test_two_use_one_invitation_and_one_gets_in(town: Town, chan: Browser) -> None:
    told, ho, lee = {"code": invited(chan)}, town.signed_in("ho"), town.signed_in("lee")
    answers = at_once(*(lambda each=each: each.post("/api/family/join", told) for each in (ho, lee)))
    assert sorted(status for status, _ in answers) == [200, 404]
    assert len(rows(town, HouseholdMember)) == 2


def test_one_joins_two_families_at_once_and_is_in_one(town: Town, chan: Browser) -> None:
    lee = town.signed_in("lee")
    lee.post("/api/family")
    codes = [invited(chan), invited(lee)]
    browsers = [town.signed_in("ho"), town.signed_in("ho")]
    works = [
        lambda each=each, told=told: each.post("/api/family/join", {"code": told})
        for each, told in zip(browsers, codes, strict=True)
    ]
    assert sorted(status for status, _ in at_once(*works)) == [200, 409]
    assert len(rows(town, HouseholdInvite)) == 1, "the family that was not joined keeps its invitation"


def test_two_guardians_agree_at_once_and_one_withdraws_for_both(town: Town, chan: Browser) -> None:
    _, made = chan.post("/api/family/children", TEN)
    ho = town.signed_in("ho")
    ho.post("/api/family/join", {"code": invited(chan, "guardian")})
    path = f"/api/family/children/{made['person_id']}/consent"
    assert [status for status, _ in at_once(lambda: chan.post(path), lambda: ho.post(path))] == [200, 200]
    assert len(rows(town, Consent)) == 1
    assert ho.send("DELETE", path)[1]["consent"] is False


def test_a_card_made_twice_at_once_is_one_card(town: Town, chan: Browser) -> None:
    path, again = f"/api/family/children/{child(chan)['person_id']}/card", town.signed_in("chan")
    answers = at_once(lambda: chan.post(path), lambda: again.post(path))
    assert [status for status, _ in answers] == [201, 201]
    shown = [town.browser().post("/api/session/card", told)[0] for _, told in answers]
    assert sorted(shown) == [200, 401]


def test_two_guardians_leave_at_once_and_one_stays_with_the_child(town: Town, chan: Browser) -> None:
    child(chan)
    ho = town.signed_in("ho")
    ho.post("/api/family/join", {"code": invited(chan, "guardian")})
    paths = [f"/api/family/members/{town.person(name)}" for name in ("chan", "ho")]
    answers = at_once(lambda: chan.send("DELETE", paths[0]), lambda: ho.send("DELETE", paths[1]))
    assert sorted(status for status, _ in answers) == [204, 409]


def test_a_guardian_who_leaves_while_adding_a_child_leaves_no_orphan(town: Town, chan: Browser) -> None:
    again = town.signed_in("chan")
    me = f"/api/family/members/{town.person('chan')}"
    statuses = [
        status
        for status, _ in at_once(lambda: chan.send("DELETE", me), lambda: again.post("/api/family/children", TEN))
    ]
    assert statuses in ([204, 409], [409, 201])
