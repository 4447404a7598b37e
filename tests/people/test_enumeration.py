"""Whether there is somebody, or something, is told to nobody who asks: not by the answer, nor by the work behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import extract_parameters

from challenges_app.kit.codes import fresh_code
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import rules
from tests.builders import RING
from tests.people.doors import Browser, Town, code
from tests.people.spying import Seen, ask, at, letter_to, watching

SIGN_UP = {"password": "three blue bulbuls", "born_on": "1990-05-17"}
TEN = {"born_on": "2016-07-07"}
PEOPLE = ("mei", "ho", "chan", "lam", "wing")
SCHOOLS = {"lee": "528781", "wong": "510530"}  # by teacher


@dataclass(frozen=True)
class Question:
    """Somebody asks (a stranger, if nobody is named) about what there is, or was, and about what never was.

    What is asked about stands in the address, or in the body. Where it holds 122 random bits or more, nobody can guess
    it, so it does not matter how long the answer takes.
    """

    who: str
    method: str
    path: str
    known: Any
    unknown: Any
    guessable: bool = True

    def ask(self, browser: Browser, about: Any) -> Seen:
        """The answer about one or the other."""
        if isinstance(about, dict):
            return ask(browser, self.method, self.path, about)
        return ask(browser, self.method, self.path.format(about))


def founded(folder: Path) -> Town:
    """A town with grown-ups, of whom mei has an address, and two schools."""
    town = Town.on(f"sqlite:///{folder / 'eplus.sqlite'}")
    for name in PEOPLE:
        town.world.person(name)
    for name, school in SCHOOLS.items():
        town.world.school(school)
        town.world.role(town.world.account(name), "teacher", school)
    town.world.write(lambda tx: accounts.verify_email(tx, RING, town.account("mei"), "mei@example.hk"))
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town that all questions share."""
    town = founded(tmp_path_factory.mktemp("town"))
    yield town
    town.world.db.close()


def about_accounts(town: Town) -> dict[str, Question]:
    """Questions about names, addresses and devices."""
    names = ({"name": "mei"}, {"name": "wei"})
    addresses = ({"name": "mei@example.hk"}, {"name": "wei@example.hk"})
    fresh = [{**each, **SIGN_UP} for each in addresses]
    moved = [{"email": each["name"], "password": "hoho"} for each in addresses]
    device = town.signed_in("mei").get("/api/profile/devices")[1]["devices"][0]["id"]
    wrong = {"password": "not this one"}
    forgotten = ("", "POST", "/api/password/forgotten")
    return {
        "sign in by name": Question("", "POST", "/api/session", *({**each, **wrong} for each in names)),
        "sign in by address": Question("", "POST", "/api/session", *({**each, **wrong} for each in addresses)),
        "forgotten, by name": Question(*forgotten, *names),
        "forgotten, by one without an address": Question(*forgotten, {"name": "ho"}, {"name": "hi"}),
        "forgotten, by address": Question(*forgotten, *addresses),
        "sign up by address": Question("", "POST", "/api/accounts", *fresh),
        "change the address": Question("ho", "PUT", "/api/profile/email", *moved),
        "sign out the device of another": Question("ho", "DELETE", "/api/profile/devices/{}", device, uuid4(), False),
    }


