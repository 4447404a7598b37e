"""Second factors: what a code is worth (once), what paper is worth, and which roles wait for them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from challenges_app.people.accounts import actions as accounts
from challenges_app.people.factors import actions, rules
from challenges_app.people.factors.tables import RecoveryCode, Totp
from tests.builders import RING
from tests.people.doors import Browser, Town, code
from tests.people.second_steps import App, set_up_app, waiting

# The shared secret and the codes of RFC 6238, appendix B (SHA-1, eight digits).
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town on a database of each kind, with an adult and a member of staff."""
    town = Town.on(database_url)
    town.world.person("ho.mantin")
    town.world.role(town.world.account("officer"), "staff")
    yield town
    town.world.db.close()


def second(browser: Browser, ticket: str, typed: str) -> tuple[int, Any]:
    """Give the code of a second step."""
    return browser.post("/api/session/second", {"ticket": ticket, "code": typed})


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that begin together."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        ready.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize(("seconds", "shown"), RFC_CODES.items())
def test_codes_are_those_of_the_rfc(seconds: int, shown: str) -> None:
    assert rules.code_of(RFC_SECRET, rules.step_at(datetime.fromtimestamp(seconds, UTC)), digits=8) == shown


@given(st.integers(300, 2**33), st.integers(-9, 9))
def test_a_code_counts_a_step_early_and_a_step_late(seconds: int, off: int) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    here = rules.step_at(now)
    shown = rules.code_of(RFC_SECRET, here + off)
    found = rules.step_of(RFC_SECRET, shown, now)
    # Two steps may happen to show the same six digits.
    assert (found is not None) is (shown in {rules.code_of(RFC_SECRET, here + near) for near in (-1, 0, 1)})
    assert found is None or (abs(found - here) <= 1 and rules.code_of(RFC_SECRET, found) == shown)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("１２３４５６", "123456"), ("12345", None), ("ACDE-3467", None)],
)
def test_a_code_is_read_however_it_was_typed(typed: str, read: str | None) -> None:
    assert rules.app_code(typed) == read


def test_an_app_is_told_whose_codes_it_shows() -> None:
    link = urlsplit(rules.app_link(RFC_SECRET, "ho@example.hk"))
    assert (link.scheme, link.netloc, link.path) == ("otpauth", "totp", "/e%2B%20Life%3Aho%40example.hk")
    told = {"secret": RFC_SECRET, "issuer": "e+ Life", "algorithm": "SHA1", "digits": "6", "period": "30"}
    assert parse_qs(link.query) == {key: [value] for key, value in told.items()}


