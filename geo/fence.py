"""Presence: from single fixes to "in this park since then", with patience at the edge.

    outside ─ a fix in a park ─▶ maybe ─ two fixes, 5 s ─▶ inside ─ clearly out ─▶ left ─ two minutes ─▶ outside
                                   ▲                         │                       │
                                   ├─ ten minutes of silence ┘                       │
                                   └─ back soon: the same visit goes on ─────────────┘

Entering takes two fixes in one fence. Leaving takes more: two fixes farther out than they may be wrong, or a longer
run just outside. A fix that claims no better than 100 m changes nothing at all.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

import msgspec

from geo.fix import Fix
from geo.index import Grid

State = Literal["outside", "maybe", "inside", "left"]


class FenceRules(msgspec.Struct, frozen=True):
    """How patient the fence is; `_s` are seconds, `_m` metres."""

    enter_s: float = 5.0
    enter_weight: int = 4  # a sharp fix weighs 2, a vague one 1: two sharp fixes or four vague ones
    vague_m: float = 35.0
    leave_fixes: int = 2  # two fixes beyond their own error are a departure,
    leave_s: float = 5.0
    linger_fixes: int = 3  # three that hover at the edge are one only after a while
    linger_s: float = 20.0
    margin_m: float = 10.0  # nobody is clearly out nearer to the edge than this
    assumed_m: float = 15.0  # the accuracy of a phone that gives none
    return_s: float = 120.0  # back within this time was drift or a detour
    silence_s: float = 600.0  # after this nothing is known any more


RULES: Final = FenceRules()


class Visit(msgspec.Struct, frozen=True, array_like=True):
    """One stay in one park; `seconds` is the time known to be spent in it, detours left out."""

    id: str
    park_id: str
    entered_at: datetime
    last_at: datetime  # of the last fix in the fence
    seconds: float


class Presence(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one player's whereabouts: a state, a visit, and the evidence for a change."""

    state: State = "outside"
    visit: Visit | None = None  # the open one when inside; else the last one, as long as it may be resumed
    seen_at: datetime | None = None  # of the last fix that told something
    # The evidence: when maybe, the run of fixes in `park_id`; when inside, the run out of the fence (and in `park_id`).
    park_id: str | None = None
    since: datetime | None = None
    fixes: int = 0
    weight: int = 0  # when maybe, as in FenceRules.enter_weight; when inside, how many fixes are clearly out

    @property
    def open(self) -> Visit | None:
        """The visit that is going on now."""
        return self.visit if self.state == "inside" else None


OUTSIDE: Final = Presence()


def step(presence: Presence, fix: Fix, index: Grid, rules: FenceRules = RULES, salt: bytes = b"") -> Presence:
    """Presence after one more fix. Fixes that are coarse, or not later than the last, change nothing.

    `salt` belongs to the player: it makes the id of a visit theirs alone, and the same each time it is worked out.
    """
    if fix.is_coarse:
        return presence
    if presence.seen_at is not None:
        silence = _seconds(presence.seen_at, fix.at)
        if silence <= 0:
            return presence
        if silence > rules.silence_s or _is_gone(presence, index):
            presence = OUTSIDE
    park = index.at(fix.lat, fix.lon)
    park_id = None if park is None else park.id
    if presence.state == "inside" and presence.visit is not None:
        return _inside(presence, presence.visit, fix, park_id, index, rules)
    return _not_inside(presence, fix, park_id, index, rules, salt)


def _is_gone(presence: Presence, index: Grid) -> bool:
    """Whether a park of this presence is no longer in the index, as after an update of the parks."""
    visited = presence.visit is not None and presence.visit.park_id not in index.parks
    return visited or (presence.park_id is not None and presence.park_id not in index.parks)


