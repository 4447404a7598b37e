"""One's own account: address, password, devices, face; each change proved, each told apart from another's."""

from collections.abc import Iterator

import pytest

from tests.people.doors import Browser, Town, code


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town in which mei lives."""
    town = Town.on(database_url)
    town.world.person("mei")
    yield town
    town.world.db.close()


def signed_in(town: Town, name: str = "mei") -> Browser:
    """A browser in which somebody is signed in."""
    browser = town.browser()
    assert browser.sign_in(name)[0] == 200
    return browser


def test_an_address_is_proved_before_it_holds(town: Town) -> None:
    mei = signed_in(town)
    assert mei.send("PUT", "/api/profile/email", {"email": "mei@example.hk", "password": "meimei"})[0] == 202
    assert mei.get("/api/profile")[1]["email"] is None
    [letter] = town.post()
    assert letter.to == "mei@example.hk"
    assert mei.post("/api/links/email", {"token": letter.token})[1]["email"] == "mei@example.hk"
    assert town.browser().sign_in("mei@example.hk", "meimei")[0] == 200


def test_nobody_has_letters_sent_to_others_without_end(town: Town) -> None:
    town.world.person("wing")
    mei, wing = signed_in(town), signed_in(town, "wing")

    def ask(browser: Browser, name: str, address: str) -> int:
        return browser.send("PUT", "/api/profile/email", {"email": address, "password": name * 2})[0]

    assert [ask(mei, "mei", "ho@example.hk") for _ in range(6)] == [202] * 5 + [429]
    assert ask(wing, "wing", "HO@example.hk") == 429
    assert [ask(mei, "mei", f"ho{each}@example.hk") for each in range(6)] == [202] * 5 + [429]
    assert ask(wing, "wing", "wing@example.hk") == 202


def test_a_stolen_session_cannot_take_the_account(town: Town) -> None:
    mei = signed_in(town)
    assert code(mei.send("PUT", "/api/profile/email", {"email": "x@example.hk", "password": "?"})) == "session.wrong"
    body = {"password": "?", "instead": "five wise civets"}
    assert code(mei.send("PUT", "/api/profile/password", body)) == "session.wrong"
    assert town.post() == []


def test_the_link_of_one_account_proves_nothing_for_another(town: Town) -> None:
    town.world.person("wing")
    mei, wing = signed_in(town), signed_in(town, "wing")
    mei.send("PUT", "/api/profile/email", {"email": "mei@example.hk", "password": "meimei"})
    [letter] = town.post()
    assert code(wing.post("/api/links/email", {"token": letter.token})) == "link.over"
    assert wing.get("/api/profile")[1]["email"] is None


def test_two_accounts_never_share_an_address(town: Town) -> None:
    town.world.person("wing")
    mei, wing = signed_in(town), signed_in(town, "wing")
    for name, browser in (("mei", mei), ("wing", wing)):
        browser.send("PUT", "/api/profile/email", {"email": "us@example.hk", "password": name * 2})
    tokens = [letter.token for letter in town.post()]
    outcomes = sorted(
        browser.post("/api/links/email", {"token": token})[0] for browser in (mei, wing) for token in tokens
    )
    assert outcomes.count(200) == 1


def test_a_changed_password_signs_the_other_devices_out(town: Town) -> None:
    here, elsewhere = signed_in(town), signed_in(town)
    assert here.send("PUT", "/api/profile/password", {"password": "meimei", "instead": "five wise civets"})[0] == 204
    assert (here.me is not None, elsewhere.me) == (True, None)
    assert town.browser().sign_in("mei", "five wise civets")[0] == 200


def test_devices_are_listed_and_signed_out_one_by_one_or_all(town: Town) -> None:
    here, phone, tablet = signed_in(town), signed_in(town), signed_in(town)
    _, told = here.get("/api/profile/devices")
    assert [each["this"] for each in told["devices"]] == [True, False, False]
    assert here.send("DELETE", f"/api/profile/devices/{told['devices'][1]['id']}")[0] == 204
    assert sorted(each.me is None for each in (phone, tablet)) == [False, True]
    assert here.send("DELETE", "/api/profile/devices")[0] == 204
    assert (phone.me, tablet.me) == (None, None)
    assert here.me


def test_nobody_signs_out_the_devices_of_another(town: Town) -> None:
    town.world.person("wing")
    mei, wing = signed_in(town), signed_in(town, "wing")
    _, told = mei.get("/api/profile/devices")
    assert code(wing.send("DELETE", f"/api/profile/devices/{told['devices'][0]['id']}")) == "device.unknown"
    assert mei.me


def test_a_face_is_rolled_and_never_typed(town: Town) -> None:
    mei = signed_in(town)
    faces = {mei.send("PUT", "/api/profile/face")[1]["name"]["en"] for _ in range(12)}
    assert len(faces) > 3
    assert mei.me["name"]["en"] in faces


def test_a_language_is_kept(town: Town) -> None:
    mei = signed_in(town)
    assert mei.send("PUT", "/api/profile/language", {"language": "zh-Hans"})[0] == 204
    assert mei.me["language"] == "zh-Hans"
