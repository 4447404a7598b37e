"""Attacks on the ways in: a session that somebody planted, guesses without end, and requests from other sites."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from challenges_app.kit.codes import fresh_code
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import rules
from tests.builders import RING
from tests.people.doors import HTTPS, Browser, Town, code
from tests.people.spying import NAME, ask, at, cookie, hash_quickly, letter_to, plant, watching

NEW = "three blue bulbuls"
HO = {"password": NEW, "born_on": "1990-05-17"}
SCHOOL_GATE, HOME = "203.0.113.1", "198.51.100.7"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town where mei has an address and wing a card."""
    with pytest.MonkeyPatch.context() as patch:
        hash_quickly(patch)
        town = Town.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
        for name in ("mei", "wing", "eve"):
            town.world.person(name)
        town.world.write(lambda tx: accounts.verify_email(tx, RING, town.account("mei"), "mei@example.hk"))
        yield town
        town.world.db.close()


def by_password(town: Town, browser: Browser) -> None:
    """Sign in with a name and a password."""
    assert browser.sign_in("wing")[0] == 200


def by_card(town: Town, browser: Browser) -> None:
    """Sign in with a card."""
    card = town.world.write(lambda tx: accounts.make_card(tx, town.clock(), town.account("wing")))
    assert browser.post("/api/session/card", {"code": card})[0] == 200


def by_signing_up(town: Town, browser: Browser) -> None:
    """Open an account by a user name."""
    assert browser.post("/api/accounts", {"name": f"user{uuid4().hex[:8]}", **HO})[0] == 201


def by_sign_up_link(town: Town, browser: Browser) -> None:
    """Open an account by a mailed link."""
    browser.post("/api/accounts", {"name": "ho@example.hk", **HO})
    link = {"token": letter_to(town, "ho@example.hk").token, "password": NEW}
    assert browser.post("/api/links/sign-up", link)[0] == 200


def by_reset_link(town: Town, browser: Browser) -> None:
    """Choose a new password by a mailed link."""
    browser.post("/api/password/forgotten", {"name": "mei"})
    reset = {"token": letter_to(town, "mei@example.hk").token, "password": NEW}
    assert browser.post("/api/password/reset", reset)[0] == 200


WAYS_IN = [by_password, by_card, by_signing_up, by_sign_up_link, by_reset_link]


@pytest.mark.parametrize("come_in", WAYS_IN)
def test_an_id_that_was_made_up_and_planted_is_worth_nothing(
    town: Town, come_in: Callable[[Town, Browser], None]
) -> None:
    planted = rules.new_session_id()
    victim = plant(town.browser(), planted)
    come_in(town, victim)
    assert cookie(victim) not in (None, planted)
    assert victim.me is not None
    assert plant(town.browser(), planted).me is None


@pytest.mark.parametrize("come_in", WAYS_IN)
def test_the_attackers_own_session_planted_in_another_browser_ends_there(
    town: Town, come_in: Callable[[Town, Browser], None]
) -> None:
    attacker = town.signed_in("eve")
    planted = cookie(attacker) or ""
    victim = plant(town.browser(), planted)
    come_in(town, victim)
    assert cookie(victim) != planted
    assert attacker.me is None


@pytest.mark.parametrize("come_in", [by_password, by_card])
def test_each_sign_in_has_an_id_of_its_own_and_ends_the_one_before(
    town: Town, come_in: Callable[[Town, Browser], None]
) -> None:
    browser, ids = town.browser(), []
    for _ in range(3):
        come_in(town, browser)
        ids.append(cookie(browser) or "")
    assert len(set(ids)) == 3
    assert all(len(each) == 43 for each in ids), "256 bits"
    assert [plant(town.browser(), each).me is not None for each in ids] == [False, False, True]


