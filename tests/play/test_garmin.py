"""A vendor that sends data by itself: counted as it comes, pulled from where it lies, ended when it says so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask, Response, jsonify, request

from challenges_app.app import create_app
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.connections import actions
from challenges_app.play.connections.jobs import hear_next, pull_next, sync_next
from tests.builders import World
from tests.people.doors import HTTPS, Browser, Clock, Town
from tests.play.vendors import served

ON = "2026-11-20"
LIES = "https://apis.garmin.com/wellness-api/rest/dailies?uploadStartTimeInSeconds=1&token=t"


@dataclass
class Garmin:
    """As much of the vendor as is asked here."""

    permissions: list[str] = field(default_factory=lambda: ["HEALTH_EXPORT"])
    dailies: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    down: int = 0
    renewed: int = 0

    def app(self) -> Flask:
        """The vendor on the network, below the names of its hosts."""
        app = Flask("garmin")
        app.add_url_rule("/diauth.garmin.com/<path:rest>", "token", self._token, methods=["POST"])
        app.add_url_rule("/apis.garmin.com/wellness-api/rest/<path:rest>", "api", self._api, methods=["GET", "DELETE"])
        return app

    def _token(self, rest: str) -> Response:
        self.renewed += request.form["grant_type"] == "refresh_token"
        return jsonify({"access_token": "a", "refresh_token": "r", "expires_in": 86400})

    def _api(self, rest: str) -> Response | tuple[Response, int]:
        assert request.headers["Authorization"] == "Bearer a"
        self.asked.append(rest)
        if self.down:
            self.down -= 1
            return Response("<html>"), 503
        if rest.startswith("backfill/"):
            return Response(""), 202
        told: dict[str, Any] = {"user/id": {"userId": "4aac"}, "user/permissions": self.permissions}
        return jsonify(told.get(rest, self.dailies))


@dataclass
class Ours:
    """A town that has Garmin, and somebody who is signed in."""

    town: Town
    vendor: Garmin
    person: UUID
    browser: Browser

    def connect(self) -> str:
        """Connect an account; answers the last part of the page's address."""
        told = self.browser.post("/api/steps/connections/garmin_health", {})[1]
        state = parse_qs(urlsplit(told["address"]).query)["state"][0]
        path = f"/api/steps/connections/garmin_health/return?state={state}&code=c"
        return str(self.browser.client.get(path, base_url=HTTPS).headers["Location"]).rpartition("/")[2]

    def hear(self, told: dict[str, Any], known: str = "us") -> int:
        """Be told something; answers our status."""
        here = self.town.world.here
        path = urlsplit(actions.hook_address("", here.ring, "garmin_health")).path
        headers = {"garmin-client-id": known}
        return self.browser.client.post(path, json=told, headers=headers, base_url=HTTPS).status_code

    def counted(self) -> int | None:
        """The steps of the day, once all is done that is due."""
        here = self.town.world.here
        while hear_next(here) or pull_next(here) or sync_next(here) or understand_next(here):
            pass
        with self.town.world.db.reading() as conn:
            return steps_on(conn, self.person, date.fromisoformat(ON))

    def state(self) -> str:
        """How the one connection stands, as its owner is told."""
        [found] = self.browser.get("/api/steps/connections")[1]["connections"]
        return str(found["state"])

    def notices(self) -> list[str]:
        """What the person was told of."""
        return [each["kind"] for each in self.browser.get("/api/profile/notices")[1]["notices"]]


@pytest.fixture
def ours(database_url: str) -> Iterator[Ours]:
    """A town with a vendor that sends data, on both engines."""
    clock, vendor = Clock(), Garmin()
    with served() as theirs:
        theirs.app = vendor.app()
        trackers = "garmin_health?id=us&secret=known"
        world = World.on(database_url, clock, vendors=theirs.address, trackers=trackers)
        create_app(world.here)
        town = Town(world, clock)
        person = world.person("ho")
        world.player(person)
        yield Ours(town, vendor, person, town.signed_in("ho"))
        world.db.close()


def daily(steps: int, lasts: int, user: str = "4aac") -> dict[str, Any]:
    """A summary of the day."""
    return {"userId": user, "calendarDate": ON, "steps": steps, "durationInSeconds": lasts}


