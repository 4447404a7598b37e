"""Identity: card numbers that can be right, levels, and a card that is checked at a counter."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.qr import qr
from challenges_app.people.accounts.tables import Session
from challenges_app.people.identity.actions import level
from challenges_app.people.identity.jobs import forget_counter_codes
from challenges_app.people.identity.rules import card_number, counter_link
from challenges_app.people.identity.tables import CounterCode, Identity
from challenges_app.people.persons.actions import own_ring
from tests.builders import RING
from tests.people.doors import Browser, Town, code
from tests.people.test_family import at_once, rows

NUMBER, OTHER_NUMBER = "A123456(3)", "G123456(A)"

letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=2)
six_digits = st.text("0123456789", min_size=6, max_size=6)


def right(start: str) -> str:
    """The one number that begins like this."""
    [found] = [each for each in (f"{start}{check}" for check in "0123456789A") if card_number(each)]
    return found


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with two grown-ups, a girl, and a counter."""
    town = Town.on(database_url)
    town.world.person("ho", face=("early", "kite"))
    town.world.person("chan")
    town.world.person("mei", born=date(2016, 7, 7))
    town.world.role(town.world.account("tam"), "counter")
    yield town
    town.world.db.close()


def strong(town: Town, name: str) -> Browser:
    """A browser in which somebody has signed in with a second factor."""
    browser, account, now = town.signed_in(name), town.account(name), town.clock()
    town.world.write(lambda tx: tx.execute(update(Session).where(Session.account_id == account).values(strong_at=now)))
    return browser


@pytest.fixture
def ho(town: Town) -> Browser:
    """A grown-up."""
    return town.signed_in("ho")


@pytest.fixture
def tam(town: Town) -> Browser:
    """Staff of a counter, with a second factor."""
    return strong(town, "tam")


def fresh(person: Browser) -> str:
    """A code that somebody shows."""
    status, told = person.post("/api/identity/code")
    assert status == 201, told
    return str(told["code"])


def check(counter: Browser, shown: str, number: str = NUMBER, **more: Any) -> tuple[int, Any]:
    """Look at a card and enter its number."""
    return counter.post("/api/counter/check", {"code": shown, "number": number, "seen": True, **more})


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("A123456(3)", "A1234563"),
        ("a123456 3", "A1234563"),
        ("Ａ１２３４５６（３）", "A1234563"),
        (" AB987654 ( 3 ) ", "AB9876543"),
        ("g123456(a)", "G123456A"),
    ],
)
def test_a_number_is_read_however_it_was_typed(typed: str, plain: str) -> None:
    assert card_number(typed) == plain


@pytest.mark.parametrize("typed", ["", "A123456(4)", "A123456", "1234563", "ABC123456(3)", "A12345(3)", "A123456(B)"])
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert card_number(typed) is None


