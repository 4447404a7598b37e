"""The map of all parks: short enough for a weak signal, and not sent again unchanged."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from challenges_app.app import create_app
from tests.builders import World

HTTPS = "https://eplus.test"
MOST_BYTES = 30_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A town of one pupil."""
    made = World.on(f"sqlite:///{tmp_path / 'eplus.sqlite'}")
    made.player(made.person("mei"))
    yield made
    made.db.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    """The pupil's browser."""
    browser = create_app(world.here).test_client()
    assert browser.post("/api/session", json={"name": "mei", "password": "meimei"}, base_url=HTTPS).status_code == 200
    return browser


def test_all_parks_come_short_enough_for_a_weak_signal(client: FlaskClient) -> None:
    answer = client.get("/api/parks", base_url=HTTPS, headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < MOST_BYTES
    parks = client.get("/api/parks", base_url=HTTPS).get_json()
    assert len(parks["parks"]) == 620
    assert len(parks["districts"]) == 18
    assert gzip.decompress(answer.data)
    assert {park["district"] for park in parks["parks"]} == {each["code"] for each in parks["districts"]}


def test_a_park_tells_how_much_there_is_to_find_today(world: World, client: FlaskClient) -> None:
    before = {park["id"]: park["drops"] for park in client.get("/api/parks", base_url=HTTPS).get_json()["parks"]}
    world.drop()
    after = {park["id"]: park["drops"] for park in client.get("/api/parks", base_url=HTTPS).get_json()["parks"]}
    assert after == {**before, "hong-kong-park": before["hong-kong-park"] + 1}


def test_what_has_not_changed_is_not_sent_again(world: World, client: FlaskClient) -> None:
    first = client.get("/api/parks", base_url=HTTPS)
    known = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get("/api/parks", base_url=HTTPS, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    world.drop()
    assert client.get("/api/parks", base_url=HTTPS, headers=known).status_code == 200


def test_nobody_reads_them_without_signing_in(world: World) -> None:
    assert create_app(world.here).test_client().get("/api/parks", base_url=HTTPS).status_code == 401
