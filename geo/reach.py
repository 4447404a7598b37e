"""Can each position be reached from the one before? Jumps that return are filtered, jumps that stay are judged.

A phone now and then reports one place 20 to 90 m off, claiming a few metres, and a second later is right again; after
a start or a gap it may first repeat a place that it remembers. So a position out of reach is *held*: dropped when the
next ones are where they were expected, believed when four of them, over eight seconds, agree on the new place.
"""

from math import hypot
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

Point = tuple[float, float, float, float]  # seconds, metres east, metres north of the track's origin, error in metres

TAIL: Final = 40  # positions kept,
TAIL_S: Final = 300.0  # and none older than this but the last one

STEP_MPS: Final = 8.0  # what moves less than this from one fix to the next needs no further look
PULL_MPS2: Final = 4.0  # vehicles brake and speed up by less
VEHICLE_MPS: Final = 45.0  # the fastest train of the city runs 37
VELOCITY_S: Final = 4.0

REST_MPS: Final = 5.0
REST_S: Final = 8.0

AGREE_MPS: Final = 12.0  # held positions agree when they could be one person's
BELIEVED: Final = 4
BELIEVED_S: Final = 8.0
LOST: Final = 12  # positions in a row, over LOST_S, that nothing leads to
LOST_S: Final = 30.0

# Phones change from one way of locating to another and settle 50 or 100 m away: no offence, unless it goes on and on.
SETTLE_M: Final = 60.0
SETTLES: Final = 5
SETTLES_S: Final = 600.0
JUMP_M: Final = 120.0
SURE_JUMP_M: Final = 400.0
SURE_JUMP_MPS: Final = 100.0

GAP_S: Final = 30.0  # after a start or a gap the first positions may be remembered ones,
FRESH: Final = 5
FRESH_S: Final = 10.0
STALE: Final = 10  # or one remembered position over and over
STALE_S: Final = 30.0

# A hop is a step that no runner makes, and not onwards from the step before.
HOP_M: Final = 20.0
HOP_MPS: Final = 6.0
HOP_TURN: Final = 0.3  # cosine of the turn
HOPS: Final = 8
OF_STEPS: Final = 16


class Reach(msgspec.Struct, frozen=True, array_like=True):
    """Where the phone has been of late, and what is held back."""

    tail: tuple[Point, ...] = ()  # the believed positions
    held: tuple[Point, ...] = ()
    lost: int = 0  # positions since the last believed one
    settles: tuple[float, ...] = ()  # when it last settled somewhere else
    last: Point | None = None  # the last position, believed or not,
    step: tuple[float, float] = (0.0, 0.0)  # and the step to it
    hops: int = 0  # the last steps as bits, 1: a hop
    # Of the positions believed since the start or the last gap: how many, the first one's time, whether any differ.
    fresh: int = 0
    fresh_at: float = 0.0
    fresh_moved: bool = False
    before_gap: Point | None = None


class Placed(NamedTuple):
    """What became of one position."""

    reach: Reach
    used: bool
    anew: bool  # the tail begins again, somewhere else
    charge: str | None  # the reason, where neither people nor phones move so
    sure: bool


def placed(reach: Reach, point: Point) -> Placed:
    """The tail with one more position, which is later than the last."""
    reach = _noted(reach, point)
    charge = "random_points" if reach.hops.bit_count() >= HOPS else None
    if not reach.tail:
        return Placed(_believed(reach, point), True, False, charge, False)
    if reach.held and _agrees(reach, point):
        held = (*reach.held, point)
        if len(held) < BELIEVED or point[0] - held[0][0] < BELIEVED_S:
            return Placed(replace(reach, held=held, lost=reach.lost + 1), False, False, charge, False)
        jump, sure = _judged(reach, held[0])
        return Placed(_settled(reach, held), True, True, jump or charge, sure)
    if _is_reached(reach.tail, point):
        return Placed(_believed(reach, point), True, False, charge, False)
    if reach.lost + 1 >= LOST and point[0] - reach.tail[-1][0] >= LOST_S:
        # Nothing has led anywhere for half a minute: not even a train moves so. Begin again here.
        return Placed(_settled(reach, (point,)), False, True, charge or "too_fast", False)
    return Placed(replace(reach, held=(point,), lost=reach.lost + 1), False, False, charge, False)


def velocity(tail: tuple[Point, ...], span_s: float) -> tuple[float, float]:
    """Metres per second (east, north) over the last `span_s` seconds of the tail, or as much as there is."""
    end = start = tail[-1]
    for start in tail[-2::-1]:
        if end[0] - start[0] >= span_s:
            break
    if start is end:
        return 0.0, 0.0
    passed = end[0] - start[0]
    return (end[1] - start[1]) / passed, (end[2] - start[2]) / passed