def about_families(town: Town) -> dict[str, Question]:
    """Questions about codes, invitations, children and cards."""
    chan, mei = town.signed_in("chan"), town.signed_in("mei")
    chan.post("/api/family")
    mei.post("/api/family")
    used, over, back = (chan.post("/api/family/invites", {"role": "member"})[1] for _ in range(3))
    town.signed_in("lam").post("/api/family/join", {"code": used["code"]})
    chan.send("DELETE", f"/api/family/invites/{back['id']}")
    town.clock.pass_by(days=7)
    still = chan.post("/api/family/invites", {"role": "member"})[1]
    child = chan.post("/api/family/children", {**TEN, "consent": True})[1]["person_id"]
    first, _ = (chan.post(f"/api/family/children/{child}/card")[1] for _ in range(2))
    town.world.person("young", born=date(2010, 11, 21))
    grown = town.world.write(lambda tx: accounts.make_card(tx, town.clock(), town.account("young")))
    never, card = {"code": fresh_code()}, {"code": rules.new_session_id()}
    joining, claiming = ("POST", "/api/family/join"), ("mei", "POST", "/api/family/children/claim")
    found = {
        "join by a used code": Question("wing", *joining, {"code": used["code"]}, never),
        "join by a code that is over": Question("wing", *joining, {"code": over["code"]}, never),
        "join by a code that was taken back": Question("wing", *joining, {"code": back["code"]}, never),
        "join out of another family": Question("lam", *joining, {"code": still["code"]}, never),
        "take back an invitation of others": Question(
            "mei", "DELETE", "/api/family/invites/{}", still["id"], rules.digest("never").hex()
        ),
        "take out a member of others": Question("mei", "DELETE", "/api/family/members/{}", child, uuid4(), False),
        "show an old card": Question("", "POST", "/api/session/card", {"code": first["code"]}, card),
        "claim by an old card": Question(*claiming, {"code": first["code"]}, card),
        "claim a grown-up": Question(*claiming, {"code": grown}, card, False),
    }
    for method, what in (("POST", "consent"), ("DELETE", "consent"), ("POST", "card"), ("PUT", "face")):
        path = f"/api/family/children/{{}}/{what}"
        found[f"{method} {what} for a child of others"] = Question("mei", method, path, child, uuid4(), False)
    return found


def about_classes(town: Town) -> dict[str, Question]:
    """Questions about codes of classes, and the classes of others."""
    lee, today = town.signed_in("lee"), {"until": str(town.clock().date())}
    (own,) = lee.get("/api/classes")[1]["classes"]
    replaced, over = (lee.post(f"/api/classes/{own['id']}/code", today)[1]["code"] for _ in range(2))
    town.clock.pass_by(days=1)
    joining, never = ("POST", "/api/classes/join"), {"code": fresh_code(), **TEN}
    found = {
        f"join a class by a code that {what}, as {who or 'a stranger'}": Question(
            who, *joining, {"code": told, **TEN}, never
        )
        for what, told in (("was replaced", replaced), ("is over", over))
        for who in ("", "wing")
    }
    for method, rest in (("GET", ""), ("DELETE", "/code"), ("DELETE", f"/pupils/{uuid4()}")):
        path = f"/api/classes/{{}}{rest}"
        found[f"{method} a class of others{rest[:7]}"] = Question("wong", method, path, own["id"], uuid4(), False)
    return found


def about_links(town: Town) -> dict[str, Question]:
    """Questions about mailed links."""
    never, new = {"token": rules.new_session_id()}, {"password": "five wise civets"}
    stranger = town.browser()
    stranger.post("/api/accounts", {"name": "new@example.hk", **SIGN_UP})
    used = {"token": letter_to(town, "new@example.hk").token, "password": SIGN_UP["password"]}
    assert stranger.post("/api/links/sign-up", used)[0] == 200
    stranger.post("/api/password/forgotten", {"name": "mei@example.hk"})
    reset = {"token": letter_to(town, "mei@example.hk").token}
    town.signed_in("mei").send("PUT", "/api/profile/email", {"email": "may@example.hk", "password": "meimei"})
    moving = {"token": letter_to(town, "may@example.hk").token}
    return {
        "a used link": Question("", "POST", "/api/links/sign-up", used, {**never, **new}),
        "a link for something else": Question("", "POST", "/api/links/sign-up", {**reset, **new}, {**never, **new}),
        "a password by a used link": Question("", "POST", "/api/password/reset", {**used, **new}, {**never, **new}),
        "the link of another": Question("ho", "POST", "/api/links/email", moving, never),
    }


MAKERS = [about_accounts, about_families, about_classes, about_links]