@pytest.mark.parametrize("come_in", WAYS_IN)
def test_the_cookie_has_its_flags_whichever_way_somebody_came(
    town: Town, come_in: Callable[[Town, Browser], None]
) -> None:
    browser, told = town.browser(), []
    true = browser.client.open

    def listen(*words: Any, **more: Any) -> Any:
        answer = true(*words, **more)
        told.extend(answer.headers.getlist("Set-Cookie"))
        return answer

    browser.client.open = listen  # type: ignore[method-assign]
    come_in(town, browser)
    [given] = [each for each in told if each.startswith(f"{NAME}=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"} <= set(given.split("; "))
    assert all("Domain" not in each and "Secure" in each for each in told)


def test_a_signed_out_id_is_dead_and_the_cookie_is_taken_away(town: Town) -> None:
    mei = town.signed_in("mei")
    held = cookie(mei) or ""
    assert mei.send("DELETE", "/api/session")[0] == 204
    assert cookie(mei) is None
    assert plant(town.browser(), held).me is None


@pytest.mark.parametrize("name", ["session", "__Secure-session", "__host-session", "__Host-session2", "host-session"])
def test_a_cookie_of_another_name_is_ignored(town: Town, name: str) -> None:
    good = cookie(town.signed_in("mei")) or ""
    assert plant(town.browser(), good, name=name).me is None


@pytest.mark.parametrize("where", ["query", "header", "bearer"])
def test_an_id_counts_in_the_cookie_only(town: Town, where: str) -> None:
    good = cookie(town.signed_in("mei")) or ""
    headers = {"header": {"X-Session": good, NAME: good}, "bearer": {"Authorization": f"Bearer {good}"}}.get(where, {})
    asked = f"/api/profile?{NAME}={good}&session={good}" if where == "query" else "/api/profile"
    assert ask(town.browser(), "GET", asked, **headers).status == 401


def guess(browser: Browser, name: str, times: int) -> list[str | int]:
    """Try so many wrong passwords; answers what was said to each."""
    return [told(browser.sign_in(name, f"guess number {number}")) for number in range(times)]


def told(answer: tuple[int, Any]) -> str | int:
    """The code of a refusal, or the status."""
    return code(answer) if answer[0] >= 400 else answer[0]


def test_the_right_password_after_too_many_wrong_ones_is_refused_like_a_wrong_one(town: Town) -> None:
    answers = {}
    for name in ("mei", "nobody"):
        thief = at(town.browser(), SCHOOL_GATE)
        assert set(guess(thief, name, 10)) == {"session.wrong"}
        answers[name] = [thief.sign_in(name), thief.sign_in(name, "guess again")]
    for status, body in [*answers["mei"], *answers["nobody"]]:
        assert (status, body["error"]["code"]) == (429, "rate.too_many")
        wait = body["error"]["details"]["seconds"]
        assert 0 < wait <= 300
        assert str(wait) in body["error"]["message"]
    assert at(town.browser(), HOME).sign_in("mei")[0] == 200


def test_no_password_is_checked_for_one_who_is_locked_out(town: Town) -> None:
    thief = at(town.browser(), SCHOOL_GATE)
    guess(thief, "mei", 10)
    with watching(town.world) as work:
        assert told(thief.sign_in("mei")) == "rate.too_many"
    assert (work.hashing, work.statements) == ({}, [])


def test_one_password_tried_on_many_names_is_stopped_at_its_place(town: Town) -> None:
    thief = at(town.browser(), SCHOOL_GATE)
    assert {told(thief.sign_in(f"name{number}", NEW)) for number in range(300)} == {"session.wrong"}
    assert told(thief.sign_in("mei")) == "rate.too_many"
    assert at(town.browser(), HOME).sign_in("mei")[0] == 200


def test_many_places_that_guess_at_one_name_are_stopped_together(town: Town) -> None:
    for number in range(6):
        assert set(guess(at(town.browser(), f"203.0.113.{number}"), "mei", 10)) == {"session.wrong"}
    late = at(town.browser(), "203.0.113.99")
    assert told(late.sign_in("mei", "guess")) == told(late.sign_in("mei")) == "rate.too_many"
    assert late.sign_in("wing")[0] == 200


def test_addresses_of_one_line_are_one_place(town: Town) -> None:
    for number in range(10):
        assert guess(at(town.browser(), f"2001:db8:1:2:{number:x}::1"), "mei", 1) == ["session.wrong"]
    assert told(at(town.browser(), "2001:db8:1:2:ffff::1").sign_in("mei")) == "rate.too_many"
    assert at(town.browser(), "2001:db8:1:3::1").sign_in("mei")[0] == 200


def test_a_class_is_not_locked_out_by_one_who_goes_on_and_on(town: Town) -> None:
    stubborn = at(town.browser(), SCHOOL_GATE)
    assert guess(stubborn, "mei", 400).count("rate.too_many") == 390
    assert {at(town.browser(), SCHOOL_GATE).sign_in("wing")[0] for _ in range(40)} == {200}


def test_forgetting_ones_name_costs_nobody_else_anything(town: Town) -> None:
    card = town.world.write(lambda tx: accounts.make_card(tx, town.clock(), town.account("wing")))
    for _ in range(40):
        assert at(town.browser(), SCHOOL_GATE).post("/api/session/card", {"code": card})[0] == 200
    stranger = at(town.browser(), SCHOOL_GATE)
    wrong = [told(stranger.post("/api/session/card", {"code": rules.new_session_id()})) for _ in range(61)]
    assert wrong == ["card.wrong"] * 60 + ["rate.too_many"]
    assert at(town.browser(), HOME).post("/api/session/card", {"code": card})[0] == 200


@pytest.mark.parametrize("door", ["/api/links/sign-up", "/api/password/reset"])
def test_made_up_links_are_stopped_before_they_cost_a_hash(town: Town, door: str) -> None:
    stranger, body = at(town.browser(), SCHOOL_GATE), {"password": NEW}
    tries = [told(stranger.post(door, {**body, "token": rules.new_session_id()})) for _ in range(61)]
    assert tries == ["link.over"] * 60 + ["rate.too_many"]
    with watching(town.world) as work:
        assert told(stranger.post(door, {**body, "token": rules.new_session_id()})) == "rate.too_many"
    assert (work.hashing, work.statements) == ({}, [])


def test_codes_of_families_are_not_guessed_and_only_wrong_ones_count(town: Town) -> None:
    wing, child = town.signed_in("wing"), town.world.person("child", born=date(2016, 7, 7))
    assert child
    refused = town.signed_in("child")
    assert {told(refused.post("/api/family/join", {"code": fresh_code()})) for _ in range(120)} == {"family.too_young"}
    wrong = [told(wing.post("/api/family/join", {"code": fresh_code()})) for _ in range(11)]
    assert wrong == ["family.code_wrong"] * 10 + ["rate.too_many"]
    eve = town.signed_in("eve")
    assert told(eve.post("/api/family/join", {"code": fresh_code()})) == "family.code_wrong"


def test_a_stolen_session_cannot_guess_the_password(town: Town) -> None:
    thief = town.signed_in("mei")
    body = {"email": "eve@example.hk"}
    wrong = [told(thief.send("PUT", "/api/profile/email", {**body, "password": f"{at}"})) for at in range(11)]
    assert wrong == ["session.wrong"] * 10 + ["rate.too_many"]
    right = {**body, "password": "meimei"}
    assert told(thief.send("PUT", "/api/profile/email", right)) == "rate.too_many"


FOREIGN = [
    {"Origin": "https://evil.test"},
    {"Origin": "https://eplus.test.evil.test"},
    {"Origin": "https://evil.test/eplus.test"},
    {"Origin": "https://eplus.test@evil.test"},
    {"Origin": "https://eplus.test:8443"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "Same-Origin"},
    {"Sec-Fetch-Site": ""},
]


def addresses(app: Flask, *, safe: bool) -> Iterator[tuple[str, str]]:
    """Method and address of every door that changes something, or of every one that does not."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method == "GET") is safe:
                yield method, _address(rule)


def _address(rule: Rule) -> str:
    given = {"uuid": str(uuid4()), "int": "1", "page_file": "index.html"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: given.get(found[1], "x"), rule.rule)


@pytest.mark.parametrize("who", ["", "mei"])
def test_no_other_site_comes_through_any_door_that_changes_something(town: Town, who: str) -> None:
    browser = town.signed_in(who) if who else town.browser()
    assert town.app
    doors = list(addresses(town.app, safe=False))
    assert len(doors) > 25
    for method, path in doors:
        for header in FOREIGN:
            with watching(town.world) as work:
                answer = ask(browser, method, path, {}, **header)
            assert answer.status == 403, (method, path, header)
            assert b"http.foreign_origin" in answer.body
            assert work.statements == [], (method, path, header)


def test_our_own_page_and_programs_without_a_page_come_as_far_as_they_may(town: Town) -> None:
    browser = town.browser()
    body = {"name": "mei", "password": "meimei"}
    assert ask(browser, "POST", "/api/session", body, **{"Sec-Fetch-Site": "same-origin"}).status == 200
    assert ask(browser, "POST", "/api/session", body, Origin=HTTPS).status == 200
    del browser.client.environ_base["HTTP_ORIGIN"]
    assert ask(browser, "POST", "/api/session", body).status == 200


def test_looking_changes_nothing_so_that_a_link_or_a_picture_cannot_either(town: Town) -> None:
    mei = town.signed_in("mei")
    assert town.app
    for method, path in addresses(town.app, safe=True):
        with watching(town.world) as work:
            ask(mei, method, path)
        # When a session was last seen is all that may be noted.
        assert [each for each in work.writes if not each.startswith("UPDATE session")] == [], path


def test_no_other_site_is_allowed_to_read(town: Town) -> None:
    mei = town.signed_in("mei")
    assert town.app
    for method, path in [*addresses(town.app, safe=True), *addresses(town.app, safe=False)]:
        for asked in ("OPTIONS", method):
            wanted = {"Origin": "https://evil.test", "Access-Control-Request-Method": method}
            answer = ask(mei, asked, path, None, **wanted)
            assert not any(name.lower().startswith("access-control") for name, _ in answer.headers), path
