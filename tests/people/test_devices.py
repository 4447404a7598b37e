"""A new device is told of, to its owner and a child's guardians; cards, passwords, addresses do not change unseen."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.jobs import forget_devices
from challenges_app.people.accounts.queries import set_language
from challenges_app.people.accounts.rules import digest, new_session_id
from challenges_app.people.accounts.tables import KnownDevice, SignInCard
from challenges_app.people.devices.actions import recognise
from challenges_app.people.persons.rules import HONG_KONG
from tests.builders import RING
from tests.people.doors import HTTPS, Browser, Town, code

BORN = date(2010, 11, 29)  # who turns 16 eight days after the morning of the tests
SIXTEEN = datetime(2026, 11, 29, tzinfo=HONG_KONG)
OWN = {"name": "ka-yan", "password": "three blue bulbuls"}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town in which mei lives, who has an address."""
    town = Town.on(database_url)
    town.world.person("mei")
    with_mail(town, "mei")
    yield town
    town.world.db.close()


def with_mail(town: Town, name: str) -> None:
    """Give somebody an address, and have them read English."""

    def work(tx: Any) -> None:
        accounts.verify_email(tx, RING, town.account(name), f"{name}@example.hk")
        set_language(tx, town.account(name), "en")

    town.world.write(work)


def told(browser: Browser) -> list[tuple[str, str]]:
    """Kind and subject of what the list in the app says, the newest first."""
    return [(each["kind"], each["subject"]) for each in browser.get("/api/profile/notices")[1]["notices"]]


def kinds(browser: Browser) -> list[str]:
    """The kinds of what somebody was told, the newest first."""
    return [kind for kind, _ in told(browser)]


def known(town: Town) -> int:
    """How many browsers are known, of all accounts."""
    with town.world.db.reading() as conn:
        return len(conn.execute(KnownDevice.__table__.select()).all())


def child(town: Town, guardian: Browser, born: date = BORN) -> Browser:
    """A child of a guardian's family, who has just signed in with its first card for the first time."""
    if guardian.get("/api/family")[1]["family"] is None:
        assert guardian.post("/api/family")[0] == 201
    member = guardian.post("/api/family/children", {"born_on": born.isoformat(), "consent": True})[1]
    return by_card(town, card(guardian, member["person_id"]))


def card(guardian: Browser, person_id: str) -> str:
    """A fresh card's code."""
    return str(guardian.post(f"/api/family/children/{person_id}/card")[1]["code"])


def by_card(town: Town, secret: str) -> Browser:
    """A fresh browser that signed in with a card."""
    browser = town.browser()
    assert browser.post("/api/session/card", {"code": secret})[0] == 200
    return browser


def young_one(guardian: Browser) -> Any:
    """The child as the family's list has it."""
    return next(each for each in guardian.get("/api/family")[1]["family"]["members"] if not each["me"])


def test_the_first_device_is_no_news_and_every_other_one_is(town: Town) -> None:
    phone = town.signed_in("mei")
    assert (kinds(phone), town.post()) == ([], [])
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/140"
    tablet = town.browser()
    tablet.client.environ_base["HTTP_USER_AGENT"] = agent
    assert tablet.sign_in("mei")[0] == 200
    [letter] = town.post()
    assert (letter.to, letter.subject) == ("mei@example.hk", "A new device signed in to your account")
    assert "At 2026-11-21 10:00, Hong Kong time" in letter.text
    assert "Chrome · Android" in letter.text
    assert kinds(phone) == ["device.new"]


def test_a_device_is_known_again_also_after_signing_out(town: Town) -> None:
    phone, tablet = town.signed_in("mei"), town.signed_in("mei")
    for browser in (tablet, phone):
        assert browser.send("DELETE", "/api/session")[0] == 204
        assert browser.sign_in("mei")[0] == 200
    assert kinds(phone) == ["device.new"]


def test_a_device_is_known_to_each_account_by_itself(town: Town) -> None:
    town.world.person("wing")
    town.signed_in("wing")
    phone = town.signed_in("mei")
    assert phone.sign_in("wing")[0] == 200
    assert kinds(phone) == ["device.new"]
    assert phone.sign_in("wing")[0] == 200
    assert kinds(phone) == ["device.new"]


def test_the_mark_is_for_this_host_and_not_for_scripts(town: Town) -> None:
    answer = town.browser().client.post("/api/session", json={"name": "mei", "password": "meimei"}, base_url=HTTPS)
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-device=")]
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=34560000"):
        assert part in cookie
    assert "Domain" not in cookie
    with town.world.db.reading() as conn:
        [row] = conn.execute(KnownDevice.__table__.select())
    assert row.digest == digest(cookie.partition("=")[2].partition(";")[0])


