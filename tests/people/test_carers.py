"""Carers: care offered by a code and taken on by the other side, ended by either, resting at 16, and acting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.people.care_links.rules import OFFERED, completed, ends_after, holds, standing
from challenges_app.people.care_links.tables import CareLink, CareOffer
from challenges_app.people.carers.jobs import end_past, forget_offers, tell_of_rest
from challenges_app.people.persons.rules import HONG_KONG, turns
from tests.builders import MORNING
from tests.people.doors import Browser, Town, code
from tests.people.test_family import at_once, child, rows
from tests.people.test_who_may import acting

BORN = date(2010, 12, 1)  # turns 16 in ten days
VIEW, MANAGE = {"kind": "family", "scopes": ["view-challenge"]}, {"kind": "friend", "scopes": ["manage-challenge"]}
STEPS = b"date,steps\n2026-11-20,4321\n"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with an elder, poon, her daughter ling, a neighbour, ho, and a mother, chan, with her son kit, 15."""
    town = Town.on(database_url)
    for name, face in (("poon", "turtle"), ("ling", "egret"), ("ho", "civet")):
        town.world.person(name, date(1950 if name == "poon" else 1980, 3, 3), face=("wise", face))
    town.world.family(town.world.person("chan"), town.world.person("kit", BORN, face=("quick", "frog")))
    yield town
    town.world.db.close()


def care(browser: Browser) -> Any:
    """Who looks after somebody and their children, and for whom they care."""
    status, told = browser.get("/api/carers")
    assert status == 200, told
    return told


def own(browser: Browser) -> Any:
    """Somebody's own carers and offers."""
    return care(browser)["looked_after"][0]


def offered(browser: Browser, terms: dict[str, Any] = VIEW, **others: Any) -> str:
    """The code of a fresh offer."""
    status, told = browser.post("/api/carers/offers", {**terms, **others})
    assert status == 201, told
    return str(told["code"])


def taken(browser: Browser, code: str) -> dict[str, Any]:
    """Care that is taken on by a code: the answer's last line."""
    status, told = browser.post("/api/carers/accept", {"code": code})
    assert status == 200, told
    return dict(told["caring"][-1])


def told(browser: Browser) -> list[str]:
    """The kinds of what somebody was told of care, sorted."""
    return sorted(each["kind"] for each in browser.get("/api/profile/notices")[1]["notices"] if "care" in each["kind"])


def give(browser: Browser, person: UUID | str | None, content: bytes = STEPS) -> tuple[int, Any]:
    """Give a file of steps, maybe in somebody's place."""
    headers = {"X-Acting-For": str(person)} if person else {}
    answer = browser.client.post("/api/steps/files", data=content, headers=headers, base_url="https://eplus.test")
    return answer.status_code, answer.get_json()


def test_an_elder_offers_her_care_and_her_daughter_takes_it_on(town: Town) -> None:
    poon, ling = town.signed_in("poon"), town.signed_in("ling")
    given_code = offered(poon, VIEW, until="2026-12-31")
    [waits] = own(poon)["offers"]
    assert (waits["scopes"], waits["kind"]) == (["view-challenge"], "family")
    assert given_code not in str(care(poon))
    cared = taken(ling, given_code.lower().replace("-", " "))
    assert (cared["person_id"], cared["may"]) == (str(town.person("poon")), ["view"])
    assert own(poon)["offers"] == []
    [carer] = own(poon)["carers"]
    assert (carer["name"]["en"], carer["hidden"], carer["may"]) == ("Clever Egret", False, ["end", "hide"])
    assert (carer["link"]["state"], carer["link"]["used_at"]) == ("active", None)
    assert carer["link"]["until"].startswith("2026-12-31T16:00:00")
    assert [row.evidence for row in rows(town, CareLink)] == ["both-sides"]
    assert told(poon) == told(ling) == ["care.begun"]
    [letter] = poon.get("/api/profile/notices")[1]["notices"]
    assert "查看公園" in letter["text"]


