"""Recorded walks with a known truth, whole: visits, verdicts and captures."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import pytest

from geo.fix import Fix
from geo.metric import distance_m, moved
from geo.replay import Replay, replay
from geo.trace import read_trace
from tests.geo import honest, spoofs
from tests.geo.honest import dice
from tests.geo.places import REPOSITORY, central_parks

DATA = REPOSITORY / "tests" / "data"
SHARED = Path(os.environ.get("EPLUS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))


@cache
def given_walk() -> tuple[Fix, ...]:
    """Our own walk into and out of Hong Kong Park, with two glitches."""
    return tuple(read_trace((DATA / "walk-hong-kong-park.json").read_bytes()))


def found_in(*fixes: Fix, after: tuple[Fix, ...] | None = None, park_id: str | None = None) -> Replay:
    return replay(fixes, central_parks(), after=after, park_id=park_id)


def test_the_given_walk_agrees_with_its_truth() -> None:
    truth = msgspec.json.decode((DATA / "walk-hong-kong-park.truth.json").read_bytes())
    found = found_in(*given_walk())
    (visit,) = found.visits
    assert (found.verdict, found.reasons, visit.park_id) == ("ok", (), truth["park_id"])
    assert abs((visit.entered_at - datetime.fromisoformat(truth["entered_at"])).total_seconds()) <= 20
    assert abs((visit.last_at - datetime.fromisoformat(truth["left_at"])).total_seconds()) <= 20
    assert visit.seconds == pytest.approx(truth["seconds_inside_true_path"], rel=0.25)


@pytest.mark.parametrize("kind", ["json", "gpx"])
def test_a_real_phones_walk_agrees_with_its_truth(kind: str) -> None:
    example = SHARED / "wearables" / "gps_example" / f"walk_example_hong_kong_park.{kind}"
    if not example.exists():
        pytest.skip(f"no example data at {example}; EPLUS_SHARED_DATA names their folder")
    truth = msgspec.json.decode(example.with_suffix(".truth.json").read_bytes())
    found = found_in(*read_trace(example.read_bytes()))
    (visit,) = found.visits
    assert (found.verdict, found.reasons, visit.park_id) == ("ok", (), truth["target_park"])
    assert visit.seconds == pytest.approx(truth["seconds_inside_stepwise"], rel=0.25)


def test_it_is_told_in_these_words() -> None:
    told = found_in(*given_walk()).as_dict()
    assert list(told) == ["verdict", "reasons", "visits", "captures"]
    assert (told["verdict"], told["reasons"]) == ("ok", [])
    (visit,) = told["visits"]
    assert visit == {
        "park_id": "hong-kong-park",
        "entered_at": "2024-11-02T10:02:45+08:00",
        "left_at": "2024-11-02T10:08:27+08:00",
        "seconds": 342,
    }
    assert told["captures"]
    for capture in told["captures"]:
        assert set(capture) == {"drop", "park_id", "at", "distance_m"}
        assert visit["entered_at"] <= capture["at"] <= visit["left_at"]
        assert capture["distance_m"] <= 80
    assert msgspec.json.decode(msgspec.json.encode(told)) == told


def test_each_drop_is_captured_once() -> None:
    drops = [capture.drop for capture in found_in(*given_walk()).captures]
    assert len(drops) == len(set(drops))


def test_the_same_recording_after_itself_is_a_copy() -> None:
    found = found_in(*given_walk(), after=given_walk())
    assert (found.verdict, found.reasons) == ("impossible", ("replayed",))


@pytest.mark.parametrize("times", [0.5, 1, 2, 3, 5, 10])
def test_a_week_later_and_at_another_speed_it_is_still_a_copy(times: float) -> None:
    later = [replace(fix, at=fix.at + timedelta(days=7)) for fix in given_walk()]
    found = found_in(*spoofs.hastened(later, times), after=given_walk())
    assert (found.verdict, "replayed" in found.reasons) == ("impossible", True)


def test_in_another_place_it_is_still_a_copy() -> None:
    elsewhere = [spoofs.shifted(fix, 800, 900) for fix in given_walk()]
    assert found_in(*elsewhere, after=given_walk()).reasons == ("replayed",)
    assert found_in(*elsewhere).verdict == "ok"


def test_another_walk_on_the_same_way_is_no_copy() -> None:
    path = honest.strolled(dice("way"), 600, 1.2)
    one, other = (honest.Phone(2).fixes(path, dice(("phone", turn))) for turn in range(2))
    assert found_in(*other, after=tuple(one)).verdict == "ok"


def test_a_recording_that_runs_in_a_loop_is_a_copy_of_itself() -> None:
    once = honest.Phone(2).fixes(honest.strolled(dice("loop"), 300, 1.2), dice("phone"))
    twice = once + [replace(fix, at=fix.at + timedelta(seconds=302)) for fix in once]
    assert "replayed" in found_in(*twice).reasons


@pytest.mark.parametrize("times", [3, 4, 5, 6, 7, 8, 9, 10])
def test_the_given_walk_played_faster_is_found(times: float) -> None:
    found = found_in(*spoofs.hastened(given_walk(), times))
    assert found.verdict == "doubtful"
    assert "time_compressed" in found.reasons


def test_with_a_detour_by_teleport_it_is_impossible() -> None:
    away = [spoofs.shifted(fix, 4000, 0) if 70 <= index < 100 else fix for index, fix in enumerate(given_walk())]
    found = found_in(*away)
    assert (found.verdict, found.reasons) == ("impossible", ("teleport",))


@pytest.mark.parametrize("accuracy", [None, 12.0])
def test_it_does_not_need_the_phones_own_accuracy(accuracy: float | None) -> None:
    found = found_in(*(replace(fix, accuracy_m=accuracy) for fix in given_walk()))
    assert (found.verdict, len(found.visits)) == ("ok", 1)


@pytest.mark.parametrize("every", [2, 3, 5])
def test_a_phone_that_reports_less_often_sees_the_same_visit(every: int) -> None:
    found = found_in(*given_walk()[::every])
    (visit,) = found.visits
    assert found.verdict == "ok"
    assert visit.seconds == pytest.approx(339, rel=0.25)


def test_what_is_doubtful_captures_nothing_and_stays_on_record() -> None:
    start = given_walk()[0].at
    line = [Fix(start + timedelta(seconds=turn), *moved(22.2772, 114.1600, 1.3 * turn, 0), 5.0) for turn in range(200)]
    found = found_in(*line)
    assert found.verdict == "doubtful"
    assert all((capture.at - start).total_seconds() < 60 for capture in found.captures)


def test_a_visit_that_is_still_open_ends_with_the_last_fix_in_the_park() -> None:
    half = given_walk()[:100]
    (visit,) = found_in(*half).visits
    assert visit.last_at == half[-1].at


def test_only_the_park_that_is_asked_for_has_a_fence() -> None:
    assert len(found_in(*given_walk(), park_id="hong-kong-park").visits) == 1
    assert found_in(*given_walk(), park_id="blake-gardens").visits == ()
    with pytest.raises(KeyError):
        found_in(*given_walk(), park_id="no-such-park")


def test_captures_are_within_reach_of_their_drops() -> None:
    from geo.replay import DROPS, SEED
    from geo.scatter import scatter

    places = scatter(central_parks()["hong-kong-park"], DROPS, SEED)
    by_time = {fix.at: fix for fix in given_walk()}
    for capture in found_in(*given_walk()).captures:
        fix, number = by_time[capture.at], int(capture.drop.partition("#")[2])
        assert distance_m(fix.lat, fix.lon, *places[number]) == pytest.approx(capture.distance_m)
