"""What is remembered of a walk between two requests: kept without loss, and harmless when it comes back damaged."""

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from geo.fix import Fix
from geo.index import Grid
from geo.walk import FORMAT, Advanced, Walk, advance, capture_refusal, upcoming_marks
from tests.fuzz.budget import examples
from tests.fuzz.movements import FIXES, MORNING, ODD, in_order, strolls
from tests.fuzz.mutations import mutated
from tests.fuzz.places import PARKS

GRID = Grid(PARKS.values())
KEY = SALT = b"fuzz"


def gone_on(walk: Walk, fix: Fix) -> Advanced:
    """One more fix; every fourth mark is known already, so that replays are met, too."""
    return advance(walk, fix, index=GRID, known=lambda mark, _at: mark[0] % 4 == 0, key=KEY, salt=SALT)


def walked(fixes: list[Fix], walk: Walk | None = None) -> Walk:
    """The walk after these fixes."""
    found = walk or Walk()
    for fix in fixes:
        found = gone_on(found, fix).walk
    return found


@given(strolls() | ODD, FIXES)
@examples(700)
def test_a_walk_comes_back_as_it_was(fixes: list[Fix], following: Fix) -> None:
    walk = walked(fixes)
    back = Walk.from_bytes(walk.to_bytes())
    assert back.to_bytes() == walk.to_bytes()
    one, other = gone_on(back, following), gone_on(walk, following)
    assert one.walk.to_bytes() == other.walk.to_bytes()
    assert (one.verdict, one.events, one.mark) == (other.verdict, other.events, other.mark)


@given(strolls(), st.integers(0, 50))
@examples(300)
def test_a_walk_kept_between_any_two_fixes_goes_on_the_same(fixes: list[Fix], at: int) -> None:
    ordered = in_order(fixes)
    kept = Walk.from_bytes(walked(ordered[:at]).to_bytes())
    assert walked(ordered[at:], kept).to_bytes() == walked(ordered).to_bytes()


def _step(number: int) -> Fix:
    return Fix(MORNING + timedelta(seconds=3 * number), 22.2772 + number * 1e-5, 114.1617 + (number % 5) * 3e-6, 6.0)


WALKS = [walked([_step(number) for number in range(count)]) for count in (1, 5, 60, 200)]
KEPT = [walk.to_bytes() for walk in WALKS]
TREES = [[FORMAT, msgspec.to_builtins(walk, builtin_types=(datetime,))] for walk in WALKS]  # what the bytes hold
ABSURD = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=5)
    | st.sampled_from([0, 1, -1, 0.0, math.nan, math.inf, -math.inf, 1e308, [], {}, (), [[]]])
    | st.sampled_from(["inside", "maybe", "left", "ok", "impossible", "2026-11-21T02:00:00", "tamar-park", "nowhere"])
    | st.datetimes() | st.datetimes(timezones=st.just(UTC)) | st.binary(max_size=4)
)  # fmt: skip


def altered(value: Any, draw: st.DrawFn, left: list[int]) -> Any:
    """The same tree with the leaf or branch at a countdown's end replaced, doubled or taken away."""
    left[0] -= 1
    if left[0] == 0:
        return draw(ABSURD)
    if isinstance(value, list | tuple):
        found = [altered(each, draw, left) for each in value]
        if left[0] == 0 and draw(st.integers(0, 1)):
            left[0] = -1
            return draw(st.sampled_from([found[:-1], found[1:], found * 2, found[::-1]]))
        return found
    if isinstance(value, dict):
        return {key: altered(each, draw, left) for key, each in value.items()}
    return value


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """Stored bytes that are still well-formed, while one to three of their values are not what they were."""
    tree = draw(st.sampled_from(TREES))
    for _ in range(draw(st.integers(1, 3))):
        tree = altered(tree, draw, [draw(st.integers(1, 150))])
    try:
        return msgspec.msgpack.encode(tree)
    except (OverflowError, msgspec.MsgspecError):
        return b""


def assert_harmless(stored: bytes) -> None:
    """Nothing is raised by reading it, by asking about it, nor by going on with it."""
    walk = Walk.from_bytes(stored)
    next_fixes = [_step(number) for number in (201, 202, 203, 230, 800, 801, 802)]
    upcoming_marks(walk, next_fixes, KEY)
    for fix in next_fixes:
        walk = gone_on(walk, fix).walk
        capture_refusal(walk, fix, "hong-kong-park", fix.lat, fix.lon)
    assert Walk.from_bytes(walk.to_bytes()).to_bytes() == walk.to_bytes()


@given(mutated(*KEPT, most=3) | st.binary(max_size=60))
@examples(2500)
def test_damaged_bytes_are_harmless(stored: bytes) -> None:
    assert_harmless(stored)


@given(bent())
@examples(2500)
def test_well_formed_bytes_with_other_values_are_harmless(stored: bytes) -> None:
    assert_harmless(stored)


@given(st.integers(0, 10_000), st.floats())
@examples(500)
def test_a_number_overwritten_by_any_other_is_harmless(at: int, instead: float) -> None:
    stored = bytearray(msgspec.msgpack.encode(TREES[2]))
    marks = [where for where, byte in enumerate(stored[:-8]) if byte == 0xCB]  # where msgpack begins a float
    where = marks[at % len(marks)] + 1
    stored[where : where + 8] = struct.pack(">d", instead)
    assert_harmless(bytes(stored))


def test_a_moment_without_an_offset_is_not_taken() -> None:
    release, (presence, track, trail, *rest) = TREES[1]
    trail = ["2026-11-21T02:00:00", *trail[1:]]
    assert_harmless(msgspec.msgpack.encode([release, [presence, track, trail, *rest]]))