def test_who_may_manage_may_see_too_and_what_has_no_room_is_not_offered(town: Town) -> None:
    poon, ling = town.signed_in("poon"), town.signed_in("ling")
    assert taken(ling, offered(poon, MANAGE))["may"] == ["view", "manage"]
    for scope in ("notices", "consent", "view-record", "book"):
        assert poon.post("/api/carers/offers", {"kind": "family", "scopes": [scope]})[0] == 422
    assert poon.post("/api/carers/offers", {"kind": "family", "scopes": []})[0] == 422


@given(st.sets(st.sampled_from(OFFERED), min_size=1))
def test_scopes_are_completed_once(scopes: set[Any]) -> None:
    found = completed(scopes)
    assert completed(found) == found
    assert scopes <= set(found)
    assert "view-challenge" in found


@given(st.timedeltas(timedelta(days=-300), timedelta(days=300)))
def test_a_link_from_before_the_birthday_rests_from_midnight_on(later: timedelta) -> None:
    grown = turns(16, BORN)
    since, now = grown - timedelta(days=400), grown + later
    assert standing(since, None, BORN, now) == ("paused" if now >= grown else "active")
    assert standing(since, now, BORN, now) == "over"
    assert holds(grown, None, BORN, now) == (now >= grown)


def test_a_last_day_ends_at_its_midnight() -> None:
    assert ends_after(date(2026, 11, 21), MORNING) == datetime(2026, 11, 22, tzinfo=HONG_KONG)
    assert ends_after(date(2026, 11, 20), MORNING) is None
    assert ends_after(date.max, MORNING) is None


def test_a_guardian_offers_the_care_of_a_child(town: Town) -> None:
    chan, ho, kit = town.signed_in("chan"), town.signed_in("ho"), town.person("kit")
    cared = taken(ho, offered(chan, MANAGE, person_id=str(kit)))
    assert (cared["person_id"], cared["guardian"], cared["may"]) == (str(kit), False, ["view", "manage"])
    mine, sons = care(chan)["looked_after"]
    assert (mine["me"], mine["carers"], sons["person_id"]) == (True, [], str(kit))
    [carer] = sons["carers"]
    assert (carer["name"]["en"], carer["may"]) == ("Clever Civet", ["end", "hide"])
    assert [row.evidence for row in rows(town, CareLink)] == ["guardian"]
    assert told(chan) == told(ho) == told(town.signed_in("kit")) == ["care.begun"]


def test_a_guardian_may_do_everything_for_a_child_without_any_link(town: Town) -> None:
    [kit] = care(town.signed_in("chan"))["caring"]
    assert (kit["guardian"], kit["link"], kit["may"]) == (True, None, ["view", "manage"])


def test_a_child_sees_who_looks_after_it_and_decides_nothing(town: Town) -> None:
    chan, kit = town.signed_in("chan"), town.signed_in("kit")
    taken(town.signed_in("ho"), offered(chan, VIEW, person_id=str(town.person("kit"))))
    seen = own(kit)
    assert [(each["guardian"], each["hidden"], each["may"]) for each in seen["carers"]] == [
        (False, None, []),
        (True, None, []),
    ]
    assert (seen["may_offer"], care(kit)["may_accept"]) == (False, False)
    assert code(kit.post("/api/carers/offers", VIEW)) == "care.too_young"
    assert code(kit.post("/api/carers/accept", {"code": offered(town.signed_in("poon"))})) == "care.too_young"
    assert code(kit.send("DELETE", f"/api/carers/{seen['carers'][0]['link']['id']}")) == "care.unknown"


