"""Speeds that neither legs nor wheels have: too fast in a park, and recordings played too fast.

Running and riding are no offence, they merely earn nothing; so each rule asks for more than speed. Playing a walk
faster multiplies its jitter with its speed, while a phone that is really carried so fast reports a calm line, since
its filter trusts its momentum; and it packs the fixes closer than any phone makes them.
"""

from math import hypot
from typing import Final

import msgspec

from geo.reach import Point, velocity

EARNING_MPS: Final = 10.5 / 3.6  # above this nothing is earned
SMOOTH_S: Final = 8.0

FAST_MPS: Final = 30 / 3.6
FAST_SPAN_S: Final = 4.0
FAST_S: Final = 30.0  # so long in all, less the time that was slower

# No phone locates itself much more than once a second; a recording played faster does.
RAPID_S: Final = 0.8
RAPID_STEPS: Final = 31
RAPID_M: Final = 8.0

# As fast as only a good runner keeps up over such a distance, while the fixes would throw the runner about.
CHORD_S: Final = 10.0
RUN_M: Final = 240.0
RUN_MPS: Final = 3.55
LEAST_RUN_MPS: Final = 2.6  # slower over a chord, and the run is over
TURN_BACK: Final = -0.5  # cosine; runners seldom do, a drifting error often,
DRIFT_MPS: Final = 5.5  # but not so fast
JOLT_MPS2: Final = 3.25
JOLT_STEP_S: Final = 2.5  # fixes farther apart than this say nothing of jolts
MOST_JOLT_MPS2: Final = 30.0  # one glitch counts no more


class Pace(msgspec.Struct, frozen=True, array_like=True):
    """Running figures of how fast, and how roughly, a phone moves; all but the first two grow only inside a fence."""

    mps: float = 0.0  # smoothed speed
    jolt: float = 0.0  # running mean of the squared acceleration from fix to fix
    fast_s: float = 0.0
    chord: Point | None = None  # where the running chord began
    way: tuple[float, float] = (0.0, 0.0)  # of the last chord, metres east and north
    ran_m: float = 0.0
    ran_s: float = 0.0


NEW: Final = Pace()


def extended(pace: Pace, tail: tuple[Point, ...], inside: bool) -> Pace:
    """The figures with the newest position of the tail; `inside` says that the player is in a park's fence."""
    if len(tail) < 2:
        return NEW
    mps, jolt = hypot(*velocity(tail, SMOOTH_S)), _jolt(pace.jolt, tail)
    passed = min(tail[-1][0] - tail[-2][0], CHORD_S)
    if not inside:
        return Pace(mps, jolt, max(0.0, pace.fast_s - passed))
    is_fast = mps > EARNING_MPS and hypot(*velocity(tail, FAST_SPAN_S)) > FAST_MPS
    # Seen every ten seconds, a jump there and back is two fast steps; each counts only for the span of its velocity.
    fast_s = max(0.0, pace.fast_s + (min(passed, FAST_SPAN_S) if is_fast else -passed))
    return Pace(mps, jolt, fast_s, *_run(pace, tail[-1]))


def charges(pace: Pace, tail: tuple[Point, ...]) -> list[str]:
    """Reasons to doubt this pace."""
    found = []
    if pace.fast_s >= FAST_S:
        found.append("too_fast")
    jolted = pace.ran_m >= RUN_M and pace.ran_m > RUN_MPS * pace.ran_s and pace.jolt > JOLT_MPS2**2
    if jolted or _is_rapid(tail):
        found.append("time_compressed")
    return found


def _run(pace: Pace, point: Point) -> tuple[Point, tuple[float, float], float, float]:
    """The run so far, as the last four fields of Pace. Going slower or turning back ends it."""
    start = pace.chord
    if start is None:
        return point, (0.0, 0.0), 0.0, 0.0
    seconds = point[0] - start[0]
    if seconds < CHORD_S:
        return start, pace.way, pace.ran_m, pace.ran_s
    way = point[1] - start[1], point[2] - start[2]
    metres = hypot(*way)
    back = way[0] * pace.way[0] + way[1] * pace.way[1] < TURN_BACK * metres * hypot(*pace.way)
    if metres < (DRIFT_MPS if back else LEAST_RUN_MPS) * seconds:
        return point, way, 0.0, 0.0
    return point, way, pace.ran_m + metres, pace.ran_s + seconds


def _jolt(jolt: float, tail: tuple[Point, ...]) -> float:
    if len(tail) < 3:
        return 0.0
    (t0, x0, y0, _), (t1, x1, y1, _), (t2, x2, y2, _) = tail[-3:]
    first, second = t1 - t0, t2 - t1
    if first > JOLT_STEP_S or second > JOLT_STEP_S:
        return jolt * 0.8
    half = (first + second) / 2
    east = ((x2 - x1) / second - (x1 - x0) / first) / half
    north = ((y2 - y1) / second - (y1 - y0) / first) / half
    return jolt + (min(east * east + north * north, MOST_JOLT_MPS2**2) - jolt) / 10


def _is_rapid(tail: tuple[Point, ...]) -> bool:
    if len(tail) <= RAPID_STEPS:
        return False
    start, end = tail[-1 - RAPID_STEPS], tail[-1]
    return end[0] - start[0] < RAPID_S * RAPID_STEPS and hypot(end[1] - start[1], end[2] - start[2]) > RAPID_M
