"""Which polygon of a map file is which park: by name and place, and never by guessing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo.parks.boundary import Boundary, RefusedShape, whole
from geo.parks.geojson import Json
from geo.parks.names import alike, english_key, keys_of_all
from geo.parks.park import Park
from geo.parks.plane import to_metres
from geo.parks.polygons import KIND_RANK, Polygon, read_polygons

# How far a park's point may lie from its polygon: a grade A point is good to metres but may mark a gate or a court; a
# grade B point is a whole arc-second and known for gross errors, so there the name must be the very same.
REACH_M: Mapping[str, float] = {"A": 150.0, "B": 400.0}


@dataclass(frozen=True, slots=True)
class Match:
    """A polygon that is a park."""

    boundary: Boundary
    ref: str
    distance_m: float  # from the park's point, 0 inside
    same_name: bool  # False where only the spelling differs
    mended: str  # what was invalid in the polygon, "" for nothing


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A polygon that bears a park's name and was not taken, with the reason."""

    ref: str
    name: str
    park_ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What became of every polygon of a file."""

    polygons: int
    matches: list[Match] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)  # reason -> how many features


@dataclass(frozen=True, slots=True)
class _Claim:
    """A polygon that may be a park, near enough."""

    polygon: Polygon
    park: Park
    fence: BaseGeometry
    mended: str
    distance_m: float
    same_name: bool


def match(polygons: Json, parks: Mapping[str, Park]) -> MatchReport:
    """The polygons of a FeatureCollection that are parks, the doubtful ones with reasons, and counts of the rest."""
    candidates, passed_over = read_polygons(polygons)
    report = MatchReport(polygons=len(polygons["features"]), passed_over=passed_over)
    by_key = _parks_by_key(parks)
    tree, exact = _exact_places(parks)
    claims: dict[str, list[_Claim]] = defaultdict(list)
    for polygon in candidates:
        named = _named(polygon, parks, by_key)
        try:
            fence, mended = whole(polygon.geometry)
        except RefusedShape as refusal:
            _leave(report, polygon, named, str(refusal))
            continue
        near = _near(polygon, fence, mended, named) or _spelled_alike(polygon, fence, mended, tree, exact)
        if len(near) == 1:
            claims[near[0].park.id].append(near[0])
        elif near:
            _leave(report, polygon, [claim.park for claim in near], "several parks could be meant")
        else:
            _leave(report, polygon, named, _how_far(fence, named))
    for park_id in sorted(claims):
        _settle(claims[park_id], report)
    return report


def _leave(report: MatchReport, polygon: Polygon, parks: Sequence[Park], reason: str) -> None:
    """Report a polygon that is not taken; one that has nothing to do with any park is only counted."""
    if parks:
        report.unmatched.append(Unmatched(polygon.ref, polygon.name, tuple(park.id for park in parks), reason))
    elif polygon.park_id:
        report.unmatched.append(Unmatched(polygon.ref, polygon.name, (), f"there is no park {polygon.park_id!r}"))
    else:
        report.passed_over["no park has this name"] += 1


def _parks_by_key(parks: Mapping[str, Park]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for park in parks.values():
        for key in keys_of_all(park.name.values()):
            found[key].add(park.id)
    return found


def _exact_places(parks: Mapping[str, Park]) -> tuple[shapely.STRtree, list[Park]]:
    """The grade A points as a tree; a grade B point is not good enough to tell what lies around it."""
    exact = [park for park in parks.values() if park.grade == "A"]
    return shapely.STRtree([Point(park.lon, park.lat) for park in exact]), exact


def _named(polygon: Polygon, parks: Mapping[str, Park], by_key: Mapping[str, set[str]]) -> list[Park]:
    """The parks that bear one of the polygon's names, or the one that the file itself says."""
    if polygon.park_id:
        return [parks[polygon.park_id]] if polygon.park_id in parks else []
    ids = {park_id for key in polygon.keys for park_id in by_key.get(key, ())}
    return [parks[park_id] for park_id in sorted(ids)]


def _near(polygon: Polygon, fence: BaseGeometry, mended: str, named: Iterable[Park]) -> list[_Claim]:
    found = [_Claim(polygon, park, fence, mended, _distance_m(fence, park), same_name=True) for park in named]
    return [claim for claim in found if claim.distance_m <= REACH_M[claim.park.grade]]


def _spelled_alike(
    polygon: Polygon, fence: BaseGeometry, mended: str, tree: shapely.STRtree, exact: list[Park]
) -> list[_Claim]:
    """The grade A parks inside the polygon whose English name is a spelling of the polygon's."""
    inside = [exact[number] for number in sorted(tree.query(fence, "contains"))]
    return [
        _Claim(polygon, park, fence, mended, 0.0, same_name=False)
        for park in inside
        if any(alike(english_key(park.name["en"]), key) for key in polygon.keys)
    ]


def _settle(claims: list[_Claim], report: MatchReport) -> None:
    """One polygon for one park: a name that is the same first, then round its point, then a park before a court."""
    best = min(_rank(claim) for claim in claims)
    chosen = [claim for claim in claims if _rank(claim) == best]
    winner = chosen[0] if len(chosen) == 1 else None
    for claim in claims:
        if claim is not winner:
            reason = f"{winner.polygon.ref} fits better" if winner else f"{len(chosen)} polygons fit this park equally"
            _leave(report, claim.polygon, [claim.park], reason)
    if winner is None:
        return
    if not winner.polygon.licence:
        reason = "the file names neither an OpenStreetMap id nor a licence, so nobody could be credited"
        _leave(report, winner.polygon, [winner.park], reason)
        return
    report.matches.append(_match(winner))


def _match(claim: _Claim) -> Match:
    certain = claim.same_name and claim.distance_m == 0
    boundary = Boundary(
        park_id=claim.park.id,
        fence=claim.fence,
        source=claim.polygon.source,
        licence=claim.polygon.licence,
        confidence="high" if certain else "medium",
    )
    return Match(boundary, claim.polygon.ref, round(claim.distance_m, 1), claim.same_name, claim.mended)


def _rank(claim: _Claim) -> tuple[bool, bool, int]:
    return (not claim.same_name, claim.distance_m > 0, KIND_RANK[claim.polygon.kind])


def _distance_m(fence: BaseGeometry, park: Park) -> float:
    return float(to_metres(fence).distance(to_metres(Point(park.lon, park.lat))))


def _how_far(fence: BaseGeometry, named: Sequence[Park]) -> str:
    distance_m, nearest = min(((_distance_m(fence, park), park.id) for park in named), default=(0.0, ""))
    return f"the nearest park of this name, {nearest}, is {distance_m:,.0f} m away"
