"""Is a movement too even for a person and a phone? Straight lines at constant speed, and curves at constant speed.

Two things make an honest track uneven, and a simulated one lacks both. People do not keep their pace: after a minute
the most even walker is decimetres from where constant speed would have put them, after five minutes several metres.
And a phone's error is not fresh dice for every fix: it wanders for tens of seconds, so that averaging does not remove
it, while noise sprinkled on a simulated line averages out. So fixes are averaged in blocks of seven seconds, of
fourteen, of twenty-eight and so on, and at each of these scales the question is how far the last eight blocks stray
from one straight line at constant speed.
"""

from bisect import bisect_left, bisect_right
from itertools import pairwise
from math import hypot, pow, sqrt
from typing import Final

import msgspec

from geo.reach import Point

BLOCK_S: Final = 7.0
BLOCKS: Final = 8
SCALES: Final = 6  # so many; the longest line looked at lasts half an hour
EARLY_S: Final = 0.05  # phones are punctual to some hundredths of a second

# A real phone carried along a street strayed 0.6 m and more over LINE_S, the best phones in the steadiest hands a
# quarter of that; and strays grow with the length of the line.
STRAY_M: Final = 0.1
LINE_S: Final = 50.0
GROWTH: Final = 0.75
MOST_STRAY_M: Final = 0.25
# As straight as a ruler, at any speed; and on the promenade phones and people stray sideways, too.
RULER_M: Final = 0.04
ASLANT_M: Final = 5.0
# Fixes that scatter by more than this, each by itself, say nothing once averaged: an honest phone may do so.
SCATTER_M: Final = 1.1
SCATTER_FIXES: Final = 32
# Over a line as long as this nobody keeps their pace, so what scatter is left in the blocks is taken off their strays.
LONG_LINE_S: Final = 180.0
LONG_SCATTER_M: Final = 1.25

CHORD_S: Final = 5.0
CHORDS: Final = 24
LEAST_CHORDS: Final = 12
STEADY_SHARE: Final = 0.75  # so many, for a corner shortens a chord, lie
STEADY_WITHIN: Final = 0.008  # so near to their median speed; a steady walker's chords differ by 5 % or more

WINDING: Final = 0.98  # the way onwards, of the way in all

LEAST_MPS: Final = 0.08
MOST_MPS: Final = 8.0  # beyond, nothing can be earned, and rails are straight
LEAST_M: Final = 25.0
SILENCE_S: Final = 60.0

Place = tuple[float, float, float]  # seconds, metres east, metres north
Block = tuple[float, float, float, int]  # the means of these, and of how many fixes


