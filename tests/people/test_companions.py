"""Companions: a code shown and scanned, agreed by guardians, seen when both sides agreed, ended by anybody."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.qr import qr
from challenges_app.people.companions import queries
from challenges_app.people.companions.rules import MOST
from challenges_app.people.companions.tables import Companion, MeetingCode
from challenges_app.people.meeting.jobs import forget_codes
from challenges_app.people.meeting.rules import meet_link, waits_for
from tests.people.doors import Browser, Town, code
from tests.people.test_family import at_once, rows

TEN = date(2016, 7, 7)
FACES = {
    "mei": ("laughing", "bulbul"),
    "wing": ("curious", "civet"),
    "lam": ("early", "egret"),
    "lee": ("wise", "frog"),
}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with two mothers, chan and ho, their children, mei and wing, and two grown-ups, lam and lee."""
    town = Town.on(database_url)
    for mother, name in (("chan", "mei"), ("ho", "wing")):
        town.world.family(town.world.person(mother), town.world.person(name, born=TEN, face=FACES[name]))
    for name in ("lam", "lee"):
        town.world.person(name, face=FACES[name])
    yield town
    town.world.db.close()


def shown(browser: Browser) -> str:
    """The code that somebody shows now."""
    status, told = browser.post("/api/companions/code")
    assert status == 201, told
    return str(told["code"])


def scan(browser: Browser, shown_code: str) -> tuple[int, Any]:
    """What somebody is answered who scans a code."""
    return browser.post("/api/companions/meet", {"code": shown_code})


def companions(browser: Browser) -> list[dict[str, Any]]:
    """Somebody's companions, as they see them."""
    return list(browser.get("/api/companions")[1]["companions"])


def waiting(browser: Browser) -> list[str | None]:
    """For whom each of somebody's companions waits."""
    return [each["waits_for"] for each in companions(browser)]


def told(browser: Browser) -> list[str]:
    """The kinds of notices that somebody has of companions, the newest first."""
    kinds = [each["kind"] for each in browser.get("/api/profile/notices")[1]["notices"]]
    return [kind for kind in kinds if kind.startswith("companion.")]


def of_child(town: Town, name: str, other: str = "") -> str:
    """The path of a child's companions, or of one of them."""
    path = f"/api/family/children/{town.person(name)}/companions"
    return f"{path}/{town.person(other)}" if other else path


def met(town: Town, one: str, other: str) -> None:
    """Let one show a code and another scan it."""
    status, answer = scan(town.signed_in(other), shown(town.signed_in(one)))
    assert status == 200, answer


def agreed(town: Town, guardian: str, name: str, other: str) -> Any:
    """Let a guardian agree for a child."""
    status, answer = town.signed_in(guardian).post(f"{of_child(town, name, other)}/agree")
    assert status == 200, answer
    return answer


def test_two_grown_ups_are_companions_as_soon_as_one_scans_the_other(town: Town) -> None:
    lam, lee = town.signed_in("lam"), town.signed_in("lee")
    assert companions(lam) == []
    status, answer = scan(lee, shown(lam))
    assert (status, answer["waits_for"], answer["name"]["en"]) == (200, None, "Early Egret")
    assert companions(lee) == [answer]
    [seen] = companions(lam)
    assert (seen["person_id"], seen["avatar"], seen["since"]) == (str(town.person("lee")), "frog", answer["since"])
    assert set(seen) == {"person_id", "name", "avatar", "met_at", "since", "waits_for"}
    assert told(lam) == told(lee) == []


def test_what_is_shown_is_a_link_with_the_code_and_its_picture(town: Town) -> None:
    _, made = town.signed_in("lam").post("/api/companions/code")
    assert made["link"] == meet_link("http://127.0.0.1:8000", made["code"])
    assert (made["qr"], made["lasts_s"]) == (qr(made["link"]).model_dump(), 600)
    [row] = rows(town, MeetingCode)
    assert plain_code(made["code"]).lower() not in repr(row).lower(), "kept as its blind index only"


