"""What was meant for one use, one person, one purpose or one time is worth nothing to whoever comes again with it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from challenges_app.kit.db import Tx
from challenges_app.kit.limits import Limits
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts import queries
from challenges_app.people.accounts.jobs import forget_sessions
from challenges_app.people.accounts.tables import Account, OnceLink, Session
from challenges_app.people.sessions import actions as signing
from tests.builders import RING
from tests.people.doors import Browser, Town, code
from tests.people.spying import letter_to

HO = {"name": "ho@example.hk", "password": "three blue bulbuls", "born_on": "1990-05-17"}
NEW, NEWER = "five wise civets", "six early egrets"
TEN = {"born_on": "2016-07-07"}
SCHOOL = "528781"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town where mei has an address, chan leads a family, and lee teaches."""
    town = Town.on(database_url)
    for name in ("mei", "wing", "lam", "chan"):
        town.world.person(name)
    town.world.family(town.person("chan"))
    town.world.school(SCHOOL)
    town.world.role(town.world.account("lee"), "teacher", SCHOOL)
    town.world.write(lambda tx: accounts.verify_email(tx, RING, town.account("mei"), "mei@example.hk"))
    yield town
    town.world.db.close()


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
        return list(conn.execute(select(table)))


def sign_up_link(town: Town) -> dict[str, Any]:
    """The body that finishes ho's sign-up."""
    town.browser().post("/api/accounts", HO)
    return {"token": letter_to(town, HO["name"]).token, "password": HO["password"]}


def password_link(town: Town) -> dict[str, Any]:
    """The body that gives mei a new password."""
    town.browser().post("/api/password/forgotten", {"name": "mei"})
    return {"token": letter_to(town, "mei@example.hk").token, "password": NEW}


def email_link(town: Town) -> dict[str, Any]:
    """The body that gives mei another address."""
    town.signed_in("mei").send("PUT", "/api/profile/email", {"email": "may@example.hk", "password": "meimei"})
    return {"token": letter_to(town, "may@example.hk").token}


# What is mailed, by the door it is for; who follows it, and for how many hours it may be followed.
LINKS: dict[str, tuple[Callable[[Town], dict[str, Any]], str, int]] = {
    "/api/links/sign-up": (sign_up_link, "", 24),
    "/api/password/reset": (password_link, "", 1),
    "/api/links/email": (email_link, "mei", 24),
}


def follower(town: Town, door: str) -> Browser:
    """A browser of whoever may follow a link."""
    who = LINKS[door][1]
    return town.signed_in(who) if who else town.browser()


@pytest.mark.parametrize("door", LINKS)
def test_a_link_that_two_follow_at_once_is_followed_once(town: Town, door: str) -> None:
    body = LINKS[door][0](town)
    one, other = (follower(town, door) for _ in range(2))
    answers = at_once(lambda: one.post(door, body), lambda: other.post(door, body))
    assert sorted(status for status, _ in answers) == [200, 410]
    assert code(one.post(door, body)) == code(other.post(door, body)) == "link.over"


@pytest.mark.parametrize("door", LINKS)
def test_a_link_is_over_to_the_second(town: Town, door: str) -> None:
    body, hours = LINKS[door][0](town), LINKS[door][2]
    town.clock.pass_by(hours=hours)
    assert code(follower(town, door).post(door, body)) == "link.over"
    assert forget_sessions(town.world.here)
    assert rows(town, OnceLink) == []


@pytest.mark.parametrize("door", LINKS)
def test_a_link_may_be_followed_until_then(town: Town, door: str) -> None:
    body, hours = LINKS[door][0](town), LINKS[door][2]
    town.clock.pass_by(hours=hours - 1, minutes=59, seconds=59)
    assert follower(town, door).post(door, body)[0] == 200


@pytest.mark.parametrize("door", LINKS)
def test_a_link_opens_no_other_door_and_is_not_used_up_by_trying(town: Town, door: str) -> None:
    body = LINKS[door][0](town)
    for other in LINKS.keys() - {door}:
        assert code(follower(town, other).post(other, {"password": NEW, **body})) == "link.over"
    assert follower(town, door).post(door, body)[0] == 200


def test_the_link_of_another_account_is_not_used_up_by_trying(town: Town) -> None:
    body = email_link(town)
    assert code(town.signed_in("wing").post("/api/links/email", body)) == "link.over"
    assert town.signed_in("mei").post("/api/links/email", body)[1]["email"] == "may@example.hk"


