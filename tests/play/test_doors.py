"""The doors of play, as a page uses them: each refusal with its reason, and nothing that can be talked around."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from challenges_app.app import create_app
from challenges_app.play.live.rules import Coalescer, spread_ms
from challenges_app.settings import read
from tests.builders import CHALLENGE, KEYS, MORNING, PEPPER, World
from tests.walking import Walk, always_open

HTTPS = "https://eplus.test"
SCHOOL = "528781"


class Clock:
    """A clock that a test can set."""

    moment = MORNING

    def __call__(self) -> datetime:
        return self.moment


class Phone:
    """A pupil's phone: walks, and captures from where it is."""

    def __init__(self, town: "Town", name: str = "mei") -> None:
        self.town = town
        self.client: FlaskClient = create_app(town.world.here).test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.send("/api/session", {"name": name, "password": name * 2})

    def send(self, path: str, body: Any) -> tuple[int, Any]:
        """Status and body of a POST."""
        answer = self.client.post(path, json=body, base_url=HTTPS)
        return answer.status_code, answer.get_json()

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body of a GET."""
        answer = self.client.get(path, base_url=HTTPS)
        return answer.status_code, answer.get_json()

    def walk(self) -> Walk:
        """Walk into the park, all but the last step; answers the walk."""
        walk = Walk.until(self.town.clock.moment)
        for batch in walk.batches():
            assert self.send("/api/fixes", batch)[0] == 200
        return walk

    def capture(self, drop: object, fix: dict[str, Any], trail: list[dict[str, Any]] | None = None) -> tuple[int, str]:
        """Status, and the refusal's code or "captured"."""
        wanted = {"client_id": uuid4().hex, "drop_id": str(drop), "fix": fix, "trail": trail or []}
        status, body = self.send("/api/captures", wanted)
        return status, body["error"]["code"] if "error" in body else "captured"


class Town:
    """A world with a pupil and a clock, in parks that are open as long as a test likes."""

    def __init__(self, folder: Path, **others: object) -> None:
        self.clock = Clock()
        self.world = World.on(f"sqlite:///{folder / 'eplus.sqlite'}", self.clock, **others)
        (self.class_id,) = self.world.school(SCHOOL)
        self.pupil("mei")

    def pupil(self, name: str) -> None:
        """A pupil of ten."""
        child = self.world.person(name, born=date(2016, 7, 7))
        self.world.enrol(child, self.class_id)

    def drop_near(self, walk: Walk, north_m: float = 20) -> object:
        """A drop so many metres north of the walk's end."""
        return self.world.drop(place=(walk.last["lat"] + north_m / 110_600, walk.last["lon"]))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town without a curfew, whose parks never close."""
    made = Town(tmp_path, parks=always_open(tmp_path))
    yield made
    made.world.db.close()


@pytest.fixture
def phone(town: Town) -> Phone:
    """The pupil's phone."""
    return Phone(town)