@pytest.mark.parametrize("make", MAKERS)
def test_what_there_is_and_what_never_was_get_the_same_answer_for_the_same_work(
    town: Town, make: Callable[[Town], dict[str, Question]]
) -> None:
    for name, question in make(town).items():
        browser = town.signed_in(question.who) if question.who else town.browser()
        answers, works = [], []
        for about in (question.known, question.unknown, question.known):
            with watching(town.world) as work:
                answers.append(question.ask(browser, about))
            works.append(work)
        assert answers[0] == answers[1] == answers[2], name
        assert not any("Set-Cookie" in dict(each.headers) for each in answers), name
        if question.guessable:
            assert works[0] == works[1] == works[2], name


def test_what_is_checked_where_there_is_no_account_costs_what_every_hash_costs() -> None:
    dear = extract_parameters(rules.hash_password("three blue bulbuls"))
    assert extract_parameters(rules._NOBODY) == dear
    assert dear.memory_cost >= 19 * 1024, "KiB; less than OWASP advises"
    assert dear.time_cost >= 2


def test_a_wrong_guess_costs_one_check_and_writes_nothing(town: Town) -> None:
    for name in ("mei", "nobody.here"):
        with watching(town.world) as work:
            assert code(town.browser().sign_in(name, "not this one")) == "session.wrong"
        assert work.hashing == {"verify": 1}
        assert work.writes == []


def test_an_account_that_only_a_card_opens_is_checked_like_any_other(town: Town) -> None:
    with watching(town.world) as work:
        assert not rules.password_fits("", "")
        assert not rules.password_fits(None, "")
    assert work.hashing == {"verify": 2}


def test_a_taken_user_name_is_told_but_not_to_one_who_asks_for_many(town: Town) -> None:
    stranger = at(town.browser(), "203.0.113.8")
    asked = [stranger.post("/api/accounts", {"name": "mei", **SIGN_UP}) for _ in range(31)]
    assert {code(each) for each in asked[:30]} == {"account.name_taken"}
    assert code(asked[30]) == "rate.too_many"


@pytest.mark.parametrize(("path", "more"), [("/api/accounts", SIGN_UP), ("/api/password/forgotten", {})])
def test_an_address_gets_five_letters_an_hour_and_the_sixth_is_refused_alike(
    tmp_path: Path, path: str, more: dict[str, str]
) -> None:
    town = founded(tmp_path)
    for name in ("mei@example.hk", "nobody@example.hk"):
        asked = [town.browser().post(path, {"name": name, **more}) for _ in range(6)]
        assert [status for status, _ in asked] == [202] * 5 + [429]
    town.world.db.close()


def test_a_letter_goes_to_the_address_that_is_kept_and_leads_to_our_own_page(town: Town) -> None:
    body = {"name": "MEI@EXAMPLE.HK"}
    ask(town.browser(), "POST", "/api/password/forgotten", body, Host="evil.test", Origin="https://evil.test")
    letter = letter_to(town, "mei@example.hk")
    assert f"{town.world.here.settings.address}/#/link/password/" in letter.text
    assert "evil.test" not in letter.text
    town.browser().post("/api/password/forgotten", {"name": "ｍｅｉ@example.hk"})
    assert [each.to for each in town.post()] == ["mei@example.hk"]


@pytest.mark.parametrize(
    "address",
    [
        "a,b@example.hk", "a;b@example.hk", "<a@example.hk", "a@example.hk>", "a(b@example.hk", 'a"b@example.hk',
        "a:b@example.hk", "a\\b@example.hk", "a@[127.0.0.1]", "a@[x.hk", "a@example.hk,x.hk", ".a@example.hk",
        "a..b@example.hk", "a@-example.hk", "a@example-.hk", "a@example.h", "a@example.1", "\u212aa@example.hk",
        "a@\u212aa.hk", "ä@example.hk", "a\u200b@example.hk", "a\r\nBcc: b@example.hk", f"{'a' * 65}@example.hk",
    ],
)  # fmt: skip
def test_what_mail_programs_would_read_in_another_way_is_no_address(address: str) -> None:
    assert not rules.is_email(address)


@pytest.mark.parametrize("address", ["Ho.Man+tin@Example.com.hk", "o'neil@x.museum", "a@xn--55qx5d.xn--j6w193g"])
def test_what_they_read_alike_is_one(address: str) -> None:
    assert rules.is_email(address)