def test_two_links_for_one_address_open_one_account(town: Town) -> None:
    bodies = [sign_up_link(town) for _ in range(2)]
    browsers = [town.browser() for _ in bodies]
    answers = at_once(
        *(
            lambda each=each, body=body: each.post("/api/links/sign-up", body)
            for each, body in zip(browsers, bodies, strict=True)
        )
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    assert len([each for each in rows(town, Account) if each.email_index]) == 2  # mei and ho
    assert sum(each.me is not None for each in browsers) == 1


@pytest.mark.parametrize("make", [password_link, email_link])
def test_links_die_with_the_password(town: Town, make: Callable[[Town], dict[str, Any]]) -> None:
    body, mei = make(town), town.signed_in("mei")
    assert mei.send("PUT", "/api/profile/password", {"password": "meimei", "instead": NEWER})[0] == 204
    door = "/api/password/reset" if make is password_link else "/api/links/email"
    assert code(mei.post(door, body)) == "link.over"
    assert town.browser().sign_in("mei", NEWER)[0] == 200


def test_links_die_with_a_password_that_was_forgotten(town: Town) -> None:
    moving, reset = email_link(town), password_link(town)
    mei = town.browser()
    assert mei.post("/api/password/reset", reset)[0] == 200
    assert code(mei.post("/api/links/email", moving)) == "link.over"
    assert mei.get("/api/profile")[1]["email"] == "mei@example.hk"


def test_a_password_link_dies_with_the_address_it_went_to(town: Town) -> None:
    moving, reset = email_link(town), password_link(town)
    assert town.signed_in("mei").post("/api/links/email", moving)[0] == 200
    assert code(town.browser().post("/api/password/reset", reset)) == "link.over"


def test_a_letter_that_waits_goes_to_the_address_that_holds_when_it_is_written(town: Town) -> None:
    moving = email_link(town)
    town.browser().post("/api/password/forgotten", {"name": "mei"})
    assert town.signed_in("mei").post("/api/links/email", moving)[0] == 200
    assert [each.to for each in town.post() if "#/link/password/" in each.text] == ["may@example.hk"]


def test_whoever_signs_in_while_the_password_is_changed_is_not_signed_in(town: Town) -> None:
    mei = town.signed_in("mei")
    true = town.world.here.apart

    def change_meanwhile(call: Any, arguments: Any = ()) -> Any:
        answer = true(call, arguments)
        town.world.write(lambda tx: accounts.choose_password(tx, town.account("mei"), "another"))
        return answer

    town.world.here, town.app = replace(town.world.here, apart=change_meanwhile), None
    thief = town.browser()
    assert code(thief.sign_in("mei")) == "session.wrong"
    assert (thief.me, mei.me, rows(town, Session)) == (None, None, [])


def test_whoever_shows_a_card_while_a_new_one_is_made_is_not_signed_in(town: Town) -> None:
    account = town.account("wing")
    old = town.world.write(lambda tx: accounts.make_card(tx, town.clock(), account))

    class Meanwhile(Limits):
        """Limits that see a new card made when the old one was found good."""

        def give_back(self, what: str, key: str, rate: str) -> None:
            town.world.write(lambda tx: accounts.make_card(tx, town.clock(), account))

    town.world.here, town.app = replace(town.world.here, limits=Meanwhile(None)), None
    thief = town.browser()
    assert code(thief.post("/api/session/card", {"code": old})) == "card.wrong"
    assert (thief.me, rows(town, Session)) == (None, [])


@pytest.mark.parametrize("proof", ["password", "card"])
def test_what_is_replaced_while_a_session_is_opened_ends_that_session(town: Town, proof: str) -> None:
    account, now = town.account("wing"), town.clock()
    card = town.world.write(lambda tx: accounts.make_card(tx, now, account))
    with town.world.db.reading() as conn:
        hashed = queries.password_hash(conn, account) or ""

    def replace_it(tx: Tx) -> None:
        if proof == "card":
            accounts.make_card(tx, now, account)
        else:
            accounts.choose_password(tx, account, "another")

    other = Thread(target=lambda: town.world.write(replace_it))

    def sign_in(tx: Tx) -> None:
        if proof == "card":
            signing.hold_card(tx, account, card)
        else:
            signing.hold_password(tx, account, hashed)
        other.start()
        other.join(0.3)  # as far as it comes: it must wait for us
        accounts.open_session(tx, now, account, "an id", None)

    town.world.write(sign_in)
    other.join(60)
    assert not other.is_alive()
    assert rows(town, Session) == []


def invitation(town: Town) -> dict[str, Any]:
    """An invitation to chan's family."""
    status, told = town.signed_in("chan").post("/api/family/invites", {"role": "guardian"})
    assert status == 201
    return dict(told)


def test_an_invitation_that_two_use_at_once_brings_one(town: Town) -> None:
    told = {"code": invitation(town)["code"]}
    browsers = [town.signed_in(name) for name in ("wing", "lam")]
    answers = at_once(*(lambda each=each: each.post("/api/family/join", told) for each in browsers))
    assert sorted(status for status, _ in answers) == [200, 404]
    assert len(town.signed_in("chan").get("/api/family")[1]["family"]["members"]) == 2


def test_an_invitation_that_is_used_while_it_is_taken_back_is_one_or_the_other(town: Town) -> None:
    chan, wing, told = town.signed_in("chan"), town.signed_in("wing"), invitation(town)
    joined, ended = at_once(
        lambda: wing.post("/api/family/join", {"code": told["code"]}),
        lambda: chan.send("DELETE", f"/api/family/invites/{told['id']}"),
    )
    assert (joined[0], ended[0]) in {(200, 404), (404, 204)}
    assert len(chan.get("/api/family")[1]["family"]["members"]) == (2 if joined[0] == 200 else 1)


@pytest.mark.parametrize("how", ["used", "over", "taken back", "its maker left"])
def test_an_old_invitation_is_worth_nothing(town: Town, how: str) -> None:
    chan, told = town.signed_in("chan"), invitation(town)
    if how == "used":
        town.signed_in("lam").post("/api/family/join", {"code": told["code"]})
    elif how == "over":
        town.clock.pass_by(days=7)
    elif how == "taken back":
        assert chan.send("DELETE", f"/api/family/invites/{told['id']}")[0] == 204
    else:
        assert chan.send("DELETE", f"/api/family/members/{town.person('chan')}")[0] == 204
    assert code(town.signed_in("wing").post("/api/family/join", {"code": told["code"]})) == "family.code_wrong"


@pytest.mark.parametrize("how", ["replaced", "over", "ended"])
def test_an_old_code_of_a_class_is_worth_nothing(town: Town, how: str) -> None:
    lee, today = town.signed_in("lee"), {"until": "2026-11-21"}
    (own,) = lee.get("/api/classes")[1]["classes"]
    path = f"/api/classes/{own['id']}/code"
    told = lee.post(path, today)[1]["code"]
    if how == "replaced":
        assert lee.post(path, today)[0] == 201
    elif how == "over":
        town.clock.pass_by(hours=14)  # midnight in Hong Kong
    else:
        assert lee.send("DELETE", path)[0] == 204
    joining = {"code": told, **TEN}
    assert code(town.browser().post("/api/classes/join", joining)) == "school.code_wrong"
    assert lee.get(f"/api/classes/{own['id']}")[1]["roster"] == []


def test_a_new_card_ends_the_old_one_and_all_who_came_by_it(town: Town) -> None:
    chan = town.signed_in("chan")
    child = chan.post("/api/family/children", {**TEN, "consent": True})[1]["person_id"]
    path = f"/api/family/children/{child}/card"
    old = {"code": chan.post(path)[1]["code"]}
    finder = town.browser()
    assert finder.post("/api/session/card", old)[0] == 200
    new = {"code": chan.post(path)[1]["code"]}
    assert finder.me is None
    assert code(finder.post("/api/session/card", old)) == "card.wrong"
    assert town.browser().post("/api/session/card", new)[0] == 200


def test_of_two_cards_made_at_once_one_is_good(town: Town) -> None:
    chan, again = town.signed_in("chan"), town.signed_in("chan")
    child = chan.post("/api/family/children", {**TEN, "consent": True})[1]["person_id"]
    path = f"/api/family/children/{child}/card"
    cards = [told["code"] for _, told in at_once(lambda: chan.post(path), lambda: again.post(path))]
    shown = [town.browser().post("/api/session/card", {"code": each})[0] for each in cards]
    assert sorted(shown) == [200, 401]