def test_an_app_counts_once_its_first_code_was_given(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    _, made = browser.post("/api/factors/app", {"password": "ho.mantin" * 2})
    assert len(made["key"].split()) == 8
    assert town.browser().sign_in("ho.mantin")[1]["me"] is not None
    assert code(browser.post("/api/factors/app/confirm", {"code": "000000"})) == "factor.wrong"
    app = App(made["key"], town)
    assert len(browser.post("/api/factors/app/confirm", {"code": app.code()})[1]["codes"]) == 10
    assert code(browser.post("/api/factors/app/confirm", {"code": app.code(1)})) == "factor.not_begun"
    assert waiting(town, "ho.mantin")[1]["kinds"] == ["totp", "recovery"]
    assert browser.get("/api/factors")[1]["strong"] is True


def test_an_app_that_was_not_confirmed_is_replaced_and_a_confirmed_one_is_not(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    _, first = browser.post("/api/factors/app", {"password": "ho.mantin" * 2})
    set_up_app(town, browser, "ho.mantin")
    assert App(first["key"], town).key not in str(browser.get("/api/factors"))
    assert code(browser.post("/api/factors/app", {"password": "ho.mantin" * 2})) == "factor.has_app"


def test_the_secret_is_sealed_and_the_codes_are_not_kept(town: Town) -> None:
    app, codes = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    with town.world.db.reading() as conn:
        kept = repr(conn.execute(select(Totp)).all()) + repr(conn.execute(select(RecoveryCode)).all())
    assert app.key.replace(" ", "") not in kept
    assert not any(each in kept or each.replace("-", "") in kept for each in codes)


def test_the_right_password_alone_signs_nobody_in(town: Town) -> None:
    app, _ = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    browser, asked = waiting(town, "ho.mantin")
    assert code(second(browser, asked["ticket"], "000000")) == "factor.wrong"
    status, answer = second(browser, asked["ticket"], app.code())
    assert (status, answer["me"]["name"]["en"]) == (200, "Laughing Bulbul")
    assert browser.me == answer["me"]


def test_a_code_works_once(town: Town) -> None:
    app, _ = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    first, asked = waiting(town, "ho.mantin")
    assert second(first, asked["ticket"], app.code())[0] == 200
    other, again = waiting(town, "ho.mantin")
    assert code(second(other, again["ticket"], app.code())) == "factor.used"
    assert code(second(other, again["ticket"], app.code(-1))) == "factor.used"  # nor one from before it
    assert second(other, again["ticket"], app.code(1))[0] == 200


def test_of_two_who_give_a_code_at_once_one_is_let_in(town: Town) -> None:
    app, _ = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    waits = [waiting(town, "ho.mantin") for _ in range(2)]
    tries = [lambda each=each: second(each[0], each[1]["ticket"], app.code()) for each in waits]
    assert sorted(status for status, _ in at_once(*tries)) == [200, 401]


def test_a_ticket_works_once(town: Town) -> None:
    app, codes = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    browser, asked = waiting(town, "ho.mantin")
    tries = [
        lambda: second(browser, asked["ticket"], app.code())[0],
        lambda: second(town.browser(), asked["ticket"], codes[0])[0],
    ]
    assert sorted(at_once(*tries)) == [200, 410]
    assert code(second(browser, asked["ticket"], app.code(1))) == "factor.over"


def test_a_ticket_ends_after_five_minutes_and_with_a_new_password(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    app, _ = set_up_app(town, home, "ho.mantin")
    browser, asked = waiting(town, "ho.mantin")
    other, later = waiting(town, "ho.mantin")
    changed = {"password": "ho.mantin" * 2, "instead": "four red dragonflies"}
    assert home.send("PUT", "/api/profile/password", changed)[0] == 204
    assert code(second(other, later["ticket"], app.code())) == "factor.over"
    town.clock.pass_by(minutes=5)
    assert code(second(browser, asked["ticket"], app.code())) == "factor.over"


def test_a_ticket_goes_on_with_its_own_account_only(town: Town) -> None:
    town.world.person("chan.siuming")
    app, codes = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    set_up_app(town, town.signed_in("chan.siuming"), "chan.siuming")
    browser, asked = waiting(town, "chan.siuming")
    assert code(second(browser, asked["ticket"], app.code())) == "factor.wrong"
    assert code(second(browser, asked["ticket"], codes[0])) == "factor.wrong"
    assert code(second(browser, "made up", app.code())) == "factor.over"


def test_guesses_are_stopped_and_right_ones_do_not_count(town: Town) -> None:
    app, _ = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    for _ in range(3):
        browser, asked = waiting(town, "ho.mantin")
        assert second(browser, asked["ticket"], app.code())[0] == 200
        town.clock.pass_by(minutes=1)
    browser, asked = waiting(town, "ho.mantin")
    guesses = [code(second(browser, asked["ticket"], f"{number:06d}")) for number in range(11)]
    assert guesses == ["factor.wrong"] * 10 + ["rate.too_many"]
    assert code(second(browser, asked["ticket"], app.code())) == "rate.too_many"


def test_a_session_is_known_by_another_id_once_a_factor_was_proved(town: Town) -> None:
    browser, thief = town.signed_in("ho.mantin"), town.browser()
    planted = browser.client.get_cookie("__Host-session", domain="eplus.test")
    assert planted is not None
    thief.client.set_cookie("__Host-session", planted.value, domain="eplus.test", secure=True)
    assert thief.me is not None
    set_up_app(town, browser, "ho.mantin")
    assert thief.me is None
    assert browser.me is not None


def test_a_recovery_code_works_once_and_is_told(town: Town) -> None:
    _, codes = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    browser, asked = waiting(town, "ho.mantin")
    assert second(browser, asked["ticket"], codes[0].lower().replace("-", " "))[0] == 200
    other, again = waiting(town, "ho.mantin")
    assert code(second(other, again["ticket"], codes[0])) == "factor.wrong"
    told = browser.get("/api/profile/notices")[1]["notices"]
    [used] = [each for each in told if each["kind"] == "recovery.used"]
    assert "9" in used["text"]
    assert browser.get("/api/factors")[1]["recovery_left"] == 9


def test_of_two_who_give_a_recovery_code_at_once_one_is_let_in(town: Town) -> None:
    _, codes = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    waits = [waiting(town, "ho.mantin") for _ in range(2)]
    tries = [lambda each=each: second(each[0], each[1]["ticket"], codes[0]) for each in waits]
    assert sorted(status for status, _ in at_once(*tries)) == [200, 401]


def test_few_codes_left_are_told_and_new_ones_end_the_old(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    _, codes = set_up_app(town, browser, "ho.mantin")
    account = town.account("ho.mantin")
    for each in codes[:7]:
        town.world.write(lambda tx, each=each: actions.prove_code(tx, town.clock(), RING, account, each))
    assert "recovery.few" in {each["kind"] for each in browser.get("/api/profile/notices")[1]["notices"]}
    _, made = browser.post("/api/factors/recovery", {"password": "ho.mantin" * 2})
    assert len(set(made["codes"]) - set(codes)) == 10
    other, asked = waiting(town, "ho.mantin")
    assert code(second(other, asked["ticket"], codes[9])) == "factor.wrong"
    assert second(other, asked["ticket"], made["codes"][9])[0] == 200


def test_codes_stand_in_for_a_factor_only(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    assert code(browser.post("/api/factors/recovery", {"password": "ho.mantin" * 2})) == "factor.none_yet"


@pytest.mark.parametrize("door", ["app", "app/remove", "passkeys/options", "recovery"])
def test_a_stolen_session_changes_nothing_without_the_password(town: Town, door: str) -> None:
    browser = town.signed_in("ho.mantin")
    set_up_app(town, browser, "ho.mantin")
    assert code(browser.post(f"/api/factors/{door}", {"password": "guess"})) == "session.wrong"


@pytest.mark.parametrize("door", ["app", "app/remove", "passkeys/options", "recovery"])
def test_whoever_has_a_factor_proves_it_before_anything_is_changed(town: Town, door: str) -> None:
    early = town.signed_in("ho.mantin")
    app, _ = set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    assert code(early.post(f"/api/factors/{door}", {"password": "ho.mantin" * 2})) == "factor.prove_first"
    assert early.post("/api/session/strong", {"code": app.code()})[0] == 200
    assert code(early.post("/api/factors/app", {"password": "ho.mantin" * 2})) == "factor.has_app"


def test_removing_the_last_factor_leaves_nothing_of_it(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    set_up_app(town, browser, "ho.mantin")
    assert browser.post("/api/factors/app/remove", {"password": "ho.mantin" * 2})[0] == 204
    _, left = browser.get("/api/factors")
    assert left == {"has_password": True, "app": None, "passkeys": [], "recovery_left": 0, "strong": False}
    assert town.browser().sign_in("ho.mantin")[1]["me"] is not None
    assert code(browser.post("/api/factors/app/remove", {"password": "ho.mantin" * 2})) == "factor.unknown"
    kinds = {each["kind"] for each in browser.get("/api/profile/notices")[1]["notices"]}
    assert {"totp.added", "totp.removed"} <= kinds


def test_a_new_password_by_mail_does_not_stand_in_for_the_second_step(town: Town) -> None:
    browser = town.browser()
    new = {"name": "ho@example.hk", "password": "three blue bulbuls", "born_on": "1990-05-17", "language": "en"}
    browser.post("/api/accounts", new)
    browser.post("/api/links/sign-up", {"token": town.post()[0].token, "password": new["password"]})
    _, made = browser.post("/api/factors/app", {"password": "three blue bulbuls"})
    app = App(made["key"], town)
    assert browser.post("/api/factors/app/confirm", {"code": app.code()})[0] == 200
    town.post()
    town.clock.pass_by(minutes=1)
    browser.post("/api/password/forgotten", {"name": "ho@example.hk", "language": "en"})
    thief = town.browser()
    reset = {"token": town.post()[0].token, "password": "four red dragonflies"}
    _, answer = thief.post("/api/password/reset", reset)
    assert (answer["me"], thief.me, browser.me) == (None, None, None)
    assert second(thief, answer["second"]["ticket"], app.code())[0] == 200


def test_an_operator_helps_somebody_who_has_lost_everything(town: Town) -> None:
    browser, account = town.signed_in("ho.mantin"), town.account("ho.mantin")
    set_up_app(town, browser, "ho.mantin")
    _, asked = waiting(town, "ho.mantin")
    assert town.world.write(lambda tx: actions.remove_all(tx, town.clock(), RING, account)) == 1
    assert browser.me is None
    assert code(second(browser, asked["ticket"], "000000")) == "factor.over"
    assert browser.sign_in("ho.mantin")[1]["me"] is not None
    assert browser.get("/api/factors")[1]["recovery_left"] == 0
    assert "totp.removed" in {each["kind"] for each in browser.get("/api/profile/notices")[1]["notices"]}
    assert town.world.write(lambda tx: actions.remove_all(tx, town.clock(), RING, account)) == 0


def test_a_card_does_not_stand_in_for_the_second_step_either(town: Town) -> None:
    set_up_app(town, town.signed_in("ho.mantin"), "ho.mantin")
    account = town.account("ho.mantin")
    card = town.world.write(lambda tx: accounts.make_card(tx, town.clock(), account))
    browser = town.browser()
    assert browser.post("/api/session/card", {"code": card})[1]["second"]["kinds"] == ["totp", "recovery"]
    assert browser.me is None


def test_staff_are_staff_once_a_factor_is_proved_and_for_twelve_hours(town: Town) -> None:
    board = "/api/boards/go-to-park:all:player:528781"
    weak = town.signed_in("officer")
    assert (weak.me["roles"], weak.me["needs_factor"], weak.me["factor"]) == (["adult"], True, "missing")
    assert weak.get(board)[0] == 404
    app, _ = set_up_app(town, weak, "officer")
    assert (weak.me["roles"], weak.me["needs_factor"], weak.me["factor"]) == (["staff"], False, "none")
    assert weak.get(board)[0] == 200
    town.clock.pass_by(hours=12)
    assert (weak.me["roles"], weak.me["factor"]) == (["adult"], "due")
    assert weak.get(board)[0] == 404
    assert code(weak.post("/api/session/strong", {"code": "000000"})) == "factor.wrong"
    assert weak.post("/api/session/strong", {"code": app.code()})[1]["me"]["roles"] == ["staff"]
    assert weak.get(board)[0] == 200


def test_to_prove_again_takes_a_code_or_a_passkey(town: Town) -> None:
    browser = town.signed_in("ho.mantin")
    assert browser.post("/api/session/strong", {})[0] == 422
    assert code(browser.post("/api/session/strong", {"code": "123456"})) == "factor.wrong"
    assert code(town.browser().post("/api/session/strong", {"code": "123456"})) == "session.none"
