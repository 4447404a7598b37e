"""Puts today together for one person."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services
from challenges_app.people.access.rules import Viewer
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.people.schools import queries as schools
from challenges_app.play.activity.actions import steps_week
from challenges_app.play.boards import rules as boards
from challenges_app.play.captures import queries as captures
from challenges_app.play.challenges import queries as challenges
from challenges_app.play.challenges import rules as days
from challenges_app.play.goals import actions as goals
from challenges_app.play.ledger import queries as ledger
from challenges_app.play.parks.queries import catalogue
from challenges_app.play.players.queries import player_of
from challenges_app.play.standings.rules import BoardKey
from geo.parks.file import outline
from geo.parks.park import Park
from geo.walk import REACH_M
from scoring.kinds import capture_kinds
from scoring.seasons import week_of

UNKNOWN = refusal("park.unknown", 404)
PLACES = 5  # decimals of a degree, about a metre


def today(here: Services, now: datetime, viewer: Viewer) -> dict[str, Any]:
    """The running challenge with the viewer's own figures, its parks in order, and the viewer's boards."""
    on = now.astimezone(HONG_KONG).date()
    with here.db.reading() as conn:
        running = _with_captures(challenges.running(conn, now))
        player = player_of(conn, viewer.person_id) if viewer.person_id else None
        boarded = [*([running] if running else []), *goals.counting(conn, now)]
        return {
            "on": on.isoformat(),
            "challenge": _challenge(running) if running else None,
            "coins": ledger.coins(conn, player) if player else 0,
            "points": ledger.points(conn, running.id, player) if running and player else 0,
            "captured_today": captures.captured_on(conn, player, running.id, on) if running and player else 0,
            "parks": _parks(here, conn, now, running.id, _there(player, viewer), viewer) if running else [],
            "steps": steps_week(conn, now, viewer.person_id) if viewer.person_id else None,
            "challenges": [{"id": row.id, "name": row.names} for row in boarded],
            "boards": [_link(key) for row in boarded for key in boards.boards_for(row.id, week_of(now), viewer)],
        }


def park_page(here: Services, now: datetime, viewer: Viewer, park_id: str) -> dict[str, Any]:
    """One park with its fence and today's drops; raises `park.unknown`."""
    park = catalogue(here.settings.parks).parks.get(park_id)
    if park is None:
        raise UNKNOWN()
    with here.db.reading() as conn:
        running = _with_captures(challenges.running(conn, now))
        player = player_of(conn, viewer.person_id) if viewer.person_id else None
        drops = _drops(conn, now, running, park, _there(player, viewer)) if running else []
    return {
        **_facts(park, now),
        "address": park.address,
        "category": park.category,
        "facilities": list(park.facilities),
        "radius_m": park.radius_m,
        "fence": outline(park.fence),
        "attribution": park.attribution,
        "reach_m": round(REACH_M),
        "drops": drops,
    }


def all_parks(here: Services, now: datetime) -> dict[str, Any]:
    """Every park whose place is sure, in short, with how much there is to find today; the same for every reader."""
    with here.db.reading() as conn:
        running = _with_captures(challenges.running(conn, now))
        there = challenges.drop_counts(conn, running.id, now.astimezone(HONG_KONG).date()) if running else {}
    sure = [park for park in catalogue(here.settings.parks).parks.values() if park.confirmed]
    districts = {park.district_code: park.district for park in sure}
    # By district, the same words stand near each other, and the answer is a tenth smaller on its way.
    ordered = sorted(sure, key=lambda park: (park.district_code, park.name["en"]))
    return {
        "districts": [{"code": code, "name": name} for code, name in sorted(districts.items())],
        "parks": [_short(park, now) | {"drops": there.get(park.id, 0)} for park in ordered],
    }


def _there(player: UUID | None, viewer: Viewer) -> UUID | None:
    """Whose finds are shown in parks: nobody's to whoever acts for another, since it tells where a child is today."""
    return None if viewer.acting else player


def _with_captures(running: Iterable[Row[Any]]) -> Row[Any] | None:
    """The challenge with captures that closes first; other challenges have screens of their own."""
    return next((row for row in running if row.kind in capture_kinds()), None)


def _challenge(row: Row[Any]) -> dict[str, Any]:
    params = capture_kinds()[row.kind].read(row.params)
    return {
        "id": row.id,
        "name": row.names,
        "opens_at": row.opens_at.astimezone(HONG_KONG).isoformat(),
        "closes_at": row.closes_at.astimezone(HONG_KONG).isoformat(),
        "goal": params.goal,
        "week_goal": params.week_goal,
        "daily_cap": params.daily_cap,
    }


def _parks(
    here: Services, conn: Connection, now: datetime, challenge_id: str, player: UUID | None, viewer: Viewer
) -> list[dict[str, Any]]:
    on = now.astimezone(HONG_KONG).date()
    known = catalogue(here.settings.parks).parks
    designated = [known[each] for each in challenges.park_ids(conn, challenge_id) if each in known]
    district = schools.district_of(conn, viewer.school_id) if viewer.school_id else None
    there = challenges.drop_counts(conn, challenge_id, on)
    midnight = datetime.combine(on, time(0), HONG_KONG)
    mine = captures.taken_by_park(conn, player, challenge_id, midnight) if player else {}
    ordered = days.order_for((park for park in designated if there.get(park.id)), on, district)
    return [{**_facts(park, now), "drops": there[park.id], "drops_mine": mine.get(park.id, 0)} for park in ordered]


def _drops(conn: Connection, now: datetime, running: Row[Any], park: Park, player: UUID | None) -> list[dict[str, Any]]:
    rows = challenges.drops_in(conn, running.id, park.id, now.astimezone(HONG_KONG).date())
    mine = captures.taken(conn, player, [row.id for row in rows]) if player else set()
    params: Any = capture_kinds()[running.kind].read(running.params)
    return [
        {
            "id": row.id,
            "species": row.species,
            "lat": row.lat,
            "lon": row.lon,
            "points": params.points,
            "coins": params.coins,
            "mine": row.id in mine,
            "left": row.stock,
        }
        for row in rows
    ]


def _facts(park: Park, now: datetime) -> dict[str, Any]:
    return {
        "id": park.id,
        "name": park.name,
        "district": park.district,
        "approximate": park.approximate,
        "open_now": park.hours.is_open(now),
        "hours": {
            "opens": f"{park.hours.opens:%H:%M}",
            "closes": f"{park.hours.closes:%H:%M}",
            "assumed": park.hours.assumed,
        },
        "lat": park.lat,
        "lon": park.lon,
    }


def _short(park: Park, now: datetime) -> dict[str, Any]:
    facts = _facts(park, now)
    kept = {key: facts[key] for key in ("id", "name", "open_now", "hours")}
    return {**kept, "district": park.district_code, "lat": round(park.lat, PLACES), "lon": round(park.lon, PLACES)}


def _link(key: BoardKey) -> Mapping[str, Any]:
    return {
        "id": key.id,
        "challenge": key.challenge_id,
        "subject": key.subject,
        "scope": boards.scope_shown(key),
        "season": key.season,
        "measures": boards.measures(key.subject),
    }