def test_a_capture_within_reach_counts(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    assert phone.capture(town.drop_near(walk), walk.last) == (201, "captured")


def test_a_capture_that_is_sent_again_may_name_any_time(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    wanted = {"client_id": uuid4().hex, "drop_id": str(town.drop_near(walk)), "fix": walk.last, "trail": []}
    assert phone.send("/api/captures", wanted)[0] == 201
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        again = {**wanted, "fix": {**walk.last, "fixed_at": moment}}
        assert phone.send("/api/captures", again)[0] == 200


def test_too_far_says_how_far(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    wanted = {"client_id": "a", "drop_id": str(town.drop_near(walk, north_m=160)), "fix": walk.last}
    status, body = phone.send("/api/captures", wanted)
    assert (status, body["error"]["code"]) == (409, "capture.too_far")
    assert body["error"]["details"] == {"distance_m": 160, "reach_m": 80}
    assert body["error"]["message"] == "You are 160 m away. Come within 80 m to catch it."


def test_a_fix_out_of_nowhere_is_not_a_walk(town: Town, phone: Phone) -> None:
    walk = Walk.until(town.clock.moment)
    assert phone.capture(town.drop_near(walk), walk.last) == (409, "park.not_inside")


def test_a_coarse_fix_captures_nothing(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    assert phone.capture(town.drop_near(walk), {**walk.last, "accuracy_m": 140}) == (422, "fix.too_coarse")


def test_a_place_claimed_at_a_moment_already_walked_is_not_believed(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    phone.send("/api/fixes", {"fixes": [walk.last]})
    far = {**walk.last, "lat": walk.last["lat"] + 0.03}
    drop = town.world.drop(place=(far["lat"], far["lon"]))
    assert phone.capture(drop, far) == (409, "fix.unknown")


@pytest.mark.parametrize("ago", [timedelta(days=1), timedelta(minutes=11)])
def test_an_old_place_beside_an_honest_trail_is_not_believed(town: Town, phone: Phone, ago: timedelta) -> None:
    walk = phone.walk()
    old = {**walk.last, "fixed_at": (town.clock.moment - ago).isoformat()}
    assert phone.capture(town.drop_near(walk), old, trail=[walk.last]) == (409, "fix.too_old")


def test_a_phone_whose_clock_is_ahead_is_told(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    ahead = {**walk.last, "fixed_at": (town.clock.moment + timedelta(minutes=3)).isoformat()}
    assert phone.capture(town.drop_near(walk), ahead) == (409, "fix.from_future")


def test_what_could_not_be_sent_goes_along_with_the_capture(town: Town, phone: Phone) -> None:
    walk = Walk.until(town.clock.moment, count=110)
    assert phone.capture(town.drop_near(walk), walk.last, trail=walk.fixes[50:-1]) == (201, "captured")


def test_batches_sent_again_change_nothing(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    for batch in walk.batches() * 3:
        _, told = phone.send("/api/fixes", batch)
    assert (told["presence"]["state"], told["verdict"]) == ("inside", "ok")
    assert phone.capture(town.drop_near(walk), walk.last) == (201, "captured")


def test_somebody_elses_recording_is_found(town: Town, phone: Phone) -> None:
    phone.walk()
    town.pupil("wing")
    town.clock.moment += timedelta(hours=1)
    copied = Phone(town, "wing").walk()
    _, told = Phone(town, "wing").send("/api/fixes", {"fixes": [copied.last]})
    assert (told["verdict"], told["reasons"]) == ("impossible", ["replayed"])


def test_a_closed_park_pauses_play_and_refuses(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.clock.moment = MORNING.replace(hour=17)  # one in the morning, Hong Kong time
    phone = Phone(town)
    walk = phone.walk()
    _, told = phone.send("/api/fixes", {"fixes": [walk.last]})
    assert told["pause"]["code"] == "park.closed"
    assert phone.capture(town.drop_near(walk), walk.last) == (409, "park.closed")


def test_a_child_is_sent_home_at_night_even_in_an_open_park(tmp_path: Path) -> None:
    curfew = read({"EPLUS_KEYS": KEYS, "EPLUS_PEPPER": PEPPER}).curfew
    town = Town(tmp_path, parks=always_open(tmp_path), curfew=curfew)
    town.clock.moment = MORNING.replace(hour=14, minute=30)
    phone = Phone(town)
    walk = phone.walk()
    assert phone.capture(town.drop_near(walk), walk.last) == (409, "child.curfew")


def test_a_school_with_four_players_is_hidden_and_with_five_is_not(town: Town, phone: Phone) -> None:
    drop, board = town.world.drop(), f"/api/boards/{CHALLENGE}:all:school:city"
    for shown in (0, 0, 0, 0, 1):
        town.world.take(town.world.player(child=True, school_id=SCHOOL), drop)
        town.world.carry()
        assert len(phone.get(board)[1]["top"]) == shown


def test_ones_own_points_say_when_they_were_reached_and_a_familys_do_not(town: Town, phone: Phone) -> None:
    walk = phone.walk()
    assert phone.capture(town.drop_near(walk), walk.last) == (201, "captured")
    town.world.carry()
    _, own = phone.get(f"/api/boards/{CHALLENGE}:all:player:{SCHOOL}/me")
    assert own["mine"]["points"] == 10
    assert datetime.fromisoformat(own["reached_at"]) == datetime.fromisoformat(walk.last["fixed_at"])
    assert phone.get(f"/api/boards/{CHALLENGE}:all:school:city/me")[1]["reached_at"] is None


def test_a_family_of_one_player_is_not_shown(town: Town, phone: Phone) -> None:
    home, board = uuid4(), f"/api/boards/{CHALLENGE}:all:household:city"
    for number, shown in enumerate((0, 1)):
        town.world.take(town.world.player(household_id=home), town.world.drop())
        town.world.carry()
        assert len(phone.get(board)[1]["top"]) == shown, number


@pytest.mark.parametrize(
    "board",
    ["nonsense", f"{CHALLENGE}:all:class:city", f"{CHALLENGE}:all:player:510530", f"{CHALLENGE}:soon:school:city",
     f"{CHALLENGE}:all:household:mars", "unknown:all:school:city", f"{CHALLENGE}:all:player:city", "a%00b", "x" * 3000],
)  # fmt: skip
def test_a_board_that_is_none_and_one_that_is_not_for_me_look_alike(phone: Phone, board: str) -> None:
    for path in (f"/api/boards/{board}", f"/api/boards/{board}/me"):
        status, body = phone.get(path)
        assert (status, body["error"]["code"]) == (404, "board.unknown")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"fixes": [{"lat": NaN}]}',
        b'{"fixes": 1e999}',
        b"\xff\xfe",
        b'{"fixes": []}',
        b'{"client_id": "\\u0000"}',
    ],
)
def test_a_body_that_is_no_good_is_refused_in_our_shape(phone: Phone, body: bytes) -> None:
    for path in ("/api/fixes", "/api/captures", "/api/session"):
        answer = phone.client.post(path, data=body, content_type="application/json", base_url=HTTPS)
        assert answer.status_code in (400, 422), (path, answer.status_code)
        assert answer.get_json()["error"]["code"] in ("http.invalid", "http.unreadable")


def test_long_answers_travel_compressed(phone: Phone) -> None:
    answer = phone.client.get("/api/parks/hong-kong-park", headers={"Accept-Encoding": "gzip"}, base_url=HTTPS)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_ticks_of_a_board_come_once_a_second_with_the_newest_revision() -> None:
    ticks = Coalescer()
    due: Callable[[float], dict[str, int]] = ticks.due
    ticks.changed("a", 1)
    assert due(10.0) == {"a": 1}
    for rev in (2, 4, 3):
        ticks.changed("a", rev)
    assert due(10.9) == {}
    assert due(11.0) == {"a": 4}
    assert due(99.0) == {}


def test_many_listeners_fetch_apart() -> None:
    assert [spread_ms(listeners) for listeners in (1, 400, 1_000_000)] == [5, 2000, 10_000]