def _inside(
    presence: Presence, visit: Visit, fix: Fix, park_id: str | None, index: Grid, rules: FenceRules
) -> Presence:
    """Stay in the park of `visit`, or gather evidence of having left it."""
    if park_id == visit.park_id:
        return Presence("inside", _stayed(visit, fix), fix.at)
    since, fixes, weight = presence.since or fix.at, presence.fixes + 1, presence.weight
    if index.beyond_m(visit.park_id, fix.lat, fix.lon) > max(rules.margin_m, _error_m(fix, rules)):
        weight += 1
    out_s = _seconds(since, fix.at)
    departed = weight >= rules.leave_fixes and out_s >= rules.leave_s
    lingered = fixes >= rules.linger_fixes and out_s >= rules.linger_s
    if not (departed or lingered):
        # The next park is entered at the first fix of the run only if all of the run lay in it.
        other = park_id if presence.since is None or presence.park_id == park_id else None
        return Presence("inside", visit, fix.at, other, since, fixes, weight)
    if park_id is None:
        return Presence("left", visit, fix.at)
    start = since if presence.park_id == park_id else fix.at
    return Presence("maybe", visit, fix.at, park_id, start, 1, _weight(fix, rules))


def _not_inside(
    presence: Presence, fix: Fix, park_id: str | None, index: Grid, rules: FenceRules, salt: bytes
) -> Presence:
    """Stay out, or gather evidence of having come into a park."""
    maybe = presence if presence.state == "maybe" else None
    if park_id is None:
        # At the very edge every other fix falls outside: that alone does not take back what the last one said.
        if maybe is not None and maybe.park_id is not None and maybe.seen_at is not None:
            recent = _seconds(maybe.seen_at, fix.at) <= rules.linger_s
            if recent and index.beyond_m(maybe.park_id, fix.lat, fix.lon) <= _error_m(fix, rules):
                return maybe
        last = _resumable(presence.visit, fix, rules)
        return Presence("outside" if last is None else "left", last, fix.at)
    since, fixes, weight = fix.at, 1, _weight(fix, rules)
    if maybe is not None and maybe.park_id == park_id and maybe.since is not None:
        since, fixes, weight = maybe.since, maybe.fixes + 1, maybe.weight + weight
    if weight < rules.enter_weight or _seconds(since, fix.at) < rules.enter_s:
        return Presence("maybe", presence.visit, fix.at, park_id, since, fixes, weight)
    last = presence.visit
    if last is not None and last.park_id == park_id and _seconds(last.last_at, since) <= rules.return_s:
        return Presence("inside", _resumed(last, since, fix), fix.at)
    visit = Visit(_visit_id(park_id, since, salt), park_id, since, fix.at, _seconds(since, fix.at))
    return Presence("inside", visit, fix.at)


def _stayed(visit: Visit, fix: Fix) -> Visit:
    seconds = visit.seconds + _seconds(visit.last_at, fix.at)
    return Visit(visit.id, visit.park_id, visit.entered_at, fix.at, seconds)


def _resumed(visit: Visit, back_at: datetime, fix: Fix) -> Visit:
    seconds = visit.seconds + _seconds(back_at, fix.at)
    return Visit(visit.id, visit.park_id, visit.entered_at, fix.at, seconds)


def _resumable(visit: Visit | None, fix: Fix, rules: FenceRules) -> Visit | None:
    if visit is None or _seconds(visit.last_at, fix.at) > rules.return_s:
        return None
    return visit


def _visit_id(park_id: str, entered_at: datetime, salt: bytes) -> str:
    """128 bits in hexadecimal, the same for the same player, park and moment."""
    moment = str(round(entered_at.timestamp() * 1000))
    return sha256(b"\0".join((salt, park_id.encode(), moment.encode()))).hexdigest()[:32]


def _weight(fix: Fix, rules: FenceRules) -> int:
    return 1 if _error_m(fix, rules) > rules.vague_m else 2


def _error_m(fix: Fix, rules: FenceRules) -> float:
    return rules.assumed_m if fix.accuracy_m is None else fix.accuracy_m


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()