def test_a_code_works_once_for_ten_minutes_and_until_the_next(town: Town) -> None:
    lam, lee, chan = (town.signed_in(name) for name in ("lam", "lee", "chan"))
    first, second = shown(lam), shown(lam)
    assert code(scan(lee, first)) == "companion.code_wrong"
    assert scan(lee, f" {second.replace('-', ' ').lower()} ")[0] == 200
    assert code(scan(chan, second)) == "companion.code_wrong"
    late = shown(lam)
    town.clock.pass_by(minutes=10)
    assert code(scan(chan, late)) == "companion.code_wrong"
    assert forget_codes(town.world.here) == 1
    assert rows(town, MeetingCode) == []


def test_ones_own_code_is_refused_and_stays_good(town: Town) -> None:
    lam = town.signed_in("lam")
    own = shown(lam)
    assert code(scan(lam, own)) == "companion.own_code"
    assert scan(town.signed_in("lee"), own)[0] == 200


def test_codes_are_not_guessed(town: Town) -> None:
    lam = town.signed_in("lam")
    assert {code(scan(lam, fresh_code())) for _ in range(10)} == {"companion.code_wrong"}
    assert code(scan(lam, shown(town.signed_in("lee")))) == "rate.too_many"


def test_children_wait_until_a_guardian_of_each_agrees(town: Town) -> None:
    mei, wing = town.signed_in("mei"), town.signed_in("wing")
    _, answer = scan(wing, shown(mei))
    assert (answer["waits_for"], answer["name"], answer["avatar"], answer["since"]) == ("guardian", None, None, None)
    assert waiting(mei) == ["guardian"]
    assert agreed(town, "ho", "wing", "mei")["waits_for"] == "other"
    assert (waiting(wing), waiting(mei)) == (["other"], ["guardian"])
    assert companions(wing)[0]["name"] is None
    assert told(wing) == []
    town.clock.pass_by(hours=1)
    assert agreed(town, "chan", "mei", "wing")["waits_for"] is None
    for browser, other in ((mei, "Curious Civet"), (wing, "Laughing Bulbul")):
        [seen] = companions(browser)
        assert (seen["name"]["en"], seen["waits_for"]) == (other, None)
        assert seen["since"] == f"{town.clock.moment:%Y-%m-%dT%H:%M:%SZ}"
        assert told(browser) == ["companion.agreed"]


def test_guardians_are_told_whom_their_child_met_and_see_the_face_to_decide(town: Town) -> None:
    met(town, "mei", "wing")
    chan = town.signed_in("chan")
    [notice] = chan.get("/api/profile/notices")[1]["notices"]
    assert notice["kind"] == "companion.asked"
    assert "好奇" in notice["text"]
    status, seen = chan.get(of_child(town, "mei"))
    assert (status, seen["name"]["en"]) == (200, "Laughing Bulbul")
    assert [(each["name"]["en"], each["waits_for"]) for each in seen["companions"]] == [("Curious Civet", "guardian")]
    assert told(town.signed_in("ho")) == ["companion.asked"]
    assert told(town.signed_in("mei")) == []


def test_a_childs_nickname_is_hidden_from_a_grown_up_until_its_guardian_agrees(town: Town) -> None:
    lam = town.signed_in("lam")
    _, answer = scan(lam, shown(town.signed_in("mei")))
    assert (answer["waits_for"], answer["name"]) == ("other", None)
    agreed(town, "chan", "mei", "lam")
    assert companions(lam)[0]["name"]["en"] == "Laughing Bulbul"
    assert told(lam) == ["companion.agreed"]


def test_meeting_again_changes_nothing_and_tells_nobody(town: Town) -> None:
    met(town, "mei", "wing")
    first = companions(town.signed_in("wing"))
    town.clock.pass_by(minutes=1)
    met(town, "wing", "mei")
    met(town, "mei", "wing")
    assert companions(town.signed_in("wing")) == first
    assert len(rows(town, Companion)) == 2
    assert told(town.signed_in("chan")) == ["companion.asked"]


