"""Signing in: what is told to whom, and what a stolen or repeated thing is worth."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from challenges_app.app import create_app
from challenges_app.people.accounts.jobs import forget_sessions
from challenges_app.people.accounts.tables import Account, Session
from tests.builders import MORNING, World

HTTPS = "https://eplus.test"


class Clock:
    """A clock that a test can move on."""

    def __init__(self) -> None:
        self.moment = MORNING

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    """The world's clock."""
    return Clock()


@pytest.fixture
def town(tmp_path: object, clock: Clock) -> Iterator[World]:
    """A world with one person who can sign in."""
    world = World.on(f"sqlite:///{tmp_path}/eplus.sqlite", clock)
    world.person("mei")
    yield world
    world.db.close()


def browser(world: World) -> FlaskClient:
    """A fresh browser at our own address."""
    client = create_app(world.here).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "eplus.test"
    client.environ_base["HTTP_ORIGIN"] = HTTPS
    return client


def sign_in(client: FlaskClient, name: str = "mei", password: str = "meimei", **headers: str) -> tuple[int, dict]:
    """Status and body of an attempt to sign in."""
    answer = client.post("/api/session", json={"name": name, "password": password}, headers=headers, base_url=HTTPS)
    return answer.status_code, answer.get_json()


def me(client: FlaskClient) -> dict | None:
    """Whom the server takes this browser for."""
    return client.get("/api/session", base_url=HTTPS).get_json()["me"]


def test_a_person_signs_in_and_out(town: World) -> None:
    client = browser(town)
    assert me(client) is None
    status, body = sign_in(client)
    assert (status, body["me"]["name"]["en"]) == (200, "Laughing Bulbul")
    assert me(client) == body["me"]
    assert client.delete("/api/session", base_url=HTTPS).status_code == 204
    assert me(client) is None


def test_a_name_is_found_whatever_its_case_and_spaces(town: World) -> None:
    assert sign_in(browser(town), name=" Mei ")[0] == 200


def test_a_wrong_name_and_a_wrong_password_sound_alike(town: World) -> None:
    wrong_password = sign_in(browser(town), password="guess", Accept_Language="en")
    wrong_name = sign_in(browser(town), name="nobody", Accept_Language="en")
    assert wrong_password == wrong_name
    assert wrong_name[0] == 401
    assert wrong_name[1]["error"]["code"] == "session.wrong"


@pytest.mark.parametrize(
    ("language", "begins"), [("en", "The name"), ("zh-HK", "名稱或密碼不對"), ("zh-CN", "名称或密码不对")]
)
def test_a_refusal_speaks_the_readers_language(town: World, language: str, begins: str) -> None:
    _, body = sign_in(browser(town), password="guess", Accept_Language=language)
    assert body["error"]["message"].startswith(begins)


def test_guessing_is_stopped_per_name_even_with_the_right_password_at_last(town: World) -> None:
    client = browser(town)
    assert [sign_in(client, password=f"guess{number}")[0] for number in range(10)] == [401] * 10
    assert sign_in(client)[1]["error"]["code"] == "rate.too_many"


def test_guesses_from_one_place_do_not_lock_a_child_out_elsewhere(town: World) -> None:
    client, home = browser(town), browser(town)
    home.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    for number in range(12):
        sign_in(client, password=f"guess{number}")
    assert sign_in(home)[0] == 200


def test_a_class_signs_in_behind_one_address(town: World) -> None:
    assert [sign_in(browser(town))[0] for _ in range(12)] == [200] * 12


def test_the_cookie_is_for_this_host_over_tls_and_not_for_scripts(town: World) -> None:
    client = browser(town)
    answer = client.post("/api/session", json={"name": "mei", "password": "meimei"}, base_url=HTTPS)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_signing_in_gives_a_fresh_session_and_ends_the_one_before(town: World) -> None:
    client = browser(town)
    sign_in(client)
    planted = client.get_cookie("__Host-session", domain="eplus.test")
    assert planted is not None
    sign_in(client)
    thief = browser(town)
    thief.set_cookie("__Host-session", planted.value, domain="eplus.test", secure=True)
    assert me(thief) is None
    assert me(client) is not None


def test_the_database_holds_neither_name_nor_session_id(town: World) -> None:
    client = browser(town)
    sign_in(client)
    cookie = client.get_cookie("__Host-session", domain="eplus.test")
    assert cookie is not None
    with town.db.reading() as conn:
        kept = repr(conn.execute(select(Account)).all()) + repr(conn.execute(select(Session)).all())
    assert cookie.value not in kept
    assert "mei" not in kept.replace("name", "")


def test_a_session_ends_after_thirty_days_and_is_forgotten(town: World, clock: Clock) -> None:
    client = browser(town)
    sign_in(client)
    clock.moment = MORNING + timedelta(days=30) - timedelta(seconds=1)
    assert me(client) is not None
    clock.moment = MORNING + timedelta(days=30)
    assert me(client) is None
    assert forget_sessions(town.here) == 1


@pytest.mark.parametrize(
    "header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}, {"Origin": "null"}]
)
def test_other_sites_cannot_change_anything(town: World, header: dict[str, str]) -> None:
    answer = browser(town).post("/api/session", json={}, headers=header, base_url=HTTPS)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "http.foreign_origin")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "http.unreadable"), (b"[]", "http.invalid"), (b'{"name": 5}', "http.invalid"), (b"", "http.unreadable")],
)
def test_a_body_that_cannot_be_used_is_refused_in_our_shape(town: World, body: bytes, code: str) -> None:
    answer = browser(town).post("/api/session", data=body, content_type="application/json", base_url=HTTPS)
    assert answer.get_json()["error"]["code"] == code


def test_every_answer_carries_the_headers_of_safety(town: World) -> None:
    for path in ("/api/session", "/api/nothing", "/nothing", "/api/today"):
        answer = browser(town).get(path, base_url=HTTPS)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_open_stays_closed(town: World) -> None:
    answer = browser(town).get("/api/today", headers={"Accept-Language": "en"}, base_url=HTTPS)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "session.none")


def test_staff_without_a_person_cannot_play(town: World) -> None:
    town.role(town.account("officer"), "booth")
    client = browser(town)
    assert sign_in(client, "officer", "officerofficer")[1]["me"]["roles"] == ["booth"]
    answer = client.post("/api/fixes", json={}, base_url=HTTPS)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "access.not_for_you")


def test_a_browser_can_tell_one_account_from_another_and_knows_the_same_again(town: World) -> None:
    town.person("wing")
    phone, tablet, other = browser(town), browser(town), browser(town)
    tags = []
    for client, name in ((phone, "mei"), (tablet, "mei"), (other, "wing")):
        sign_in(client, name, name * 2)
        tags.append((me(client) or {})["tag"])
    assert tags[0] == tags[1] != tags[2]
