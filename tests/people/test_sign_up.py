"""Signing up and getting in: what a stranger may learn (nothing), and what a link is worth (one use)."""

from collections.abc import Iterator

import pytest

from challenges_app.kit import outbox
from challenges_app.people.accounts.tables import Account
from challenges_app.people.sessions.actions import TOPIC
from tests.people.doors import Browser, Town, code

PASSWORD = "three blue bulbuls"
HO = {"name": "ho@example.hk", "password": PASSWORD, "born_on": "1990-05-17", "language": "en"}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town on a database of each kind."""
    town = Town.on(database_url)
    yield town
    town.world.db.close()


def signed_up(town: Town, **others: str) -> Browser:
    """Somebody who signed up by e-mail and followed the link."""
    browser = town.browser()
    assert browser.post("/api/accounts", {**HO, **others})[0] == 202
    [letter] = town.post()
    assert browser.post("/api/links/sign-up", {"token": letter.token, "password": PASSWORD})[0] == 200
    return browser


def test_a_user_name_is_enough_and_signs_in_at_once(town: Town) -> None:
    browser = town.browser()
    status, answer = browser.post("/api/accounts", {**HO, "name": "ho.man-tin"})
    assert (status, answer["me"]["roles"]) == (201, ["adult"])
    assert browser.me["name"]["en"]
    assert town.browser().sign_in("Ho.Man-Tin", PASSWORD)[0] == 200
    assert town.post() == []


def test_an_address_has_an_account_only_after_its_link_was_followed(town: Town) -> None:
    browser = town.browser()
    assert browser.post("/api/accounts", HO) == (202, {"me": None})
    assert code(browser.sign_in("ho@example.hk", PASSWORD)) == "session.wrong"
    [letter] = town.post()
    assert (letter.to, letter.subject) == ("ho@example.hk", "Finish signing up to e+ Life")
    assert browser.post("/api/links/sign-up", {"token": letter.token, "password": PASSWORD})[0] == 200
    assert browser.me
    assert town.browser().sign_in("HO@example.hk ", PASSWORD)[0] == 200


def test_a_known_address_gets_the_same_answer_and_another_letter(town: Town) -> None:
    signed_up(town)
    assert town.browser().post("/api/accounts", {**HO, "password": "four red dragonflies"}) == (202, {"me": None})
    [letter] = town.post()
    assert letter.subject == "You already have an account at e+ Life"
    assert code(town.browser().sign_in("ho@example.hk", "four red dragonflies")) == "session.wrong"


def test_every_known_address_gets_its_letter_one_after_another(town: Town) -> None:
    for name in ("ho@example.hk", "lee@example.hk"):
        signed_up(town, name=name)
    for name in ("ho@example.hk", "lee@example.hk"):
        assert town.browser().post("/api/accounts", {**HO, "name": name})[0] == 202
        assert [letter.to for letter in town.post()] == [name]


def test_a_link_works_once_and_not_for_ever(town: Town) -> None:
    browser = town.browser()
    for _ in range(2):
        browser.post("/api/accounts", {**HO, "name": "chan@example.hk"})
    first, second = town.post()
    assert browser.post("/api/links/sign-up", {"token": first.token, "password": PASSWORD})[0] == 200
    assert code(browser.post("/api/links/sign-up", {"token": first.token, "password": PASSWORD})) == "link.over"
    assert (
        code(browser.post("/api/links/sign-up", {"token": second.token, "password": PASSWORD})) == "account.name_taken"
    )
    browser.post("/api/accounts", {**HO, "name": "lee@example.hk"})
    [late] = town.post()
    town.clock.pass_by(hours=25)
    assert code(browser.post("/api/links/sign-up", {"token": late.token, "password": PASSWORD})) == "link.over"


def test_whoever_opens_an_account_at_the_address_of_another_does_not_know_its_password(town: Town) -> None:
    town.browser().post("/api/accounts", {**HO, "password": "chosen by a stranger"})
    [letter] = town.post()
    ho = town.browser()
    told = ho.post("/api/links/sign-up", {"token": letter.token, "password": PASSWORD})
    assert (told[0], code(told), ho.me) == (401, "link.other_password", None)
    assert ho.post("/api/accounts", HO)[0] == 202
    [own] = town.post()
    assert ho.post("/api/links/sign-up", {"token": own.token, "password": PASSWORD})[0] == 200
    assert code(town.browser().sign_in("ho@example.hk", "chosen by a stranger")) == "session.wrong"
    late = {"token": letter.token, "password": "chosen by a stranger"}
    assert code(town.browser().post("/api/links/sign-up", late)) == "account.name_taken"


def test_a_wrong_password_does_not_use_the_link_up(town: Town) -> None:
    town.browser().post("/api/accounts", HO)
    [letter] = town.post()
    assert code(town.browser().post("/api/links/sign-up", {"token": letter.token, "password": "?"})) == (
        "link.other_password"
    )
    assert town.browser().post("/api/links/sign-up", {"token": letter.token, "password": PASSWORD})[0] == 200


def test_a_link_for_one_thing_does_nothing_else(town: Town) -> None:
    browser = signed_up(town)
    browser.post("/api/password/forgotten", {"name": "ho@example.hk"})
    [letter] = town.post()
    assert code(browser.post("/api/links/sign-up", {"token": letter.token, "password": PASSWORD})) == "link.over"
    assert code(browser.post("/api/links/email", {"token": letter.token})) == "link.over"


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"name": "no spaces allowed"}, "account.no_name"),
        ({"name": "ho@nowhere"}, "account.no_email"),
        ({"name": "a@b@c.hk"}, "account.no_email"),
        ({"password": "short"}, "account.weak_password"),
        ({"password": "password123!"}, "account.weak_password"),
        ({"password": "aaaaaaaaaaaa"}, "account.weak_password"),
        ({"born_on": "2012-01-01"}, "account.too_young"),
        ({"born_on": "2031-01-01"}, "account.not_born"),
        ({"born_on": "1850-01-01"}, "account.not_born"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(town: Town, wrong: dict[str, str], refused: str) -> None:
    assert code(town.browser().post("/api/accounts", {**HO, **wrong})) == refused
    assert town.post() == []


def test_the_sixteenth_birthday_begins_at_midnight_in_hong_kong(town: Town) -> None:
    # It is 10 in the morning of 21 November there.
    assert town.browser().post("/api/accounts", {**HO, "name": "today.16", "born_on": "2010-11-21"})[0] == 201
    assert code(town.browser().post("/api/accounts", {**HO, "born_on": "2010-11-22"})) == "account.too_young"


def test_a_taken_user_name_is_said_to_be_taken(town: Town) -> None:
    town.world.account("mei")
    assert code(town.browser().post("/api/accounts", {**HO, "name": "MEI"})) == "account.name_taken"


def test_a_forgotten_password_is_chosen_anew_and_signs_every_device_out(town: Town) -> None:
    old, fresh = signed_up(town), town.browser()
    assert fresh.post("/api/password/forgotten", {"name": "ho@example.hk"}) == (202, {})
    [letter] = town.post()
    assert letter.subject == "Choose a new password for e+ Life"
    new = {"token": letter.token, "password": "five wise civets"}
    assert code(fresh.post("/api/password/reset", {**new, "password": "short"})) == "account.weak_password"
    assert fresh.post("/api/password/reset", new)[0] == 200
    assert old.me is None
    assert code(fresh.post("/api/password/reset", new)) == "link.over"
    assert town.browser().sign_in("ho@example.hk", "five wise civets")[0] == 200
    assert code(town.browser().sign_in("ho@example.hk", PASSWORD)) == "session.wrong"


def test_only_the_newest_password_link_outlives_its_use(town: Town) -> None:
    browser = signed_up(town)
    for _ in range(2):
        browser.post("/api/password/forgotten", {"name": "ho@example.hk"})
    one, other = town.post()
    assert browser.post("/api/password/reset", {"token": one.token, "password": "five wise civets"})[0] == 200
    again = {"token": other.token, "password": "six early egrets"}
    assert code(browser.post("/api/password/reset", again)) == "link.over"


def test_nobody_learns_whether_there_is_an_account(town: Town) -> None:
    town.world.account("mei")
    signed_up(town)
    answers = [
        town.browser().post("/api/password/forgotten", {"name": name}) for name in ("ho@example.hk", "mei", "nobody")
    ]
    assert answers == [(202, {})] * 3
    assert [letter.to for letter in town.post()] == ["ho@example.hk"]


def test_letters_and_links_hold_nothing_readable_in_the_database(town: Town) -> None:
    town.browser().post("/api/accounts", HO)
    with town.world.db.reading() as conn:
        dump = "".join(
            str(row) for table in reversed(Account.metadata.sorted_tables) for row in conn.execute(table.select())
        )
    assert "ho@example.hk" not in dump
    [letter] = town.post()
    with town.world.db.reading() as conn:
        dump = "".join(
            str(row) for table in reversed(Account.metadata.sorted_tables) for row in conn.execute(table.select())
        )
    assert "ho@example.hk" not in dump
    assert letter.token not in dump


def test_what_cannot_be_answered_for_a_day_is_forgotten(town: Town) -> None:
    world = town.world
    world.write(lambda tx: outbox.put(tx, town.clock(), TOPIC, {"sealed": "AA=="}))
    left = []
    for _ in range(48):
        town.post()
        with world.db.reading() as conn:
            left.append(outbox.waiting(conn, TOPIC))
        town.clock.pass_by(hours=1)
    assert (left[:30], left[-1]) == ([1] * 30, 0)


def test_a_letter_that_cannot_be_handed_over_is_tried_again(town: Town) -> None:
    town.browser().post("/api/accounts", HO)
    folder = town.world.here.settings.files / "mail"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    assert town.post() == []
    folder.unlink()
    town.clock.pass_by(minutes=5)
    [letter] = town.post()
    assert letter.to == "ho@example.hk"