def test_agreeing_twice_tells_once(town: Town) -> None:
    met(town, "mei", "lam")
    assert agreed(town, "chan", "mei", "lam") == agreed(town, "chan", "mei", "lam")
    assert told(town.signed_in("mei")) == ["companion.agreed"]


@pytest.mark.parametrize("who", ["mei", "wing"])
def test_a_child_may_always_end_it_and_nobody_is_told(town: Town, who: str) -> None:
    met(town, "mei", "wing")
    agreed(town, "chan", "mei", "wing")
    agreed(town, "ho", "wing", "mei")
    other = "wing" if who == "mei" else "mei"
    before = {name: told(town.signed_in(name)) for name in ("mei", "wing", "chan", "ho")}
    assert town.signed_in(who).send("DELETE", f"/api/companions/{town.person(other)}")[0] == 204
    assert companions(town.signed_in("mei")) == companions(town.signed_in("wing")) == []
    assert before == {name: told(town.signed_in(name)) for name in ("mei", "wing", "chan", "ho")}
    assert rows(town, Companion) == []


def test_two_who_parted_may_meet_again_and_the_guardian_is_asked_again(town: Town) -> None:
    met(town, "lam", "mei")
    assert town.signed_in("chan").send("DELETE", of_child(town, "mei", "lam"))[0] == 204
    assert companions(town.signed_in("lam")) == []
    met(town, "lam", "mei")
    assert told(town.signed_in("chan")) == ["companion.asked", "companion.asked"]


def test_without_consent_nobody_meets_but_a_child_may_still_look_and_end(town: Town) -> None:
    met(town, "mei", "lam")
    agreed(town, "chan", "mei", "lam")
    mei, chan, lam = (town.signed_in(name) for name in ("mei", "chan", "lam"))
    late = shown(mei)
    consent = f"/api/family/children/{town.person('mei')}/consent"
    assert chan.send("DELETE", consent)[0] == 200
    assert code(mei.post("/api/companions/code")) == "consent.missing"
    assert code(scan(mei, shown(lam))) == "consent.missing"
    assert code(scan(town.signed_in("lee"), late)) == "companion.code_wrong"
    assert (waiting(mei), waiting(lam)) == (["guardian"], ["other"])
    assert companions(lam)[0]["name"] is None
    assert code(chan.post(f"{of_child(town, 'mei', 'lam')}/agree")) == "companion.no_consent"
    assert mei.send("DELETE", f"/api/companions/{town.person('lam')}")[0] == 204


def test_a_new_consent_does_not_bring_back_what_the_old_one_carried(town: Town) -> None:
    met(town, "mei", "lam")
    agreed(town, "chan", "mei", "lam")
    chan, consent = town.signed_in("chan"), f"/api/family/children/{town.person('mei')}/consent"
    chan.send("DELETE", consent)
    chan.post(consent)
    assert waiting(town.signed_in("lam")) == ["other"]
    agreed(town, "chan", "mei", "lam")
    assert waiting(town.signed_in("lam")) == [None]


def test_a_child_that_leaves_the_family_waits_for_its_next_guardian(town: Town) -> None:
    met(town, "mei", "lam")
    agreed(town, "chan", "mei", "lam")
    mei = town.person("mei")
    assert town.signed_in("chan").send("DELETE", f"/api/family/members/{mei}")[0] == 204
    assert waiting(town.signed_in("lam")) == ["other"]
    assert code(town.signed_in("chan").get(of_child(town, "mei"))) == "person.unknown"