def test_at_sixteen_the_care_rests_until_the_young_person_renews_it(town: Town) -> None:
    chan, ho, kit = town.signed_in("chan"), town.signed_in("ho"), town.signed_in("kit")
    kit_id = town.person("kit")
    link = taken(ho, offered(chan, MANAGE, person_id=str(kit_id)))["link"]["id"]
    assert code(kit.post(f"/api/carers/{link}/renew")) == "care.unknown"
    town.clock.moment = turns(16, BORN)
    assert code(acting(ho, kit_id, "GET", "/api/today")) == "person.unknown"
    [rests] = care(ho)["caring"]
    assert (rests["link"]["state"], rests["may"]) == ("paused", [])
    assert (tell_of_rest(town.world.here), tell_of_rest(town.world.here)) == (1, 1)
    assert told(kit) == told(ho) == ["care.begun", "care.rests"]
    assert [each["person_id"] for each in care(chan)["looked_after"]] == [str(town.person("chan"))]
    for browser in (chan, ho):
        assert code(browser.post(f"/api/carers/{link}/renew")) == "care.unknown"
    assert [each["may"] for each in own(kit)["carers"]] == [["renew", "end", "hide"]]
    assert kit.post(f"/api/carers/{link}/renew")[0] == 200
    assert acting(ho, kit_id, "GET", "/api/today")[0] == 200
    assert sorted((row.state, row.evidence) for row in rows(town, CareLink)) == [
        ("active", "both-sides"),
        ("ended", "guardian"),
    ]
    assert code(kit.post(f"/api/carers/{link}/renew")) == "care.unknown"


@pytest.mark.parametrize("ends", ["poon", "ling"])
def test_either_side_ends_it_at_once_and_both_are_told(town: Town, ends: str) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    link = taken(ling, offered(poon))["link"]["id"]
    assert acting(ling, person, "GET", "/api/today")[0] == 200
    assert town.signed_in(ends).send("DELETE", f"/api/carers/{link}")[0] == 204
    assert code(acting(ling, person, "GET", "/api/today")) == "person.unknown"
    assert (own(poon)["carers"], care(ling)["caring"]) == ([], [])
    assert told(poon) == told(ling) == ["care.begun", "care.ended"]
    assert code(town.signed_in(ends).send("DELETE", f"/api/carers/{link}")) == "care.unknown"


def test_accepting_again_replaces_what_was_agreed(town: Town) -> None:
    poon, ling = town.signed_in("poon"), town.signed_in("ling")
    taken(ling, offered(poon, MANAGE))
    assert taken(ling, offered(poon, VIEW))["may"] == ["view"]
    assert len(care(ling)["caring"]) == len(own(poon)["carers"]) == 1
    assert sorted(row.state for row in rows(town, CareLink)) == ["active", "ended"]
    assert told(poon) == ["care.begun", "care.begun"]


def test_one_s_own_code_is_for_others(town: Town) -> None:
    poon, chan, ling = town.signed_in("poon"), town.signed_in("chan"), town.signed_in("ling")
    for browser, person in ((poon, None), (chan, str(town.person("kit")))):
        made = offered(browser, VIEW, person_id=person)
        assert code(browser.post("/api/carers/accept", {"code": made})) == "care.own_offer"
        taken(ling, made)


def test_a_code_is_worth_nothing_once_used_taken_back_or_too_old(town: Town) -> None:
    poon, ling, ho = (town.signed_in(name) for name in ("poon", "ling", "ho"))
    used = offered(poon)
    taken(ling, used)
    back = offered(poon)
    [waits] = own(poon)["offers"]
    assert code(ho.send("DELETE", f"/api/carers/offers/{waits['id']}")) == "care.offer_unknown"
    assert poon.send("DELETE", f"/api/carers/offers/{waits['id']}")[0] == 204
    assert code(poon.send("DELETE", f"/api/carers/offers/{waits['id']}")) == "care.offer_unknown"
    assert code(poon.send("DELETE", "/api/carers/offers/xyz")) == "care.offer_unknown"
    old = offered(poon)
    town.clock.pass_by(days=7)
    for each in (used, back, old, "ACDE-3467"):
        assert code(ho.post("/api/carers/accept", {"code": each})) == "care.code_wrong"
    assert (forget_offers(town.world.here), rows(town, CareOffer)) == (1, [])


def test_a_guardian_s_code_ends_with_the_guardian_s_powers(town: Town) -> None:
    chan, ho, kit = town.signed_in("chan"), town.signed_in("ho"), str(town.person("kit"))
    made = offered(chan, VIEW, person_id=kit)
    town.clock.moment = turns(16, BORN) - timedelta(hours=1)
    late = offered(chan, VIEW, person_id=kit)
    town.clock.moment = turns(16, BORN)
    for each in (made, late):
        assert code(ho.post("/api/carers/accept", {"code": each})) == "care.code_wrong"
    assert code(chan.post("/api/carers/offers", {**VIEW, "person_id": kit})) == "person.unknown"


