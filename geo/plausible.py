"""Is this how people and their phones move? Judged fix by fix, from a short tail and running figures.

ok: a person. doubtful: hardly. impossible: certainly not. Levels and reasons stand for a while after they are found,
so that nobody teleports and captures in the next second. A single glitch, a stale or coarse position, a fix out of
order is not used and not held against anybody; running and riding are no offence, they merely earn nothing.
"""

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from geo import even as evenness
from geo import pace as pacing
from geo.even import Even
from geo.fix import Fix
from geo.metric import scale_at
from geo.pace import EARNING_MPS, Pace
from geo.reach import Placed, Point, Reach, placed

Level = Literal["ok", "doubtful", "impossible"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "doubtful", "impossible")

SILENCE_S: Final = 600.0  # after this a track begins anew
STANDS_S: Final = {"ok": 0.0, "doubtful": 60.0, "impossible": 600.0}

# What a phone that gives no accuracy is taken to give, and the least that is believed.
ASSUMED_M: Final = 10.0
LEAST_M: Final = 5.0

# A phone that lies still repeats one fused position; a location that was set by hand has never done anything else.
FROZEN_FIXES: Final = 15
FROZEN_S: Final = 150.0
FROZEN_FROM_START_S: Final = 50.0
FROM_START: Final = 3  # changes of position, the warming up of a phone

BEHIND: Final = 20  # fixes in a row so much older than the last one: the clock was set back. What is merely late or
BEHIND_S: Final = 600.0  # sent twice is younger than that.


Origin = tuple[float, float, float, float, float]  # Unix time, lat, lon, metres per degree of longitude, of latitude


class Verdict(msgspec.Struct, frozen=True):
    """What is thought of the movement at one fix."""

    level: Level
    reasons: tuple[str, ...]  # stable codes, sorted; empty when ok
    used: bool  # False: this fix tells nothing about where the player is
    mps: float  # smoothed speed

    @property
    def earns(self) -> bool:
        """Whether the movement is on foot; points need this and level ok."""
        return self.mps <= EARNING_MPS


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """What was found, and until when it counts."""

    level: Level
    reasons: tuple[str, ...]
    until: float  # Unix time


class Track(msgspec.Struct, frozen=True, array_like=True):
    """All that is remembered of a movement: at most 40 positions, a few sums, and what was found of late."""

    origin: Origin | None = None
    place: tuple[float, float] = (0.0, 0.0)  # lat, lon of the last fix
    still: int = 0  # fixes in a row at exactly this place,
    still_at: float = 0.0  # since
    changes: int = 0
    behind: int = 0
    reach: Reach = Reach()
    even: Even = evenness.NEW
    pace: Pace = pacing.NEW
    standing: Standing | None = None


def judge(track: Track, fix: Fix, inside: bool = False) -> tuple[Track, Verdict]:
    """The track with one more fix, and what to think of it; `inside` says that the player is in a park's fence."""
    now = fix.at.timestamp()
    if fix.is_coarse:
        return track, verdict(track, now, used=False)
    origin = track.origin
    if origin is None or (track.reach.last is not None and now - origin[0] - track.reach.last[0] > SILENCE_S):
        track, origin = _begun(track, fix, now)
    seconds = now - origin[0]
    if track.reach.last is not None and seconds <= track.reach.last[0]:
        return _behind(track, fix, now, track.reach.last[0] - seconds > BEHIND_S)
    error = ASSUMED_M if fix.accuracy_m is None else max(LEAST_M, fix.accuracy_m)
    point = (seconds, (fix.lon - origin[2]) * origin[3], (fix.lat - origin[1]) * origin[4], error)
    found = placed(track.reach, point)
    track = _followed(track, fix, found, point, inside)
    reasons = _charges(track, found)
    if reasons:
        track = charged(track, "impossible" if found.sure else "doubtful", reasons, now)
    return track, verdict(track, now, found.used)


def charged(track: Track, level: Level, reasons: tuple[str, ...], now: float) -> Track:
    """The track with something found at Unix time `now`, on top of what stands already."""
    until, old = now + STANDS_S[level], track.standing
    if old is not None and now < old.until:
        level = max(level, old.level, key=LEVELS.index)
        reasons = tuple(sorted({*old.reasons, *reasons}))
        until = max(until, old.until)
    return replace(track, standing=Standing(level, reasons, until))


def verdict(track: Track, now: float, used: bool) -> Verdict:
    """What is thought of a track at Unix time `now`."""
    standing = track.standing
    if standing is None or now >= standing.until:
        return Verdict("ok", (), used, track.pace.mps)
    return Verdict(standing.level, standing.reasons, used, track.pace.mps)


def _begun(track: Track, fix: Fix, now: float) -> tuple[Track, Origin]:
    """A new track here and now; what stands against the old one still stands."""
    scale = scale_at(fix.lat)
    origin = (now, fix.lat, fix.lon, scale.east, scale.north)
    return Track(origin, standing=track.standing), origin


def _behind(track: Track, fix: Fix, now: float, far: bool) -> tuple[Track, Verdict]:
    """A fix that is not later than the last: sent twice or late, unless the phone's clock was set back."""
    behind = track.behind + far
    if behind < BEHIND:
        track = replace(track, behind=behind)
        return track, verdict(track, now, used=False)
    track, _ = _begun(track, fix, now)
    track = charged(track, "doubtful", ("clock_backwards",), now)
    return track, verdict(track, now, used=False)


def _followed(track: Track, fix: Fix, found: Placed, point: Point, inside: bool) -> Track:
    """The running figures with one more fix."""
    place = (fix.lat, fix.lon)
    same = place == track.place
    even, pace, tail = track.even, track.pace, found.reach.tail
    if found.anew:
        even, pace = evenness.NEW, pacing.extended(pacing.NEW, tail, inside)
        for one in tail:
            even = evenness.extended(even, one)
    elif found.used:
        even, pace = evenness.extended(even, point), pacing.extended(pace, tail, inside)
    return Track(
        track.origin,
        place,
        track.still + 1 if same else 1,
        track.still_at if same else point[0],
        track.changes if same else track.changes + 1,
        0,
        found.reach,
        even,
        pace,
        track.standing,
    )


def _charges(track: Track, found: Placed) -> tuple[str, ...]:
    """Everything that is wrong with the movement at its newest fix."""
    reasons = [] if found.charge is None else [found.charge]
    if track.still >= FROZEN_FIXES and found.reach.last is not None:
        frozen_s = FROZEN_FROM_START_S if track.changes <= FROM_START else FROZEN_S
        if found.reach.last[0] - track.still_at >= frozen_s:
            reasons.append("frozen")
    if found.used:
        reasons += pacing.charges(track.pace, found.reach.tail)
        if track.even.is_too_even:
            reasons.append("straight_constant")
    return tuple(reasons)
