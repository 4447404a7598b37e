"""Any sequence of fixes can be replayed, and the answer has the shape and the sense that are documented."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from geo.fix import Fix
from geo.index import Grid
from geo.plausible import LEVELS
from geo.replay import replay
from geo.trace import read_trace
from tests.fuzz.budget import examples
from tests.fuzz.movements import MORNING, ODD, in_order, strolls
from tests.fuzz.mutations import mutated
from tests.fuzz.places import PARKS
from tests.fuzz.recordings import as_json

SECOND = timedelta(seconds=1)  # the answer is told in whole seconds


def moment(text: Any) -> datetime:
    """A moment of the answer, which is given in Hong Kong's time."""
    assert isinstance(text, str)
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return at


def assert_shape(answer: dict[str, Any]) -> None:
    """`{"verdict", "reasons", "visits": [...], "captures": [...]}` and nothing else, as strict JSON."""
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert list(answer) == ["verdict", "reasons", "visits", "captures"]
    assert answer["verdict"] in LEVELS
    assert answer["reasons"] == sorted(set(answer["reasons"]))
    assert bool(answer["reasons"]) == (answer["verdict"] != "ok")
    for visit in answer["visits"]:
        assert list(visit) == ["park_id", "entered_at", "left_at", "seconds"]
        assert visit["park_id"] in PARKS
        stayed = moment(visit["left_at"]) - moment(visit["entered_at"])
        assert timedelta(0) <= timedelta(seconds=visit["seconds"]) <= stayed + SECOND
    for capture in answer["captures"]:
        assert list(capture) == ["drop", "park_id", "at", "distance_m"]
        assert capture["distance_m"] >= 0
        assert capture["drop"].startswith(f"{capture['park_id']}#")


def assert_sense(answer: dict[str, Any], fixes: list[Fix]) -> None:
    """Visits follow one another within the walk; captures are made once each, in a visit to their park."""
    visits = sorted(answer["visits"], key=lambda visit: (visit["entered_at"], visit["left_at"]))
    for one, other in pairwise(visits):
        assert moment(one["left_at"]) <= moment(other["entered_at"])
    for visit in visits:
        assert fixes[0].at.replace(microsecond=0) <= moment(visit["entered_at"])
        assert moment(visit["left_at"]) <= fixes[-1].at
    drops = [capture["drop"] for capture in answer["captures"]]
    assert len(drops) == len(set(drops))
    for capture in answer["captures"]:
        there = [each for each in visits if each["park_id"] == capture["park_id"]]
        assert any(moment(each["entered_at"]) <= moment(capture["at"]) <= moment(each["left_at"]) for each in there), (
            f"{capture} lies in no visit of {there}"
        )


def replayed(fixes: list[Fix], **more: Any) -> dict[str, Any]:
    """The answer to these fixes, of the documented shape."""
    answer = replay(fixes, PARKS, **more).as_dict()
    assert_shape(answer)
    return answer


@given(strolls())
@examples(700)
def test_random_walks_among_parks(fixes: list[Fix]) -> None:
    answer = replayed(in_order(fixes))
    event(f"{answer['verdict']}, {min(3, len(answer['visits']))} visits, {min(2, len(answer['captures']))} captures")
    assert_sense(answer, in_order(fixes))


@given(strolls() | ODD, strolls() | ODD)
@examples(300)
def test_fixes_in_any_order_and_after_any_other(fixes: list[Fix], earlier: list[Fix]) -> None:
    replayed(fixes, after=earlier, park_id="hong-kong-park")


@given(ODD)
@examples(500)
def test_fixes_of_all_times_and_places(fixes: list[Fix]) -> None:
    assert_sense(replayed(in_order(fixes)), in_order(fixes))


@given(st.data())
@examples(200)
def test_a_recorded_walk_with_some_fixes_moved_or_missing(data: st.DataObject) -> None:
    try:
        fixes = read_trace(data.draw(mutated(as_json(150), most=8)))
    except ValueError:
        return
    assert_sense(replayed(fixes), fixes)


def test_nothing_is_captured_from_far_outside_the_fence() -> None:
    """Half a minute in one corner of the park, nine minutes of silence, and one fix 50 m beyond the other edge."""
    corner, street = (22.2757, 114.1604), (22.278374, 114.161169)
    fixes = [
        Fix(MORNING + timedelta(seconds=3 * number), corner[0] + number * 3e-6, corner[1], 5.0) for number in range(10)
    ]
    walk = [*fixes, Fix(MORNING + timedelta(seconds=580), *street, 5.0)]
    assert Grid(PARKS.values()).beyond_m("hong-kong-park", *street) > 50
    assert_sense(replayed(walk), walk)
