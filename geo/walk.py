"""One player's walk, fix by fix: the only composition of fence, plausibility and fingerprints, live or replayed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from struct import Struct
from typing import Final, NamedTuple
from zlib import crc32

import msgspec
from msgspec.structs import replace

from geo.fence import OUTSIDE, Presence, Visit, step
from geo.fix import Fix
from geo.index import Grid
from geo.marks import NO_TRAIL, Trail, is_replay, trailed
from geo.metric import distance_m
from geo.plausible import Track, Verdict, charged, judge, verdict

REACH_M: Final = 80.0  # shelter, wheelchairs, carers with small children, no crossing of roads
FORMAT: Final = 1  # of the bytes; count up when a field of anything inside a Walk changes

# Whether this fingerprint was made before: at another moment or by somebody else. `set.__contains__` will not do here,
# because the same recording, sent twice by its own phone, is not a replay: the moment of the fix tells them apart.
Known = Callable[[bytes, datetime], bool]


class Walk(msgspec.Struct, frozen=True, array_like=True):
    """Everything that is remembered of a player from one fix to the next; keep it no longer than ten minutes."""

    presence: Presence = OUTSIDE
    track: Track = Track()
    trail: Trail = NO_TRAIL
    seen: int = 0  # the last marks as bits, 1: known
    verdict: Verdict = Verdict("ok", (), False, 0.0)  # at the last fix

    def to_bytes(self) -> bytes:
        """For a store between two requests."""
        content = _ENCODER.encode(self)
        return _HEAD.pack(FORMAT, crc32(content)) + content

    @classmethod
    def from_bytes(cls, stored: bytes | None) -> "Walk":
        """The stored walk; a new one if there is none, or if it is damaged or of another release."""
        if not stored or len(stored) < _HEAD.size:
            return cls()
        head, content = _HEAD.unpack_from(stored), stored[_HEAD.size :]
        if head != (FORMAT, crc32(content)):
            return cls()
        try:
            return _DECODER.decode(content)
        except msgspec.DecodeError:
            return cls()


_HEAD = Struct("<BI")
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Walk)


class Entered(NamedTuple):
    """A visit begins, or goes on after a short absence (`resumed`); its entry lies before the fix that proved it."""

    visit: Visit
    resumed: bool


class Left(NamedTuple):
    """A visit is over, as far as is known; it may be resumed within two minutes."""

    visit: Visit


class Advanced(NamedTuple):
    """A walk after one more fix, and what that brought."""

    walk: Walk
    verdict: Verdict
    events: tuple[Entered | Left, ...]
    mark: bytes | None  # to be kept for 30 days, so that a replay is found


def advance(walk: Walk, fix: Fix, *, index: Grid, known: Known, key: bytes, salt: bytes) -> Advanced:
    """The walk with one more fix. Fixes must come in the order of their times; an older one changes nothing.

    `key` is the installation's, for fingerprints; `salt` the player's, for the ids of visits.
    """
    last = walk.trail
    if last.at is not None and fix.at <= last.at:
        return _behind(walk, fix)
    trail, mark = trailed(last, fix, key)
    seen = walk.seen if mark is None else (walk.seen << 1 | known(mark, fix.at)) & 0xFFFF
    track, judged = judge(walk.track, fix, walk.presence.open is not None)
    if is_replay(seen):
        now = fix.at.timestamp()
        track = charged(track, "impossible", ("replayed",), now)
        judged = verdict(track, now, judged.used)
    presence = step(walk.presence, fix, index, salt=salt) if judged.used else walk.presence
    return Advanced(Walk(presence, track, trail, seen, judged), judged, _events(walk.presence, presence), mark)


def upcoming_marks(walk: Walk, fixes: Iterable[Fix], key: bytes) -> list[bytes]:
    """The marks that these fixes will make, so that a caller can ask for all of them at once."""
    found, trail = [], walk.trail
    for fix in fixes:
        trail, mark = trailed(trail, fix, key)
        if mark is not None:
            found.append(mark)
    return found


def remembers(walk: Walk, fix: Fix) -> bool:
    """Whether this very fix is one of the believed positions of the last minutes of the walk.

    Only such a fix may capture: one that was not judged could claim any place and any time.
    """
    if walk.track.origin is None:
        return False
    at, lat, lon, per_lon, per_lat = walk.track.origin
    here = (fix.at.timestamp() - at, (fix.lon - lon) * per_lon, (fix.lat - lat) * per_lat)
    return any(all(abs(a - b) < 0.01 for a, b in zip(here, point, strict=False)) for point in walk.track.reach.tail)


def in_reach(drop_lat: float, drop_lon: float, fix: Fix) -> bool:
    """Whether a drop is near enough: 80 m, and never nearer than the phone may be wrong; coarse fixes reach nothing."""
    if fix.is_coarse:
        return False
    return distance_m(fix.lat, fix.lon, drop_lat, drop_lon) <= max(REACH_M, fix.accuracy_m or 0.0)


def capture_refusal(walk: Walk, fix: Fix, park_id: str, drop_lat: float, drop_lon: float) -> str | None:
    """Why this drop of this park may not be captured from this fix, the walk being advanced by it; None if it may.

    One of fix.too_coarse, park.not_inside, movement.impossible, movement.doubtful, movement.too_fast, fix.unknown,
    capture.too_far.
    """
    if fix.is_coarse:
        return "fix.too_coarse"
    visit = walk.presence.open
    if visit is None or visit.park_id != park_id:
        return "park.not_inside"
    if walk.verdict.level != "ok" or not walk.verdict.earns:
        return f"movement.{'too_fast' if walk.verdict.level == 'ok' else walk.verdict.level}"
    if not remembers(walk, fix):
        return "fix.unknown"
    if not visit.entered_at <= fix.at <= visit.last_at:
        return "park.not_inside"  # a visit goes on while the phone is outside for a moment, captures wait
    return None if in_reach(drop_lat, drop_lon, fix) else "capture.too_far"


def _behind(walk: Walk, fix: Fix) -> Advanced:
    """A fix that is not later than the last changes nothing, unless the clock was set back: then all begins anew."""
    track, judged = judge(walk.track, fix)
    if track.reach.last is not None:
        return Advanced(replace(walk, track=track), judged, (), None)
    return Advanced(Walk(track=track, verdict=judged), judged, _events(walk.presence, OUTSIDE), None)


def _events(before: Presence, after: Presence) -> tuple[Entered | Left, ...]:
    was, now = before.open, after.open
    if was is not None and now is not None and was.id == now.id:
        return ()
    left = () if was is None else (Left(was),)
    if now is None:
        return left
    resumed = before.visit is not None and before.visit.id == now.id
    return (*left, Entered(now, resumed))
