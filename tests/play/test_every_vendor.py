"""Every vendor from its consent page to counted days, against a stand-in that tells of a year and asks no questions."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, Response, jsonify, request

from challenges_app.app import create_app
from challenges_app.play.activity.actions import steps_on
from challenges_app.play.arrivals.jobs import understand_next
from challenges_app.play.connections.jobs import hear_next, pull_next, sync_next
from tests.builders import World
from tests.integrations.flows import cloud, clouds
from tests.people.doors import HTTPS, Clock, Town
from tests.play.vendors import served

EXAMPLES = Path(__file__).parents[1] / "data" / "steps"
# As each vendor names whoever agreed, in its answer to the code or to the question whose the token is.
WHO = {name: "4711" for name in ("userid", "userId", "user", "x_user_id", "id", "healthUserId", "open_id")}
TOKENS: dict[str, Any] = {"access_token": "a", "refresh_token": "r", "expires_in": 86_400, **WHO}
ASKS_WHO = ("/identity", "/personal_info", "/rest.php", "/user/id")
SENDS = [name for name in clouds() if cloud(name).CLOUD.sends]


def vendor(name: str) -> Flask:
    """A vendor that grants everything and tells of the year of its example."""
    app = Flask(name)

    @app.route("/<path:rest>", methods=["GET", "POST", "DELETE"])
    def answer(rest: str) -> Response:
        path = request.path
        if path.endswith("/permissions"):
            return jsonify(["HEALTH_EXPORT"])
        if path.endswith(ASKS_WHO) or ("/v3/users" in path and request.method == "POST"):
            return jsonify(WHO)
        if "oauth" in path and request.method == "POST":
            return jsonify({"status": 0, "body": TOKENS} if name == "withings" else TOKENS)
        return Response((EXAMPLES / name / "most-of-a-year.json").read_text("utf-8"))

    return app


@pytest.fixture
def town(tmp_path: Path, name: str) -> Iterator[Town]:
    """A town that is registered with one vendor."""
    clock = Clock()
    with served() as theirs:
        theirs.app = vendor(name)
        needs = "".join(f"&{need}=x" for need in cloud(name).CLOUD.needs)
        trackers = f"{name}?id=us&secret=known{needs}"
        world = World.on(f"sqlite:///{tmp_path / 'e.sqlite'}", clock, vendors=theirs.address, trackers=trackers)
        create_app(world.here)
        yield Town(world, clock)
        world.db.close()


@pytest.mark.parametrize("name", [name for name in clouds() if name not in SENDS])
def test_a_vendors_year_is_connected_fetched_and_counted(town: Town, name: str) -> None:
    world = town.world
    person = world.person("ho")
    world.player(person)
    browser = town.signed_in("ho")
    address = browser.post(f"/api/steps/connections/{name}", {})[1]["address"]
    state = parse_qs(urlsplit(address).query)["state"][0]
    back = f"/api/steps/connections/{name}/return?state={state}&code=c"
    assert browser.client.get(back, base_url=HTTPS).headers["Location"].endswith("/done")
    for _ in range(3):  # minutes, where our own pace is slow
        while hear_next(world.here) or pull_next(world.here) or sync_next(world.here) or understand_next(world.here):
            pass
        town.clock.pass_by(minutes=1)
    [told] = browser.get("/api/steps/connections")[1]["connections"]
    assert (told["state"], told["busy"], told["failures"]) == ("on", False, 0)
    truth = json.loads((EXAMPLES / name / "most-of-a-year.truth.json").read_text("utf-8"))["days"]
    with world.db.reading() as conn:
        counted = {on: steps_on(conn, person, date.fromisoformat(on)) for on in list(truth)[::7]}
    assert counted == {on: truth[on]["steps"] for on in counted}
    assert len(counted) > 40