def test_wrong_codes_are_counted_and_right_ones_are_not(town: Town) -> None:
    poon, ho = town.signed_in("poon"), town.signed_in("ho")
    for _ in range(3):
        taken(ho, offered(poon))
    for _ in range(10):
        assert code(ho.post("/api/carers/accept", {"code": "ACDE-3467"})) == "care.code_wrong"
    assert ho.post("/api/carers/accept", {"code": offered(poon)})[0] == 429


def test_care_with_a_last_day_ends_by_itself_and_both_are_told(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    for until in ("2026-11-20", "2045-01-01"):
        assert code(poon.post("/api/carers/offers", {**VIEW, "until": until})) == "care.until_wrong"
    taken(ling, offered(poon, VIEW, until="2026-11-22"))
    assert end_past(town.world.here) == 0
    town.clock.moment = datetime(2026, 11, 23, tzinfo=HONG_KONG)
    assert code(acting(ling, person, "GET", "/api/today")) == "person.unknown"
    assert (own(poon)["carers"], care(ling)["caring"]) == ([], [])
    assert (end_past(town.world.here), end_past(town.world.here)) == (1, 0)
    assert told(poon) == told(ling) == ["care.begun", "care.ended"]


def test_swapped_ids_and_unknown_ones_are_answered_alike(town: Town) -> None:
    poon, ling, ho = (town.signed_in(name) for name in ("poon", "ling", "ho"))
    link = taken(ling, offered(poon))["link"]["id"]
    for method, path in (("DELETE", "/api/carers/{}"), ("POST", "/api/carers/{}/renew")):
        assert ho.send(method, path.format(link)) == ho.send(method, path.format(uuid4()))
        assert ho.send(method, path.format(link))[0] == 404
    somebody, carer = town.person("poon"), town.person("ling")
    for method in ("PUT", "DELETE"):
        answers = [
            ho.send(method, f"/api/carers/safety/{person}/{other}")
            for person, other in ((somebody, carer), (uuid4(), carer), (town.person("ho"), carer))
        ]
        assert answers[0] == answers[1] == answers[2]
        assert code(answers[0]) == "person.unknown"
    foreign = {**VIEW, "person_id": str(somebody)}
    assert code(ho.post("/api/carers/offers", foreign)) == "person.unknown"
    assert len(own(poon)["carers"]) == 1


def test_of_two_who_use_a_code_at_once_one_is_the_carer(town: Town) -> None:
    poon, ling, ho = (town.signed_in(name) for name in ("poon", "ling", "ho"))
    made = offered(poon)
    answers = at_once(*(lambda b=b: b.post("/api/carers/accept", {"code": made})[0] for b in (ling, ho)))
    assert sorted(answers) == [200, 404]
    assert len(own(poon)["carers"]) == 1


def test_two_codes_of_one_pair_used_at_once_make_one_link(town: Town) -> None:
    poon, ling = town.signed_in("poon"), [town.signed_in("ling") for _ in range(4)]
    codes = [offered(poon, terms) for terms in (VIEW, MANAGE, VIEW, MANAGE)]
    works = [lambda b=b, c=c: b.post("/api/carers/accept", {"code": c})[0] for b, c in zip(ling, codes, strict=True)]
    assert at_once(*works) == [200] * 4
    assert len(own(poon)["carers"]) == 1
    assert sorted(row.state for row in rows(town, CareLink)) == ["active", "ended", "ended", "ended"]


def test_a_link_that_both_sides_end_at_once_ends_once(town: Town) -> None:
    poon, ling = town.signed_in("poon"), town.signed_in("ling")
    link = taken(ling, offered(poon))["link"]["id"]
    assert sorted(at_once(*(lambda b=b: b.send("DELETE", f"/api/carers/{link}")[0] for b in (poon, ling)))) == [
        204,
        404,
    ]
    assert told(poon) == told(ling) == ["care.begun", "care.ended"]


def test_the_use_of_a_link_is_noted_to_the_hour(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon))
    for minutes in (20, 30, 20):
        town.clock.pass_by(minutes=minutes)
        assert acting(ling, person, "GET", "/api/today")[0] == 200
        [carer] = own(poon)["carers"]
        hour = town.clock.moment.replace(minute=0)
        assert datetime.fromisoformat(carer["link"]["used_at"]) == hour