def test_what_the_vendor_sends_is_counted_and_a_shorter_summary_takes_nothing_back(ours: Ours) -> None:
    assert ours.connect() == "done"
    assert ours.counted() is None
    assert ours.vendor.asked.count("backfill/dailies") == 1
    assert ours.hear({"dailies": [daily(5_000, 40_000), daily(99, 900, "nobody")]}) == 200
    assert ours.counted() == 5_000
    ours.hear({"dailies": [daily(8_200, 86_400)]})
    assert ours.counted() == 8_200
    ours.hear({"dailies": [daily(7_000, 60_000)]})  # sent late
    assert ours.counted() == 8_200
    ours.hear({"dailies": [daily(8_100, 86_401)]})  # a correction
    assert ours.counted() == 8_100


def test_nothing_is_asked_for_that_comes_by_itself_and_tokens_are_kept_alive(ours: Ours) -> None:
    ours.connect()
    ours.counted()
    for _ in range(5):
        ours.town.clock.pass_by(hours=7)
        ours.counted()
    assert ours.vendor.asked.count("backfill/dailies") == 1
    assert ours.vendor.renewed == 1  # in 35 hours, of tokens that last a day
    assert ours.browser.send("POST", "/api/steps/connections/garmin_health/sync")[0] == 204
    ours.counted()
    assert ours.vendor.asked.count("backfill/dailies") == 2


def test_who_does_not_know_our_id_is_not_heard(ours: Ours) -> None:
    ours.connect()
    assert ours.hear({"dailies": [daily(5_000, 40_000)]}, known="them") == 401
    assert ours.counted() is None


def test_data_is_pulled_from_where_the_vendor_says_it_lies_and_from_nowhere_else(ours: Ours) -> None:
    ours.connect()
    ours.counted()
    ours.vendor.dailies = [daily(6_400, 86_400)]
    ours.vendor.asked.clear()
    ours.hear({"dailies": [{"userId": "4aac", "callbackURL": "https://elsewhere.test/dailies"}]})
    assert ours.counted() is None
    assert ours.vendor.asked == []
    ours.hear({"dailies": [{"userId": "nobody", "callbackURL": LIES}]})
    assert ours.counted() is None
    assert ours.vendor.asked == []
    ours.hear({"dailies": [{"userId": "4aac", "callbackURL": LIES}]})
    assert ours.counted() == 6_400
    assert ours.vendor.asked == ["dailies"]


@pytest.mark.parametrize("failures", [1, 5])
def test_data_that_cannot_be_pulled_now_is_pulled_later_and_holds_up_no_other(ours: Ours, failures: int) -> None:
    ours.connect()
    ours.counted()
    ours.vendor.dailies, ours.vendor.down = [daily(6_400, 86_400)], failures
    ours.hear({"dailies": [{"userId": "4aac", "callbackURL": LIES}, daily(5_000, 40_000)]})
    assert ours.counted() == 5_000
    assert ours.state() == "on"
    for _ in range(failures):
        ours.town.clock.pass_by(hours=1, minutes=1)
        found = ours.counted()
    assert found == 6_400
    assert ours.state() == "on"


def test_who_leaves_at_the_vendor_or_allows_it_no_longer_is_told_once(ours: Ours) -> None:
    ours.connect()
    ours.hear({"userPermissionsChange": [{"userId": "4aac", "permissions": ["ACTIVITY_EXPORT"]}]})
    ours.counted()
    assert ours.state() == "refused"
    ours.hear({"dailies": [daily(5_000, 40_000)]})
    assert ours.counted() is None
    ours.town.clock.pass_by(minutes=1)
    assert ours.connect() == "done"
    ours.hear({"deregistrations": [{"userId": "4aac"}]})
    ours.counted()
    assert ours.state() == "gone"
    assert ours.notices().count("tracker.over") == 2


def test_who_did_not_allow_daily_health_is_told_so_and_nothing_is_connected(ours: Ours) -> None:
    ours.vendor.permissions = ["ACTIVITY_EXPORT"]
    assert ours.connect() == "refused"
    assert ours.browser.get("/api/steps/connections")[1]["connections"] == []


def test_leaving_ends_the_registration(ours: Ours) -> None:
    ours.connect()
    ours.counted()
    assert ours.browser.send("DELETE", "/api/steps/connections/garmin_health")[0] == 204
    ours.counted()
    assert ours.vendor.asked[-1] == "user/registration"
    assert ours.browser.get("/api/steps/connections")[1]["connections"] == []
