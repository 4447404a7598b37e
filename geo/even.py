"""Is a movement too even for a person and a phone? Straight lines at constant speed, and curves at constant speed.

Two things make an honest track uneven, and a simulated one lacks both. People do not keep their pace: after a minute
the most even walker is decimetres from where constant speed would have put them, after five minutes several metres.
And a phone's error is not fresh dice for every fix: it wanders for tens of seconds, so that averaging does not remove
it, while noise sprinkled on a simulated line averages out. So fixes are averaged in blocks of seven seconds, of
fourteen, of twenty-eight and so on, and at each of these scales the question is how far the last eight blocks stray
from one straight line at constant speed.
"""

from math import hypot
from typing import Final

import msgspec

from geo.reach import Point

BLOCK_S: Final = 7.0
BLOCKS: Final = 8
SCALES: Final = 6  # the longest line looked at lasts half an hour
EARLY_S: Final = 0.05  # phones are punctual to some hundredths of a second

# A real phone carried along a street strayed 0.6 m and more over LINE_S, the best phones in the steadiest hands a
# quarter of that; and strays grow with the length of the line.
STRAY_M: Final = 0.12
LINE_S: Final = 50.0
GROWTH: Final = 0.75
# Fixes that scatter by more than this, each by itself, say nothing once averaged: an honest phone may do so.
SCATTER_M: Final = 1.1

CHORD_S: Final = 10.0
CHORDS: Final = 12
STEADY_CHORDS: Final = 10  # so many of twelve, for a corner shortens a chord
STEADY_WITHIN: Final = 0.008  # of their median speed; a steady walker's chords differ by 5 % or more

LEAST_MPS: Final = 0.4
MOST_MPS: Final = 8.0  # beyond, nothing can be earned, and rails are straight
LEAST_M: Final = 30.0
SILENCE_S: Final = 60.0

Place = tuple[float, float, float]  # seconds, metres east, metres north


class Even(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a movement to see how even it is."""

    last: tuple[Place, ...] = ()  # the last two places
    scatter: float = 0.0  # running mean of the squared deviation from the neighbours' line, one axis
    block: tuple[float, float, float, float, int] = (0.0, 0.0, 0.0, 0.0, 0)  # start; sums of t, x, y; count
    closed: int = 0  # blocks so far
    scales: tuple[tuple[Place, ...], ...] = ()  # the means of the last blocks, the shortest blocks first
    chord: Place | None = None  # where the running chord began
    chords: tuple[float, ...] = ()  # speeds of the last ones
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
    scatter = even.scatter
    if len(even.last) == 2:
        scatter += (_off(even.last[0], even.last[1], place) - scatter) / 16
    block, closed, scales, straight = _blocked(even, place, scatter)
    chord, chords, steady = _chorded(even, place)
    return Even((*even.last[-1:], place), scatter, block, closed, scales, chord, chords, straight, steady)


def stray(blocks: tuple[Place, ...]) -> tuple[float, float, float]:
    """How far blocks stray from their best straight line at constant speed.

    Returns metres per axis (root mean square, for the degrees of freedom), metres per second, and seconds.
    """
    count = len(blocks)
    t0, x0, y0 = blocks[0]
    st = sx = sy = tt = tx = ty = squares = 0.0
    for t, x, y in blocks:
        t, x, y = t - t0, x - x0, y - y0
        st += t
        sx += x
        sy += y
        tt += t * t
        tx += t * x
        ty += t * y
        squares += x * x + y * y
    tt -= st * st / count
    tx -= st * sx / count
    ty -= st * sy / count
    rest = squares - (sx * sx + sy * sy) / count - (tx * tx + ty * ty) / tt
    return (max(rest, 0.0) / (2 * count - 4)) ** 0.5, hypot(tx, ty) / tt, blocks[-1][0] - t0


def _blocked(
    even: Even, place: Place, scatter: float
) -> tuple[tuple[float, float, float, float, int], int, tuple[tuple[Place, ...], ...], bool]:
    start, times, easts, norths, count = even.block
    t, x, y = place
    if not count:
        return (t, t, x, y, 1), even.closed, even.scales, even.is_straight
    if t - start < BLOCK_S - EARLY_S:
        return (start, times + t, easts + x, norths + y, count + 1), even.closed, even.scales, even.is_straight
    closed = even.closed + 1
    scales = _scaled(even.scales, closed, (times / count, easts / count, norths / count))
    straight = scatter < SCATTER_M**2 and any(
        _is_line(blocks) for level, blocks in enumerate(scales) if closed % (1 << level) == 0
    )
    return (t, t, x, y, 1), closed, scales, straight


def _scaled(scales: tuple[tuple[Place, ...], ...], closed: int, block: Place) -> tuple[tuple[Place, ...], ...]:
    """The scales with one more of the shortest blocks; every second block of a scale completes one of the next."""
    found = list(scales)
    for level in range(SCALES):
        if level == len(found):
            found.append(())
        found[level] = blocks = (*found[level][1 - BLOCKS :], block)
        if closed >> level & 1:
            break
        (t, x, y), (u, v, w) = blocks[-2:]
        block = (t + u) / 2, (x + v) / 2, (y + w) / 2
    return tuple(found)


def _is_line(blocks: tuple[Place, ...]) -> bool:
    if len(blocks) < BLOCKS:
        return False
    metres, mps, seconds = stray(blocks)
    if not LEAST_MPS < mps < MOST_MPS or mps * seconds < LEAST_M:
        return False
    return metres < float(STRAY_M * (seconds / LINE_S) ** GROWTH)


def _chorded(even: Even, place: Place) -> tuple[Place, tuple[float, ...], bool]:
    start = even.chord
    if start is None:
        return place, even.chords, False
    passed = place[0] - start[0]
    if passed < CHORD_S - EARLY_S:
        return start, even.chords, even.is_steady
    chords = (*even.chords[1 - CHORDS :], hypot(place[1] - start[1], place[2] - start[2]) / passed)
    return place, chords, len(chords) == CHORDS and _is_steady(chords)


def _is_steady(chords: tuple[float, ...]) -> bool:
    middle = sorted(chords)[CHORDS // 2]
    if not LEAST_MPS < middle < MOST_MPS:
        return False
    return sum(abs(speed - middle) <= STEADY_WITHIN * middle for speed in chords) >= STEADY_CHORDS


def _off(a: Place, b: Place, c: Place) -> float:
    """Squared deviation of B from the line from A to C, per axis, as the variance of one fix."""
    share = (b[0] - a[0]) / (c[0] - a[0])
    rest = 1 - share
    east = b[1] - a[1] * rest - c[1] * share
    north = b[2] - a[2] * rest - c[2] * share
    return (east * east + north * north) / (1 + share * share + rest * rest) / 2
