"""Passkeys: made for our site only, proved once for each challenge, and worth nothing when they are copied."""

from collections.abc import Iterator

import pytest

from challenges_app.people.factors.rules import Party, party
from tests.builders import World
from tests.people.doors import Browser, Clock, Town, code
from tests.people.second_steps import PRESENT, Key, add_passkey, asked, set_up_app, waiting
from tests.people.test_factors import at_once


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town on a database of each kind, with two adults."""
    town = Town.on(database_url)
    town.world.person("ho.mantin")
    town.world.person("chan.siuming", face=("quiet", "civet"))
    yield town
    town.world.db.close()


def enter(browser: Browser, key: Key, **wrong: object) -> tuple[int, dict]:
    """Sign in with a passkey and no name."""
    return browser.post("/api/session/passkey", {"credential": key.proof(asked(browser), **wrong)})


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://life.example.hk", Party("life.example.hk", "https://life.example.hk")),
        ("https://life.example.hk:8443/app", Party("life.example.hk", "https://life.example.hk:8443")),
        ("http://localhost:8000", Party("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", Party("localhost", "http://localhost:8000")),
        ("http://[::1]:8000", Party("localhost", "http://localhost:8000")),
        ("http://192.0.2.7", None),
        ("", None),
    ],
)
def test_passkeys_are_made_for_the_host_of_our_address(address: str, found: Party | None) -> None:
    assert party(address) == found


def test_a_passkey_signs_in_without_a_name_and_as_a_second_step(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    key, codes = add_passkey(home, "ho.mantin")
    assert len(codes) == 10
    assert home.get("/api/factors")[1]["strong"] is True
    away = town.browser()
    assert enter(away, key)[1]["me"]["name"]["en"] == "Laughing Bulbul"
    assert away.get("/api/factors")[1]["strong"] is True
    browser, second = waiting(town, "ho.mantin")
    assert second["kinds"] == ["passkey", "recovery"]
    options = asked(browser, second["ticket"])
    assert len(options["allowCredentials"]) == 1
    proved = {"ticket": second["ticket"], "credential": key.proof(options)}
    assert browser.post("/api/session/passkey", proved)[0] == 200
    assert browser.me is not None


def test_the_options_ask_for_the_person_and_not_for_the_make_of_the_key(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    add_passkey(home, "ho.mantin")
    _, answer = home.post("/api/factors/passkeys/options", {"password": "ho.mantin" * 2})
    options = answer["options"]
    assert options["rp"] == {"id": "localhost", "name": "e+ Life"}
    assert options["user"]["name"] == "ho.mantin"
    assert options["attestation"] == "none"
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("preferred", "required")
    assert len(options["excludeCredentials"]) == 1
    assert asked(town.browser())["userVerification"] == "required"


def test_a_challenge_is_worth_one_try(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    browser, thief = town.browser(), town.browser()
    options = asked(browser)
    wrong = Key(owner=key.owner)
    assert code(browser.post("/api/session/passkey", {"credential": wrong.proof(options)})) == "passkey.wrong"
    assert code(browser.post("/api/session/passkey", {"credential": key.proof(options)})) == "passkey.over"
    credential = key.proof(asked(browser))
    assert browser.post("/api/session/passkey", {"credential": credential})[0] == 200
    assert code(thief.post("/api/session/passkey", {"credential": credential})) == "passkey.over"


def test_of_two_who_give_the_same_answer_at_once_one_is_let_in(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    browsers = [town.browser(), town.browser()]
    credential = key.proof(asked(browsers[0]))
    tries = [lambda each=each: each.post("/api/session/passkey", {"credential": credential})[0] for each in browsers]
    assert sorted(at_once(*tries)) == [200, 410]


def test_a_challenge_ends_after_five_minutes(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    browser = town.browser()
    options = asked(browser)
    town.clock.pass_by(minutes=5)
    assert code(browser.post("/api/session/passkey", {"credential": key.proof(options)})) == "passkey.over"


@pytest.mark.parametrize(
    "wrong", [{"origin": "http://evil.test"}, {"site": "evil.test"}, {"flags": PRESENT}, {"flags": 0}]
)
def test_an_answer_for_another_site_or_by_nobody_proves_nothing(town: Town, wrong: dict) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    assert code(enter(town.browser(), key, **wrong)) == "passkey.wrong"


def test_a_key_is_not_made_for_another_site_or_by_nobody(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    for wrong in ({"origin": "http://evil.test"}, {"flags": PRESENT}):
        _, answer = home.post("/api/factors/passkeys/options", {"password": "ho.mantin" * 2})
        credential = Key().made(answer["options"], **wrong)
        assert code(home.post("/api/factors/passkeys", {"credential": credential})) == "passkey.wrong"
    assert home.get("/api/factors")[1]["passkeys"] == []


@pytest.mark.parametrize("credential", [{}, {"rawId": 5, "response": {"clientDataJSON": "e30"}}, {"response": [1]}])
def test_what_is_no_answer_of_a_browser_is_refused(town: Town, credential: dict) -> None:
    assert code(town.browser().post("/api/session/passkey", {"credential": credential})) == "passkey.wrong"
    home = town.signed_in("ho.mantin")
    assert code(home.post("/api/factors/passkeys", {"credential": credential})) == "passkey.wrong"
    assert code(home.post("/api/session/strong", {"credential": credential})) == "passkey.wrong"


def test_a_copied_key_is_found_out_by_its_count(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    copy = Key(key.private, key.id, key.owner, key.count)
    for _ in range(2):
        assert enter(town.browser(), key)[0] == 200
    assert code(enter(town.browser(), copy)) == "passkey.wrong"
    assert enter(town.browser(), key)[0] == 200


def test_a_key_that_never_counts_is_let_in_again(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin", Key(counts=False))
    assert [enter(town.browser(), key)[0] for _ in range(3)] == [200, 200, 200]


def test_a_key_opens_its_own_account_only(town: Town) -> None:
    mine, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    theirs, _ = add_passkey(town.signed_in("chan.siuming"), "chan.siuming")
    browser, second = waiting(town, "chan.siuming")
    options = asked(browser, second["ticket"])
    stolen = {"ticket": second["ticket"], "credential": mine.proof(options)}
    assert code(browser.post("/api/session/passkey", stolen)) == "passkey.wrong"
    # A challenge without a name does not go on with a ticket either.
    mixed = {"ticket": second["ticket"], "credential": theirs.proof(asked(browser))}
    assert code(browser.post("/api/session/passkey", mixed)) == "passkey.over"
    theirs.owner = mine.owner  # says that it is another's
    assert code(enter(browser, theirs)) == "passkey.wrong"
    theirs.owner = None
    assert code(enter(browser, theirs)) == "passkey.wrong"


def test_the_challenge_to_add_a_key_is_the_account_s_own_and_proves_none(town: Town) -> None:
    ho, chan = town.signed_in("ho.mantin"), town.signed_in("chan.siuming")
    key, _ = add_passkey(ho, "ho.mantin")
    _, answer = ho.post("/api/factors/passkeys/options", {"password": "ho.mantin" * 2})
    made = Key().made(answer["options"])
    assert code(chan.post("/api/factors/passkeys", {"credential": made})) == "passkey.over"
    _, answer = ho.post("/api/factors/passkeys/options", {"password": "ho.mantin" * 2})
    proof = {"credential": key.proof(answer["options"])}
    assert code(town.browser().post("/api/session/passkey", proof)) == "passkey.over"


def test_a_key_is_added_once(town: Town) -> None:
    key, _ = add_passkey(town.signed_in("ho.mantin"), "ho.mantin")
    chan = town.signed_in("chan.siuming")
    _, answer = chan.post("/api/factors/passkeys/options", {"password": "chan.siuming" * 2})
    credential = key.made(answer["options"])
    assert code(chan.post("/api/factors/passkeys", {"credential": credential})) == "passkey.taken"


def test_a_key_is_listed_told_and_removed_with_the_password(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    key, _ = add_passkey(home, "ho.mantin")
    [listed] = home.get("/api/factors")[1]["passkeys"]
    door = f"/api/factors/passkeys/{listed['id']}/remove"
    assert code(home.post(door, {"password": "guess"})) == "session.wrong"
    chan = town.signed_in("chan.siuming")
    assert code(chan.post(door, {"password": "chan.siuming" * 2})) == "factor.unknown"
    assert home.post(door, {"password": "ho.mantin" * 2})[0] == 204
    assert home.get("/api/factors")[1]["recovery_left"] == 0
    assert code(enter(town.browser(), key)) == "passkey.wrong"
    kinds = [each["kind"] for each in home.get("/api/profile/notices")[1]["notices"]]
    assert {"passkey.added", "passkey.removed"} <= set(kinds)


def test_with_another_factor_left_codes_and_proof_stay(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    set_up_app(town, home, "ho.mantin")
    key, codes = add_passkey(home, "ho.mantin")
    assert codes == []  # those of the app stand in for both
    assert home.post("/api/factors/app/remove", {"password": "ho.mantin" * 2})[0] == 204
    assert home.get("/api/factors")[1]["recovery_left"] == 10
    assert home.get("/api/factors")[1]["strong"] is True
    assert waiting(town, "ho.mantin")[1]["kinds"] == ["passkey", "recovery"]
    assert enter(town.browser(), key)[0] == 200


def test_a_passkey_proves_again_who_is_signed_in(town: Town) -> None:
    home = town.signed_in("ho.mantin")
    key, _ = add_passkey(home, "ho.mantin")
    town.clock.pass_by(hours=12)
    assert home.get("/api/factors")[1]["strong"] is False
    _, answer = home.post("/api/session/strong/options")
    assert home.post("/api/session/strong", {"credential": key.proof(answer["options"])})[0] == 200
    assert home.get("/api/factors")[1]["strong"] is True


def test_where_the_address_has_no_name_passkeys_are_refused(database_url: str) -> None:
    clock = Clock()
    town = Town(World.on(database_url, clock, address="http://192.0.2.7"), clock)
    assert code(town.browser().post("/api/session/passkey/options", {})) == "passkey.not_here"
    town.world.db.close()