@given(letters, six_digits, st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(start: str, digits: str, at: int, by: int) -> None:
    number = right(start + digits)
    tail = number[len(start) :]
    wrong = str((int(tail[at]) + by) % 10) if tail[at] != "A" else str(by)
    assert card_number(start + tail[:at] + wrong + tail[at + 1 :]) is None


@given(letters, six_digits, st.integers(0, 4))
def test_two_digits_in_the_wrong_order_are_always_noticed(start: str, digits: str, at: int) -> None:
    number = right(start + digits)
    tail = number[len(start) :]
    turned = tail[:at] + tail[at + 1] + tail[at] + tail[at + 2 :]
    assert turned == tail or card_number(start + turned) is None


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_none(typed: str) -> None:
    plain = card_number(typed)
    assert plain is None or card_number(plain) == plain


def test_levels_rise_with_an_address_and_with_a_checked_card(town: Town, ho: Browser, tam: Browser) -> None:
    assert (ho.get("/api/identity")[1]["level"], ho.get("/api/identity")[1]["may_check"]) == (0, True)
    ho.send("PUT", "/api/profile/email", {"email": "ho@example.hk", "password": "hoho"})
    assert ho.get("/api/identity")[1]["level"] == 0
    [letter] = town.post()
    assert ho.post("/api/links/email", {"token": letter.token})[0] == 200
    assert (ho.get("/api/identity")[1]["level"], ho.get("/api/identity")[1]["email"]) == (1, True)
    assert check(tam, fresh(ho))[0] == 200
    told = ho.get("/api/identity")[1]
    assert (told["level"], told["may_check"], told["checked"]["method"]) == (2, False, "counter")
    with town.world.db.reading() as conn:
        assert level(conn, town.account("ho"), town.person("ho")) == 2
        assert level(conn, town.account("tam"), None) == 0


def test_a_code_comes_with_its_picture_and_leads_to_nickname_and_picture_only(
    town: Town, ho: Browser, tam: Browser
) -> None:
    _, told = ho.post("/api/identity/code")
    assert told["qr"] == qr(counter_link(town.world.here.settings.address, told["code"])).model_dump()
    assert told["lasts_s"] == 15 * 60
    assert plain_code(told["code"]) not in repr(rows(town, CounterCode))
    assert tam.post("/api/counter/look", {"code": told["code"].lower()}) == (
        200,
        {"name": ho.me["name"], "avatar": "kite"},
    )


def test_the_number_is_sealed_under_the_persons_own_key_and_told_by_no_door(
    town: Town, ho: Browser, tam: Browser
) -> None:
    status, told = check(tam, fresh(ho))
    assert (status, set(told)) == (200, {"name", "avatar"})
    [row] = rows(town, Identity)
    assert "123456" not in repr(row)
    with town.world.db.reading() as conn:
        own = own_ring(conn, RING, row.person_id)
    assert own.current == "own"
    assert own.open(row.number_sealed, "identity", row.person_id, "number") == "A1234563"
    assert row.checked_by == town.account("tam")
    assert "123456" not in str([ho.get("/api/identity"), ho.get("/api/profile"), ho.get("/api/profile/notices")])


def test_the_person_is_told_once(town: Town, ho: Browser, tam: Browser) -> None:
    check(tam, fresh(ho))
    assert [each["kind"] for each in ho.get("/api/profile/notices")[1]["notices"]] == ["identity.checked"]


def test_a_code_is_used_up_by_success_only(town: Town, ho: Browser, tam: Browser) -> None:
    shown = fresh(ho)
    assert code(check(tam, shown, "A123456(4)")) == "identity.number_wrong"
    assert code(check(tam, shown, seen=False)) == "identity.card_not_seen"
    assert check(tam, shown)[0] == 200
    assert code(check(tam, shown)) == "identity.code_wrong"


def test_a_newer_code_ends_the_one_before(ho: Browser, tam: Browser) -> None:
    first, second = fresh(ho), fresh(ho)
    assert code(tam.post("/api/counter/look", {"code": first})) == "identity.code_wrong"
    assert tam.post("/api/counter/look", {"code": second})[0] == 200


def test_a_code_ends_after_fifteen_minutes_and_is_forgotten(town: Town, ho: Browser, tam: Browser) -> None:
    shown = fresh(ho)
    town.clock.pass_by(minutes=14, seconds=59)
    assert tam.post("/api/counter/look", {"code": shown})[0] == 200
    town.clock.pass_by(seconds=1)
    assert code(tam.post("/api/counter/look", {"code": shown})) == "identity.code_wrong"
    assert code(check(tam, shown)) == "identity.code_wrong"
    assert forget_counter_codes(town.world.here) == 1
    assert rows(town, CounterCode) == []


def test_one_number_is_one_persons(town: Town, ho: Browser, tam: Browser) -> None:
    check(tam, fresh(ho))
    chan = town.signed_in("chan")
    shown = fresh(chan)
    assert code(check(tam, shown, "a123456(3)")) == "identity.number_taken"
    assert check(tam, shown, OTHER_NUMBER)[0] == 200
    assert len(rows(town, Identity)) == 2


def test_of_two_counters_with_one_number_at_once_one_gets_it(town: Town, ho: Browser, tam: Browser) -> None:
    town.world.role(town.world.account("lam"), "counter")
    lam, chan = strong(town, "lam"), town.signed_in("chan")
    first, second = fresh(ho), fresh(chan)
    answers = at_once(lambda: check(tam, first), lambda: check(lam, second))
    assert sorted(status for status, _ in answers) == [200, 409]
    assert len(rows(town, Identity)) == 1


def test_of_two_counters_with_one_code_at_once_one_uses_it(town: Town, ho: Browser, tam: Browser) -> None:
    town.world.role(town.world.account("lam"), "counter")
    lam, shown = strong(town, "lam"), fresh(ho)
    answers = at_once(lambda: check(tam, shown), lambda: check(lam, shown, OTHER_NUMBER))
    assert sorted(status for status, _ in answers) == [200, 404]
    assert len(rows(town, Identity)) == 1


def test_nothing_is_checked_twice(town: Town, ho: Browser, tam: Browser) -> None:
    check(tam, fresh(ho))
    assert code(ho.post("/api/identity/code")) == "identity.already"


def test_a_child_is_told_to_wait_until_sixteen(town: Town) -> None:
    mei = town.signed_in("mei")
    assert mei.get("/api/identity")[1]["may_check"] is False
    assert code(mei.post("/api/identity/code")) == "identity.too_young"


def test_only_a_counter_with_a_second_factor_checks_cards(town: Town, ho: Browser, tam: Browser) -> None:
    shown = fresh(ho)
    for who, refused in (
        (town.signed_in("chan"), "identity.not_counter"),
        (strong(town, "chan"), "identity.not_counter"),
        (town.signed_in("tam"), "identity.not_strong"),
    ):
        assert code(who.post("/api/counter/look", {"code": shown})) == refused
        assert code(check(who, shown)) == refused
    assert rows(town, Identity) == []


def test_nobody_checks_their_own_card(town: Town, ho: Browser) -> None:
    town.world.role(town.account("ho"), "counter")
    own = strong(town, "ho")
    shown = fresh(own)
    assert code(own.post("/api/counter/look", {"code": shown})) == "identity.own_card"
    assert code(check(own, shown)) == "identity.own_card"


def test_codes_are_not_guessed(tam: Browser) -> None:
    tries = [tam.post("/api/counter/look", {"code": fresh_code()}) for _ in range(31)]
    assert {code(each) for each in tries[:30]} == {"identity.code_wrong"}
    assert code(tries[30]) == "rate.too_many"


def test_numbers_are_not_guessed_either(town: Town, ho: Browser, tam: Browser) -> None:
    check(tam, fresh(ho))
    shown = fresh(town.signed_in("chan"))
    tries = [check(tam, shown) for _ in range(31)]
    assert {code(each) for each in tries[:30]} == {"identity.number_taken"}
    assert code(tries[30]) == "rate.too_many"