def test_who_may_not_act_leaves_no_trace_of_use(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon))
    assert code(acting(ling, person, "POST", "/api/steps/files")) == "person.unknown"
    assert own(poon)["carers"][0]["link"]["used_at"] is None


def test_a_carer_who_manages_gives_files_for_the_person_and_stops_them(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon, MANAGE))
    status, given_file = give(ling, person)
    assert status == 202
    assert [each["id"] for each in poon.get("/api/steps/deliveries")[1]["deliveries"]] == [given_file["id"]]
    assert ling.get("/api/steps/deliveries")[1]["deliveries"] == []
    assert acting(ling, person, "DELETE", f"/api/steps/deliveries/{given_file['id']}")[0] == 200


def test_who_may_only_see_gives_no_files(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon, VIEW))
    _, given_file = give(poon, None)
    assert code(give(ling, person)) == "person.unknown"
    assert acting(ling, person, "GET", "/api/steps/deliveries")[0] == 200
    assert code(acting(ling, person, "DELETE", f"/api/steps/deliveries/{given_file['id']}")) == "person.unknown"


def test_what_needs_the_person_s_own_presence_nobody_does_for_them(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon, MANAGE))
    closed = [
        ("POST", "/api/fixes"), ("POST", "/api/captures"), ("DELETE", "/api/steps/sources/1"), ("GET", "/api/carers"),
        ("POST", "/api/carers/offers"), ("GET", "/api/family"), ("GET", "/api/profile/notices"),
    ]  # fmt: skip
    for method, path in closed:
        assert code(acting(ling, person, method, path)) == "access.acting", path


def test_files_count_for_the_account_that_gives_them(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    taken(ling, offered(poon, MANAGE))
    answers = [give(ling, person, b"date,steps\n") for _ in range(31)]
    assert [status for status, _ in answers] == [202, *[200] * 29, 429]
    assert code(answers[-1]) == "rate.too_many"
    assert give(poon, None, STEPS)[0] == 202


def test_nothing_of_the_carer_is_in_what_is_shown_of_the_person(town: Town) -> None:
    poon, ling, person = town.signed_in("poon"), town.signed_in("ling"), town.person("poon")
    town.world.role(town.account("ling"), "teacher", town_school(town))
    town.world.family(town.person("ling"))
    give(ling, None)
    taken(ling, offered(poon, VIEW))
    for path in ("/api/today", "/api/steps/months/2026-11", "/api/steps/deliveries"):
        assert acting(ling, person, "GET", path)[1] == poon.get(path)[1], path
    for board in (each["id"] for each in poon.get("/api/today")[1]["boards"]):
        for path in (f"/api/boards/{board}", f"/api/boards/{board}/me"):
            assert acting(ling, person, "GET", path)[1] == poon.get(path)[1], path
    assert acting(ling, person, "GET", "/api/boards/go-to-park:all:player:528781")[0] == 404
    assert ling.get("/api/boards/go-to-park:all:player:528781")[0] == 200


def town_school(town: Town) -> str:
    """A school, made for whoever needs one."""
    town.world.school("528781")
    return "528781"


def test_a_child_whose_consent_is_missing_is_acted_for_by_nobody(town: Town) -> None:
    chan = town.signed_in("chan")
    waiting = child(chan, consent=False)["person_id"]
    [listed] = [each for each in care(chan)["caring"] if each["person_id"] == waiting]
    assert (listed["waiting_for_consent"], listed["may"]) == (True, [])
    assert code(give(chan, waiting)) == "consent.missing"
