"""Decisions about a capture: whether the walk allows it, from here and now."""

from datetime import UTC, datetime

from challenges_app.kit.refusals import Refused, refusal
from challenges_app.play.walks.rules import OLDEST, Bounds, pause
from geo.fix import COARSEST_M, Fix
from geo.metric import distance_m
from geo.parks.park import Park
from geo.walk import REACH_M, Walk, capture_refusal

TOO_COARSE = refusal("fix.too_coarse", 422)
NOT_INSIDE = refusal("park.not_inside", 409)
TOO_FAR = refusal("capture.too_far", 409)
BY_CODE = {
    "fix.too_coarse": TOO_COARSE,
    "park.not_inside": NOT_INSIDE,
    "capture.too_far": TOO_FAR,
    "fix.unknown": refusal("fix.unknown", 409),
    "movement.doubtful": refusal("movement.doubtful", 409),
    "movement.impossible": refusal("movement.impossible", 409),
    "movement.too_fast": refusal("movement.too_fast", 409),
}


def check(walk: Walk, fix: Fix, park: Park, place: tuple[float, float], bounds: Bounds) -> None:
    """Raise the reason why a drop at a place (lat, lon) of a park may not be captured from this fix, if any."""
    paused = pause(park, fix.at, bounds)
    if paused:
        raise paused
    code = capture_refusal(walk, fix, park.id, *place)
    if code:
        raise _refused(code, fix, place)


def _refused(code: str, fix: Fix, place: tuple[float, float]) -> Refused:
    reason = BY_CODE[code]
    if reason is TOO_COARSE:
        return reason(accuracy_m=round(fix.accuracy_m or 0), most_m=round(COARSEST_M))
    if reason is TOO_FAR:
        return reason(distance_m=round(distance_m(fix.lat, fix.lon, *place)), reach_m=round(REACH_M))
    return reason()


def moment_of(fix: Fix, now: datetime) -> datetime:
    """When a capture happened, in UTC: when its fix was made, though never later than now.

    Nor earlier than a walk is remembered: a capture that is sent again may name any time, even one that UTC has not.
    """
    return max(min(fix.at, now), now - OLDEST).astimezone(UTC)