@pytest.mark.parametrize("mark", ["", "x", "a" * 42, "a" * 44, "é" * 43])
def test_a_mark_that_we_never_gave_is_replaced(town: Town, mark: str) -> None:
    browser = town.browser()
    browser.client.set_cookie("__Host-device", mark, domain="eplus.test", path="/", secure=True)
    assert browser.sign_in("mei")[0] == 200
    kept = browser.client.get_cookie("__Host-device", domain="eplus.test")
    assert kept is not None
    assert len(kept.value) == 43
    assert kept.value != mark


def at_once(*works: Callable[[], Any]) -> None:
    """Do things at the same moment, each in a thread of its own."""
    ready = Barrier(len(works))

    def go(work: Callable[[], Any]) -> None:
        ready.wait(20)
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for each in [pool.submit(go, work) for work in works]:
            each.result(60)


def test_of_two_that_come_first_at_once_the_second_is_told_of(town: Town) -> None:
    account, here, now = town.account("mei"), town.world.here, town.clock()

    def come(mark: bytes) -> Callable[[], None]:
        return lambda: here.db.write(lambda tx: recognise(tx, now, RING, account, mark, "Chrome · Mac"))

    one, other = digest(new_session_id()), digest(new_session_id())
    at_once(come(one), come(other), come(one), come(other))
    assert known(town) == 2
    assert len(town.post()) == 1


def test_a_childs_guardians_are_told_of_its_devices(town: Town) -> None:
    guardian = town.signed_in("mei")
    first = child(town, guardian)
    assert (town.post(), kinds(guardian)) == ([], []), "its first device is no news"
    member = young_one(guardian)
    by_card(town, secret := card(guardian, member["person_id"]))
    name = member["name"]["en"]
    [letter] = town.post()
    assert (letter.to, letter.subject) == ("mei@example.hk", f"{name} signed in on a new device")
    assert told(guardian)[0] == ("device.child", letter.subject)
    again = by_card(town, secret)
    assert sorted(kinds(again)) == ["card.new", "device.new", "device.new"]
    assert first.me is None, "a new card signs the old one's devices out"


def test_a_found_card_does_not_fill_a_guardians_letter_box(town: Town) -> None:
    guardian = town.signed_in("mei")
    child(town, guardian)
    secret = card(guardian, young_one(guardian)["person_id"])
    outcomes = [town.browser().post("/api/session/card", {"code": secret})[0] for _ in range(61)]
    assert outcomes == [200] * 59 + [429] * 2
    assert len(town.post()) == 59


def test_a_guardian_reads_a_childs_name_in_a_language_of_their_own(town: Town) -> None:
    guardian = town.signed_in("mei")
    child(town, guardian)
    by_card(town, card(guardian, young_one(guardian)["person_id"]))
    assert guardian.send("PUT", "/api/profile/language", {"language": "zh-Hant"})[0] == 204
    assert told(guardian)[0] == ("device.child", f"{young_one(guardian)['name']['zh-Hant']}用新裝置登入了")


def test_from_16_on_nobody_else_is_told(town: Town) -> None:
    guardian = town.signed_in("mei")
    child(town, guardian)
    secret = card(guardian, young_one(guardian)["person_id"])
    town.clock.moment = SIXTEEN
    young = by_card(town, secret)
    assert "device.new" in kinds(young)
    assert "device.child" not in kinds(guardian)


def test_browsers_are_forgotten_after_400_days_but_the_last_of_each_account(town: Town) -> None:
    town.signed_in("mei")
    town.clock.pass_by(days=1)
    town.signed_in("mei")
    town.clock.pass_by(days=401)
    assert (forget_devices(town.world.here), known(town)) == (1, 1)
    newcomer = town.signed_in("mei")
    assert kinds(newcomer)[0] == "device.new", "whoever comes after a long time is told of"


def test_a_card_made_anew_is_told_to_whom_it_signs_in(town: Town) -> None:
    guardian = town.signed_in("mei")
    young = child(town, guardian)
    assert kinds(young) == []
    young = by_card(town, card(guardian, young_one(guardian)["person_id"]))
    assert set(kinds(young)) == {"card.new", "device.new"}


