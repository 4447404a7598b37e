"""The keys with which a vendor signs: fetched once a day, good for a week, and asked at the door."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, jsonify
from sqlalchemy import select

from challenges_app.app import create_app
from challenges_app.play.connections import actions
from challenges_app.play.connections.jobs import fetch_keys, hear_next
from challenges_app.play.connections.tables import Connection
from tests.builders import World
from tests.people.doors import HTTPS, Browser, Clock, Town
from tests.play.vendors import served

HOOK = json.loads((Path(__file__).parents[1] / "data" / "hooks" / "google_health.json").read_text("utf-8"))
KEYS = HOOK["client"]["more"]["keys"]


@dataclass
class Google:
    """As much of the vendor as is asked here."""

    keys: str = KEYS
    asked: int = 0
    linked: bool = True
    told: list[str] = field(default_factory=list)

    def app(self) -> Flask:
        """The vendor on the network, below the names of its hosts."""
        app = Flask("google")
        app.add_url_rule("/www.gstatic.com/<path:rest>", "keys", self._keys)
        app.add_url_rule("/oauth2.googleapis.com/token", "token", self._token, methods=["POST"])
        app.add_url_rule("/health.googleapis.com/v4/users/me/identity", "identity", self._identity)
        return app

    def _keys(self, rest: str) -> Response:
        self.asked += 1
        return Response(self.keys)

    def _token(self) -> Response:
        return jsonify({"access_token": "a", "refresh_token": "r", "expires_in": 3599})

    def _identity(self) -> tuple[Response, int]:
        if self.linked:
            return jsonify({"healthUserId": "b2c3"}), 200
        return jsonify({"error": {"code": 400, "details": [{"reason": "ACCOUNT_NOT_LINKED"}]}}), 400


@dataclass
class Ours:
    """A town that has Google Health, and somebody who is signed in."""

    town: Town
    vendor: Google
    browser: Browser

    def connect(self) -> str:
        """Connect an account; answers the last part of the page's address."""
        told = self.browser.post("/api/steps/connections/google_health", {})[1]
        asked = parse_qs(urlsplit(told["address"]).query)
        assert asked["access_type"] == ["offline"]
        path = f"/api/steps/connections/google_health/return?state={asked['state'][0]}&code=c"
        return str(self.browser.client.get(path, base_url=HTTPS).headers["Location"]).rpartition("/")[2]

    def hear(self, address: str, **other: Any) -> int:
        """Tell us of something, signed; answers the status."""
        told = {**HOOK, **other}
        return self.browser.client.post(
            urlsplit(address).path, data=told["body"], headers=told["headers"], base_url=HTTPS
        ).status_code

    def address(self) -> str:
        """Where the vendor tells of what is new."""
        here = self.town.world.here
        return actions.hook_address(here.settings.address, here.ring, "google_health")


@pytest.fixture
def ours(database_url: str) -> Iterator[Ours]:
    """A town with a vendor that signs with keys of its own, on both engines."""
    clock, vendor = Clock(), Google()
    with served() as theirs:
        theirs.app = vendor.app()
        trackers = "google_health?id=us&secret=known&hook=chosen"
        world = World.on(database_url, clock, vendors=theirs.address, trackers=trackers)
        create_app(world.here)
        town = Town(world, clock)
        world.player(world.person("ho"))
        yield Ours(town, vendor, town.signed_in("ho"))
        world.db.close()


def signed() -> dict[str, str]:
    """The headers of a notice that is signed, and says nothing else."""
    return {"x-healthapi-signature": HOOK["headers"]["x-healthapi-signature"]}


def test_a_notice_is_believed_by_keys_that_were_fetched_and_its_days_are_asked_for(ours: Ours) -> None:
    here, address = ours.town.world.here, ours.address()
    assert ours.connect() == "done"
    assert ours.hear(address, headers=signed()) == 401  # nobody has fetched them yet
    assert fetch_keys(here) == 1
    assert ours.hear(address, headers=signed()) == 204
    assert ours.hear(address, headers=signed(), body=HOOK["body"].replace("b2c3", "b2c4")) == 401
    assert hear_next(here)
    with ours.town.world.db.reading() as conn:
        row = conn.execute(select(Connection)).one()
    assert row.heard_at is not None
    assert row.wanted_to >= date(2026, 11, 20)


def test_keys_are_fetched_once_a_day_and_prove_nothing_after_a_week(ours: Ours) -> None:
    here, address, clock = ours.town.world.here, ours.address(), ours.town.clock
    assert fetch_keys(here) == 1
    assert fetch_keys(here) == 0
    clock.pass_by(days=1, minutes=1)
    assert fetch_keys(here) == 1
    assert ours.vendor.asked == 2
    clock.pass_by(days=6)
    assert ours.hear(address, headers=signed()) == 204
    clock.pass_by(days=1, minutes=1)
    assert ours.hear(address, headers=signed()) == 401


def test_what_is_no_set_of_keys_replaces_none_and_is_asked_for_again_after_ten_minutes(ours: Ours) -> None:
    here, address, clock = ours.town.world.here, ours.address(), ours.town.clock
    assert fetch_keys(here) == 1
    clock.pass_by(days=1, minutes=1)
    for broken in ("<html>", "[]", '{"key": "' + "x" * 70_000 + '"}'):
        ours.vendor.keys = broken
        assert fetch_keys(here) == 0
        assert fetch_keys(here) == 0
        clock.pass_by(minutes=11)
    assert ours.vendor.asked == 4
    assert ours.hear(address, headers=signed()) == 204


def test_who_has_no_account_there_yet_is_told_so_and_not_that_nobody_answered(ours: Ours) -> None:
    ours.vendor.linked = False
    assert ours.connect() == "refused"
    ours.vendor.linked = True
    assert ours.connect() == "done"