def _noted(reach: Reach, point: Point) -> Reach:
    """The position as the last one, a gap before it, and whether it is a hop."""
    last = reach.last
    if last is None:
        return replace(reach, last=point, fresh_at=point[0])
    passed = point[0] - last[0]
    east, north = point[1] - last[1], point[2] - last[2]
    hops = (reach.hops << 1 | _is_hop(reach.step, (east, north), passed, last[3] + point[3])) & ((1 << OF_STEPS) - 1)
    if passed < GAP_S or not reach.tail:
        return replace(reach, last=point, step=(east, north), hops=hops)
    return replace(
        reach,
        last=point,
        step=(east, north),
        hops=hops,
        fresh=0,
        fresh_at=point[0],
        fresh_moved=False,
        before_gap=reach.tail[-1],
    )


def _is_hop(before: tuple[float, float], step: tuple[float, float], passed: float, error: float) -> bool:
    length = hypot(*step)
    if length <= HOP_M or length - error <= HOP_MPS * passed:
        return False
    return before[0] * step[0] + before[1] * step[1] < HOP_TURN * length * hypot(*before)


def _agrees(reach: Reach, point: Point) -> bool:
    """Whether a position is better explained by the held ones than by the tail."""
    first, last = reach.held[0], reach.held[-1]
    if _apart(last, point) > last[3] + point[3] + AGREE_MPS * (point[0] - last[0]):
        return False
    return _apart(first, point) < _apart(reach.tail[-1], point)


def _is_reached(tail: tuple[Point, ...], point: Point) -> bool:
    last = tail[-1]
    passed = point[0] - last[0]
    slack = last[3] + point[3]
    if _apart(last, point) <= slack + STEP_MPS * passed:
        return True
    east, north = velocity(tail, VELOCITY_S)
    missed = hypot(point[1] - last[1] - east * passed, point[2] - last[2] - north * passed)
    # The velocity is that of some seconds ago; who stood still then cannot have turned since.
    turned = min(PULL_MPS2 * max(passed, VELOCITY_S) / 2, 2 * hypot(east, north)) * passed
    return missed <= slack + min(PULL_MPS2 / 2 * passed * passed + turned, VEHICLE_MPS * passed)


def _judged(reach: Reach, there: Point) -> tuple[str | None, bool]:
    """Whether the jump to the place that the held positions agree on is beyond any vehicle, and surely so."""
    here = reach.tail[-1]
    young = here[0] - reach.fresh_at
    stale = reach.fresh <= STALE and young <= STALE_S and not reach.fresh_moved
    if reach.fresh <= FRESH or young <= FRESH_S or stale:
        if reach.before_gap is None:
            return None, False
        here = reach.before_gap
    beyond = _apart(here, there) - 2 * (here[3] + there[3])
    passed = there[0] - here[0]
    mps = beyond / passed
    if beyond >= JUMP_M and (mps > VEHICLE_MPS or (_is_rest(reach) and beyond > _ride_m(passed))):
        return "teleport", beyond >= SURE_JUMP_M and mps >= SURE_JUMP_MPS
    restless = len(reach.settles) == SETTLES - 1 and there[0] - reach.settles[0] < SETTLES_S
    return ("teleport" if restless and beyond > SETTLE_M else None), False


def _is_rest(reach: Reach) -> bool:
    """Whether no vehicle was under way, neither before the jump nor after it."""
    if reach.fresh <= FRESH:
        return False
    return all(hypot(*velocity(points, REST_S)) < REST_MPS for points in (reach.tail, reach.held))


def _ride_m(seconds: float) -> float:
    """How far a vehicle gets that starts and stops within so long."""
    if PULL_MPS2 * seconds / 2 <= VEHICLE_MPS:
        return PULL_MPS2 * seconds * seconds / 4
    return VEHICLE_MPS * seconds - VEHICLE_MPS * VEHICLE_MPS / PULL_MPS2


def _believed(reach: Reach, point: Point) -> Reach:
    tail = reach.tail
    moved = reach.fresh_moved or bool(reach.fresh and tail and tail[-1][1:3] != point[1:3])
    while len(tail) == TAIL or (len(tail) > 1 and point[0] - tail[0][0] > TAIL_S):
        tail = tail[1:]
    return replace(reach, tail=(*tail, point), held=(), lost=0, fresh=reach.fresh + 1, fresh_moved=moved)


def _settled(reach: Reach, held: tuple[Point, ...]) -> Reach:
    """The held positions are the tail now."""
    settles = reach.settles
    if _apart(reach.tail[-1], held[0]) > SETTLE_M:
        settles = (*settles[2 - SETTLES :], held[0][0])
    return replace(
        reach,
        tail=held,
        held=(),
        lost=0,
        settles=settles,
        fresh=len(held),
        fresh_at=held[0][0],
        fresh_moved=True,
        before_gap=None,
    )


def _apart(a: Point, b: Point) -> float:
    return hypot(b[1] - a[1], b[2] - a[2])