def test_a_changed_password_is_told_also_when_a_link_changed_it(town: Town) -> None:
    mei = town.signed_in("mei")
    body = {"password": "meimei", "instead": "five wise civets"}
    assert mei.send("PUT", "/api/profile/password", body)[0] == 204
    assert [letter.subject for letter in town.post()] == ["Your password was changed"]
    town.browser().post("/api/password/forgotten", {"name": "mei@example.hk"})
    [link] = town.post()
    reset = {"token": link.token, "password": "six early egrets"}
    assert mei.post("/api/password/reset", reset)[0] == 200
    assert [letter.subject for letter in town.post()] == ["Your password was changed"]
    assert kinds(mei) == ["password.changed"] * 2


def test_a_changed_address_is_told_to_the_old_one_too(town: Town) -> None:
    mei = town.signed_in("mei")
    mei.send("PUT", "/api/profile/email", {"email": "new@example.hk", "password": "meimei"})
    [link] = town.post()
    assert mei.post("/api/links/email", {"token": link.token})[0] == 200
    letters = town.post()
    assert sorted((letter.to, letter.subject) for letter in letters) == [
        ("mei@example.hk", "Your e-mail address was changed"),
        ("new@example.hk", "Your e-mail address was changed"),
    ]
    assert kinds(mei) == ["email.changed"]


def test_a_first_address_is_no_change(town: Town) -> None:
    town.world.person("wing")
    wing = town.signed_in("wing")
    wing.send("PUT", "/api/profile/email", {"email": "wing@example.hk", "password": "wingwing"})
    [link] = town.post()
    assert wing.post("/api/links/email", {"token": link.token})[0] == 200
    assert (town.post(), kinds(wing)) == ([], [])


def grown(town: Town, moment: datetime = SIXTEEN) -> tuple[Browser, str]:
    """A young person at a moment, signed in by a card, and the card's code."""
    guardian = town.signed_in("mei")
    child(town, guardian)
    secret = card(guardian, young_one(guardian)["person_id"])
    town.clock.moment = moment.astimezone(UTC)
    return by_card(town, secret), secret


def test_at_16_a_young_person_chooses_a_name_and_a_password_and_the_card_is_over(town: Town) -> None:
    young, secret = grown(town)
    elsewhere = by_card(town, secret)
    assert young.get("/api/profile")[1]["password_due"] is True
    status, profile = young.post("/api/profile/credentials", OWN)
    assert (status, profile["password_due"]) == (200, False)
    assert (young.me is not None, elsewhere.me) == (True, None)
    assert code(town.browser().post("/api/session/card", {"code": secret})) == "card.wrong"
    assert town.browser().sign_in("Ka-Yan", OWN["password"])[0] == 200
    assert "password.own" in kinds(young)
    with town.world.db.reading() as conn:
        assert conn.execute(SignInCard.__table__.select()).all() == []


def test_until_the_last_second_of_15_there_is_only_the_card(town: Town) -> None:
    young, secret = grown(town, SIXTEEN - timedelta(seconds=1))
    assert young.get("/api/profile")[1]["password_due"] is False
    assert code(young.post("/api/profile/credentials", OWN)) == "credentials.too_young"
    assert by_card(town, secret).me is not None
    town.clock.moment = SIXTEEN
    assert young.post("/api/profile/credentials", OWN)[0] == 200


def test_whoever_has_a_password_changes_it_by_proving_it(town: Town) -> None:
    mei = town.signed_in("mei")
    assert mei.get("/api/profile")[1]["password_due"] is False
    assert code(mei.post("/api/profile/credentials", OWN)) == "credentials.has_them"
    assert town.signed_in("mei").me is not None


def test_a_taken_name_or_a_weak_password_leaves_the_card_as_it_is(town: Town) -> None:
    young, secret = grown(town)
    assert code(young.post("/api/profile/credentials", {**OWN, "name": "mei"})) == "account.name_taken"
    assert code(young.post("/api/profile/credentials", {**OWN, "name": "M"})) == "account.no_name"
    assert code(young.post("/api/profile/credentials", {**OWN, "password": "ka-yan"})) == "account.weak_password"
    assert by_card(town, secret).me is not None


def test_of_two_choices_at_once_one_holds(town: Town) -> None:
    young, secret = grown(town)
    other = by_card(town, secret)
    answers: list[int] = []

    def choose(browser: Browser, name: str) -> Callable[[], None]:
        return lambda: answers.append(browser.post("/api/profile/credentials", {**OWN, "name": name})[0])

    at_once(choose(young, "one-name"), choose(other, "other-name"))
    assert sorted(answers)[0] == 200
    assert sorted(answers)[1] in (401, 409)
    assert sum(town.browser().sign_in(name, OWN["password"])[0] == 200 for name in ("one-name", "other-name")) == 1