class Even(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a movement to see how even it is."""

    last: tuple[Place, ...] = ()  # the last two places
    scatter: float = 0.0  # running mean of the squared deviation from the neighbours' line, one axis,
    scattered: int = 0  # over so many
    block: tuple[float, float, float, float, int] = (0.0, 0.0, 0.0, 0.0, 0)  # start; sums of t, x, y; count
    closed: int = 0  # blocks so far
    scales: tuple[tuple[Block, ...], ...] = ()  # the last blocks, the shortest ones first
    chord: Place | None = None  # where the running chord began
    chords: tuple[tuple[float, float], ...] = ()  # velocities over the last ones, metres per second east and north
    is_straight: bool = False  # when a block was last closed
    is_steady: bool = False  # when a chord was last closed

    @property
    def is_too_even(self) -> bool:
        return self.is_straight or self.is_steady


NEW: Final = Even()


def extended(even: Even, point: Point) -> Even:
    """The figures with one more position, which is later than the last."""
    place = point[:3]
    if even.last and place[0] - even.last[-1][0] > SILENCE_S:
        even = NEW
    scatter, scattered = even.scatter, even.scattered
    if len(even.last) == 2:
        scattered = min(scattered + 1, SCATTER_FIXES)
        scatter += (_off(even.last[0], even.last[1], place) - scatter) / scattered
    block, closed, scales, straight = _blocked(even, place, scatter)
    chord, chords, steady = _chorded(even, place)
    return Even((*even.last[-1:], place), scatter, scattered, block, closed, scales, chord, chords, straight, steady)


def strays(blocks: tuple[Block, ...]) -> tuple[float, float, float, float]:
    """How far blocks stray from one straight line: at constant speed, and at any speed.

    Returns both in metres (root mean square, one axis), then metres per second and seconds.
    """
    count = len(blocks)
    t0, x0, y0, _ = blocks[0]
    st = sx = sy = tt = tx = ty = xx = xy = yy = 0.0
    for t, x, y, _ in blocks:
        t, x, y = t - t0, x - x0, y - y0
        st += t
        sx += x
        sy += y
        tt += t * t
        tx += t * x
        ty += t * y
        xx += x * x
        xy += x * y
        yy += y * y
    tt -= st * st / count
    tx -= st * sx / count
    ty -= st * sy / count
    xx, xy, yy = xx - sx * sx / count, xy - sx * sy / count, yy - sy * sy / count
    at_constant_speed = xx + yy - (tx * tx + ty * ty) / tt
    sideways = (xx + yy - hypot(xx - yy, 2 * xy)) / 2
    return (
        sqrt(max(at_constant_speed, 0.0) / (2 * count - 4)),
        sqrt(max(sideways, 0.0) / (count - 2)),
        hypot(tx, ty) / tt,
        blocks[-1][0] - t0,
    )


def _blocked(
    even: Even, place: Place, scatter: float
) -> tuple[tuple[float, float, float, float, int], int, tuple[tuple[Block, ...], ...], bool]:
    start, times, easts, norths, count = even.block
    t, x, y = place
    if not count:
        return (t, t, x, y, 1), even.closed, even.scales, even.is_straight
    if t - start < BLOCK_S - EARLY_S:
        return (start, times + t, easts + x, norths + y, count + 1), even.closed, even.scales, even.is_straight
    closed = even.closed + 1
    scales = _scaled(even.scales, closed, (times / count, easts / count, norths / count, count))
    straight = any(_is_line(blocks, scatter) for level, blocks in enumerate(scales) if closed % (1 << level) == 0)
    return (t, t, x, y, 1), closed, scales, straight


def _scaled(scales: tuple[tuple[Block, ...], ...], closed: int, block: Block) -> tuple[tuple[Block, ...], ...]:
    """The scales with one more of the shortest blocks; every second block of a scale completes one of the next."""
    found = list(scales)
    for level in range(SCALES):
        if level == len(found):
            found.append(())
        found[level] = blocks = (*found[level][1 - BLOCKS :], block)
        if closed >> level & 1:
            break
        (t, x, y, count), (u, v, w, other) = blocks[-2:]
        block = (t + u) / 2, (x + v) / 2, (y + w) / 2, count + other
    return tuple(found)


def _is_line(blocks: tuple[Block, ...], scatter: float) -> bool:
    if len(blocks) < BLOCKS or scatter > LONG_SCATTER_M**2:
        return False
    astray_m, sideways_m, mps, seconds = strays(blocks)
    if not LEAST_MPS < mps < MOST_MPS or mps * seconds < LEAST_M:
        return False
    if sideways_m < RULER_M and _is_going(blocks, mps):
        return True
    if seconds > LONG_LINE_S:
        left = scatter * BLOCKS / sum(count for *_, count in blocks)
        return astray_m < sqrt(MOST_STRAY_M**2 + left)
    return scatter < SCATTER_M**2 and astray_m < min(MOST_STRAY_M, STRAY_M * pow(seconds / LINE_S, GROWTH))


def _is_going(blocks: tuple[Block, ...], mps: float) -> bool:
    """Whether every block leads on, and aslant.

    A phone that repeats one fix lies on a straight line, too; and one that rounds to metres keeps to its grid.
    """
    if any(max(axis) - min(axis) < ASLANT_M for axis in list(zip(*blocks, strict=True))[1:3]):
        return False
    return all(hypot(c[1] - a[1], c[2] - a[2]) > mps * (c[0] - a[0]) / 4 for a, c in pairwise(blocks))


def _chorded(even: Even, place: Place) -> tuple[Place, tuple[tuple[float, float], ...], bool]:
    start = even.chord
    if start is None:
        return place, even.chords, False
    passed = place[0] - start[0]
    if passed < CHORD_S - EARLY_S:
        return start, even.chords, even.is_steady
    chords = (*even.chords[1 - CHORDS :], ((place[1] - start[1]) / passed, (place[2] - start[2]) / passed))
    return place, chords, len(chords) >= LEAST_CHORDS and _is_steady(chords)


def _is_steady(chords: tuple[tuple[float, float], ...]) -> bool:
    ordered = sorted(hypot(*chord) for chord in chords)
    count, middle = len(chords), ordered[len(chords) // 2]
    # Straight on, a phone that rounds to metres makes all chords alike; lines are looked at in another way anyhow.
    onwards = hypot(sum(east for east, _ in chords), sum(north for _, north in chords))
    if not LEAST_MPS < middle < MOST_MPS or onwards > WINDING * sum(ordered):
        return False
    within = STEADY_WITHIN * middle
    near = bisect_right(ordered, middle + within) - bisect_left(ordered, middle - within)
    return near >= STEADY_SHARE * count


def _off(a: Place, b: Place, c: Place) -> float:
    """Squared deviation of B from the line from A to C, per axis, as the variance of one fix."""
    share = (b[0] - a[0]) / (c[0] - a[0])
    rest = 1 - share
    east = b[1] - a[1] * rest - c[1] * share
    north = b[2] - a[2] * rest - c[2] * share
    return (east * east + north * north) / (1 + share * share + rest * rest) / 2
