"""Random movements that a phone could report: any place and time on Earth, any gap, any accuracy."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from geo.fix import Fix
from geo.metric import moved
from tests.fuzz.places import PARKS

MORNING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
# The ends of the calendar too: whoever adds eight hours there leaves it.
STARTS = st.sampled_from([MORNING] * 8 + [datetime(9999, 12, 31, 20, tzinfo=UTC), datetime(1, 1, 1, 1, tzinfo=UTC)])
EVER = st.datetimes(timezones=st.just(UTC) | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))))
NEAR_PARKS = st.sampled_from([(park.lat, park.lon) for park in PARKS.values()])
ANYWHERE = (
    st.tuples(st.floats(-90, 90), st.floats(-180, 180))
    | st.sampled_from([(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (22.3, 180.0), (0.0, 0.0)])
    | NEAR_PARKS
)
ACCURACY = st.none() | st.floats(0, 40) | st.floats(0, 1e308) | st.sampled_from([0.0, 5e-324, 100.0])
SPEED = st.none() | st.floats(0, 1e308)
GAPS_S = (
    st.sampled_from([1.0, 1.0, 3.0, 3.0, 5.0, 20.0, 59.0, 121.0, 599.0, 601.0])
    | st.floats(0, 30)
    | st.sampled_from([0.0, 1e-6, -1.0, -600.0, 86_400.0])
)
STEPS_M = (
    st.tuples(st.floats(-8, 8), st.floats(-8, 8))
    | st.tuples(st.floats(-200, 200), st.floats(-200, 200))
    | st.just((0.0, 0.0))
    | st.tuples(st.floats(-3e4, 3e4), st.floats(-3e4, 3e4))
)
PIECES = st.lists(st.tuples(GAPS_S, STEPS_M, ACCURACY, st.integers(1, 12)), min_size=1, max_size=25)


@st.composite
def strolls(draw: st.DrawFn) -> list[Fix]:
    """A movement that begins near parks and goes on by steps, several alike in a row, now and then a jump or a gap."""
    (lat, lon), at, found = draw(NEAR_PARKS), draw(STARTS), []
    for gap_s, (east_m, north_m), accuracy, times in draw(PIECES):
        for _ in range(times):
            with suppress(OverflowError):
                at += timedelta(seconds=gap_s)
            lat, lon = moved(lat, lon, east_m, north_m)
            lat, lon = max(-90.0, min(90.0, lat)), max(-180.0, min(180.0, lon))
            found.append(Fix(at, lat, lon, accuracy))
        if draw(st.integers(0, 5)) == 0:
            lat, lon = draw(NEAR_PARKS)
    return found


FIXES = st.builds(
    lambda at, place, accuracy, speed: Fix(at, place[0], place[1], accuracy, speed), EVER, ANYWHERE, ACCURACY, SPEED
)
ODD = st.lists(FIXES, max_size=20)  # each by itself is a fix; together they are nobody's walk


def in_order(fixes: list[Fix]) -> list[Fix]:
    """As a recording gives them: by time, each moment once."""
    by_time = {fix.at: fix for fix in fixes}
    return [by_time[at] for at in sorted(by_time)]
