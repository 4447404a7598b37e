"""What every answer says to the browser: what may run, that nothing is guessed, framed or kept; on all routes."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from apiflask import APIFlask
from werkzeug.test import TestResponse

from challenges_app.app import create_app
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts.actions import find, open_session
from challenges_app.people.accounts.rules import new_session_id
from tests.builders import MORNING, RING, World

HTTPS = "https://eplus.test"
OPEN_TO_ALL = {"file", "page", "openapi.spec"}  # hold nothing of anybody
ANYTHING = {
    "uuid": UUID(int=0),
    "path": "nothing-here.txt",
    "page_file": "nothing-here.txt",
    "int": 1,
    "string": "nothing",
    "default": "nothing",
}
LOOSE = ("'unsafe", "http", "*")
WEB = Path(__file__).parents[2] / "webapp" / "dist"


@pytest.fixture
def app(sqlite_world: World) -> APIFlask:
    """The application behind TLS, with somebody who plays."""
    sqlite_world.person("ho", born=date(1990, 5, 17))
    return create_app(sqlite_world.here, tls=True)


def answers(app: APIFlask, world: World, *, signed_in: bool) -> Iterator[tuple[str, TestResponse]]:
    """Every route by every method, as nobody or as somebody who is signed in: its endpoint and what it answers."""
    for rule in app.url_map.iter_rules():
        values = {name: ANYTHING[_kind(rule.rule, name)] for name in rule.arguments}
        _, path = rule.build(values) or ("", "")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            client = app.test_client()
            if signed_in:
                client.set_cookie(COOKIE, session(world), domain="eplus.test", secure=True)
            yield rule.endpoint, client.open(path, method=method, base_url=HTTPS, json={} if method != "GET" else None)


def session(world: World) -> str:
    """A fresh session of ho's."""
    session_id = new_session_id()
    with world.db.reading() as conn:
        account_id = find(conn, RING, "ho").id
    world.write(lambda tx: open_session(tx, MORNING, account_id, session_id, None))
    return session_id


def _kind(rule: str, name: str) -> str:
    found = re.search(rf"<(?:(\w+)(?:\([^)]*\))?:)?{name}>", rule)
    return (found[1] if found else None) or "default"


def policy(answer: TestResponse) -> dict[str, set[str]]:
    """The content security policy, by directive."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


# What these tell is nobody's own, so a browser may ask whether it has changed.
SAME_FOR_ALL = {"departure.retention", "today.parks"}


@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_says_what_a_browser_may_do_with_it(app: APIFlask, sqlite_world: World, signed_in: bool) -> None:
    seen = 0
    for endpoint, answer in answers(app, sqlite_world, signed_in=signed_in):
        told = policy(answer)
        assert told["default-src"] == {"'none'"}, endpoint
        assert told["script-src"] <= {"'self'", "'wasm-unsafe-eval'"}, endpoint
        assert told["frame-ancestors"] == {"'none'"}, endpoint
        assert not any(source.startswith(("'unsafe", "http", "*")) for each in told.values() for source in each), (
            endpoint
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff", endpoint
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"], endpoint
        assert answer.headers["Referrer-Policy"] == "same-origin", endpoint
        seen += 1
    assert seen > 100


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_personal_answer_is_kept_anywhere(app: APIFlask, sqlite_world: World, signed_in: bool) -> None:
    for endpoint, answer in answers(app, sqlite_world, signed_in=signed_in):
        if endpoint not in OPEN_TO_ALL and answer.status_code < 300:
            kept = answer.headers["Cache-Control"]
            assert "no-store" in kept or endpoint in SAME_FOR_ALL, (endpoint, kept)


def test_refusals_of_files_and_of_methods_say_the_same(app: APIFlask) -> None:
    client = app.test_client()
    for path, method, status in (
        ("/nothing.js", "GET", 404), ("/assets/../../secrets.env", "GET", 404), ("/api/nothing", "GET", 404),
        ("/api/session", "PATCH", 405),
    ):  # fmt: skip
        answer = client.open(path, method=method, base_url=HTTPS)
        assert answer.status_code == status, path
        assert policy(answer)["script-src"] == {"'self'"}
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_has_no_script_and_no_style_of_its_own(app: APIFlask) -> None:
    text = (WEB / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []
    page = app.test_client().get("/", base_url=HTTPS)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-cache"
    for name in re.findall(r'(?:src|href)="/(assets/[^"]+)"', text):
        answer = app.test_client().get(f"/{name}", base_url=HTTPS)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
