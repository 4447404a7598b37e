"""What is done with walks: go on with one, and say how it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.people.access.rules import Viewer
from challenges_app.play.parks.queries import catalogue
from challenges_app.play.walks import queries, rules
from geo.fix import Fix
from geo.walk import Walk, advance, upcoming_marks

REMEMBERED_S = 600  # as long as a walk may be kept in memory


def follow(here: Services, now: datetime, player_id: UUID, fixes: Sequence[Fix]) -> Walk:
    """Go on with a player's walk; fixes that are too old, or were seen before, change nothing.

    Raises `fix.too_old` when none of them is of the present walk, and `fix.from_future`.
    """
    with here.cache.alone(_name(player_id)):
        return _follow(here, player_id, rules.usable(fixes, now))


def _follow(here: Services, player_id: UUID, fixes: Sequence[Fix]) -> Walk:
    walk = Walk.from_bytes(here.cache.get(_name(player_id)))
    last = walk.trail.at
    fresh = [fix for fix in fixes if last is None or fix.at > last]  # a batch sent again is nothing new
    key = here.ring.fingerprint(b"", "walks", "movement")
    salt = here.ring.fingerprint(player_id.bytes, "walks", "visit")
    with here.db.reading() as conn:
        origins = queries.origins(conn, upcoming_marks(walk, fresh, key))
    made: dict[bytes, Mapping[str, Any]] = {}

    def known(mark: bytes, at: datetime) -> bool:
        own = _origin(here, player_id, at)
        made.setdefault(mark, {"mark": mark, "origin": own, "seen_at": at})
        return origins.get(mark, own) != own

    grid = catalogue(here.settings.parks).grid
    for fix in fresh:
        walk = advance(walk, fix, index=grid, known=known, key=key, salt=salt).walk
    # Marks first: were they lost after the walk was remembered, a repeat of the batch would not make them again.
    if made:
        here.db.write(lambda tx: queries.add_marks(tx, list(made.values())))
    here.cache.put(_name(player_id), walk.to_bytes(), REMEMBERED_S)
    return walk


def describe(here: Services, now: datetime, walk: Walk, viewer: Viewer) -> tuple[dict[str, Any], Refused | None]:
    """How a walk stands, as the page shows it, and why nothing can be captured now, if so."""
    parks = catalogue(here.settings.parks).parks
    visit = walk.presence.open
    park_id = visit.park_id if visit else walk.presence.park_id
    bounds = rules.Bounds(viewer.child, here.settings.curfew)
    refused = rules.pause(parks.get(park_id) if park_id else None, now, bounds)
    told = {
        "presence": {
            "state": walk.presence.state,
            "park_id": park_id,
            "dwell_s": round(visit.seconds) if visit else 0,
        },
        "verdict": walk.verdict.level,
        "reasons": list(walk.verdict.reasons),
    }
    return told, refused


def _name(player_id: UUID) -> str:
    return f"walk:{player_id.hex}"


def _origin(here: Services, player_id: UUID, at: datetime) -> bytes:
    return here.ring.fingerprint(f"{player_id.hex}:{at.timestamp()}".encode(), "walks", "origin")