def test_at_sixteen_one_agrees_for_oneself_and_what_was_agreed_stays(town: Town) -> None:
    young = town.world.person("young", born=date(2010, 12, 1))  # 16 in ten days
    browser = town.signed_in("young")
    met(town, "young", "lam")
    assert waiting(browser) == ["guardian"]
    path = f"/api/companions/{town.person('lam')}/agree"
    assert code(browser.post(path)) == "person.unknown", "not before the birthday"
    town.clock.pass_by(days=10)
    assert waiting(browser) == ["self"]
    assert companions(browser)[0]["name"] is None
    status, answer = browser.post(path)
    assert (status, answer["waits_for"], answer["name"]["en"]) == (200, None, "Early Egret")
    assert companions(town.signed_in("lam"))[0]["person_id"] == str(young)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_only_the_childs_own_guardian_comes_through_its_doors(town: Town, method: str) -> None:
    met(town, "mei", "wing")
    path = of_child(town, "mei") if method == "GET" else of_child(town, "mei", "wing")
    path += "/agree" if method == "POST" else ""
    nobody = path.replace(str(town.person("mei")), str(uuid4()))
    for name in ("ho", "wing", "lam", *(() if method == "GET" else ("mei",))):
        browser = town.signed_in(name)
        assert browser.send(method, path) == browser.send(method, nobody)
        assert code(browser.send(method, path)) == "person.unknown"
    assert len(rows(town, Companion)) == 2


def test_somebody_who_is_no_companion_and_somebody_who_is_not_there_sound_alike(town: Town) -> None:
    met(town, "mei", "wing")
    lam, chan = town.signed_in("lam"), town.signed_in("chan")
    unknown = [lam.send("DELETE", f"/api/companions/{each}") for each in (town.person("mei"), uuid4())]
    unknown += [chan.post(f"{of_child(town, 'mei')}/{each}/agree") for each in (town.person("lam"), uuid4())]
    unknown += [chan.send("DELETE", f"{of_child(town, 'mei')}/{each}") for each in (town.person("lam"), uuid4())]
    assert {(status, body["error"]["code"]) for status, body in unknown} == {(404, "person.unknown")}


def test_nobody_has_more_than_fifty(town: Town) -> None:
    lam = town.person("lam")
    for _ in range(MOST - 1):
        befriended(town, lam, town.world.person())
    met(town, "lam", "lee")
    chan, own = town.signed_in("chan"), town.signed_in("lam")
    assert code(scan(chan, shown(own))) == "companion.too_many"
    assert code(scan(own, shown(chan))) == "companion.too_many"
    assert len(companions(own)) == MOST
    met(town, "lee", "lam")


def befriended(town: Town, one: UUID, other: UUID) -> None:
    """Make two persons companions."""
    town.world.write(lambda tx: queries.meet(tx, one, other, town.clock()))


def test_of_two_who_scan_one_code_at_once_one_is_met(town: Town) -> None:
    only = shown(town.signed_in("lam"))
    lee, chan = town.signed_in("lee"), town.signed_in("chan")
    answers = at_once(lambda: scan(lee, only), lambda: scan(chan, only))
    assert sorted(status for status, _ in answers) == [200, 404]
    assert len(rows(town, Companion)) == 2


def test_two_who_scan_each_other_at_once_are_one_pair(town: Town) -> None:
    mei, lam = town.signed_in("mei"), town.signed_in("lam")
    first, second = shown(mei), shown(lam)
    answers = at_once(lambda: scan(mei, second), lambda: scan(lam, first))
    assert [status for status, _ in answers] == [200, 200]
    assert len(rows(town, Companion)) == 2
    assert told(town.signed_in("chan")) == ["companion.asked"]


def test_both_guardians_who_agree_at_once_tell_each_child_once(town: Town) -> None:
    met(town, "mei", "wing")
    chan, ho = town.signed_in("chan"), town.signed_in("ho")
    answers = at_once(
        lambda: chan.post(f"{of_child(town, 'mei', 'wing')}/agree"),
        lambda: ho.post(f"{of_child(town, 'wing', 'mei')}/agree"),
    )
    assert [status for status, _ in answers] == [200, 200]
    assert told(town.signed_in("mei")) == told(town.signed_in("wing")) == ["companion.agreed"]


@pytest.mark.parametrize(
    ("agreed", "other_agreed", "child", "expected"),
    [
        (False, False, True, "guardian"),
        (False, True, True, "guardian"),
        (False, True, False, "self"),
        (True, False, True, "other"),
        (True, True, True, None),
    ],
)
def test_for_whom_it_waits(*, agreed: bool, other_agreed: bool, child: bool, expected: str | None) -> None:
    assert waits_for(agreed=agreed, other_agreed=other_agreed, child=child) == expected
