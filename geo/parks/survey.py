"""What is wrong, or worth a look, in a set of parks: shapes, overlaps, places, duplicates."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geo.parks.districts import District
from geo.parks.file import ParkFileError, read_parks
from geo.parks.park import Language, Park
from geo.parks.plane import to_metres

ProblemKind = Literal[
    "unreadable", "invalid", "overlap", "contained", "outside_district", "duplicate_name", "duplicate_point",
    "point_off_fence", "unconfirmed", "approximate",
]  # fmt: skip

_NAME_LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant")
_CONTAINED_SHARE = 0.95  # of the smaller fence
_LEAST_OVERLAP_M2 = 1.0  # borders drawn from the same line cross by centimetres
_SAME_POINT_M = 1.0  # a point of the government's lists stands on a grid of 1 m
_NEAR_POINT_M = 5.0
_OUT_OF_DISTRICT_M = 50.0  # the shipped borders are good to about 20 m, and a grade B point to 30 m
_OFF_FENCE_M = 25.0


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that `eplus parks check` reports; a fault should be mended, a note should be known."""

    fault: bool
    kind: ProblemKind
    park_ids: tuple[str, ...]
    message: str
    metres: float | None = None
    square_metres: float | None = None

    def __str__(self) -> str:
        return f"{'fault' if self.fault else 'note'} {self.kind}: {self.message}"


def survey_files(parks: bytes, openstreetmap: bytes | None, districts: Mapping[str, District]) -> list[Problem]:
    """The problems of the files: features that cannot be read, then those of the parks that can.

    Raises ParkFileError where a file as a whole is unreadable.
    """
    good, bad = read_parks(parks, openstreetmap)
    return [*(_unreadable(fault) for fault in bad), *survey(good, districts)]


def survey(parks: Mapping[str, Park], districts: Mapping[str, District]) -> list[Problem]:
    """The problems of a set of parks, faults first, in a stable order; lengths in metres, areas in square metres."""
    everyone = [parks[park_id] for park_id in sorted(parks)]
    found = [
        *_invalid(everyone),
        *_overlaps(everyone),
        *_outside_district(everyone, districts),
        *_off_fence(everyone),
        *_duplicate_names(everyone),
        *_duplicate_points(everyone),
        *_counts(everyone),
    ]
    return sorted(found, key=lambda problem: (not problem.fault, problem.kind, problem.park_ids))


def _unreadable(fault: ParkFileError) -> Problem:
    return Problem(True, "unreadable", (fault.feature,), str(fault))


def _invalid(parks: list[Park]) -> Iterator[Problem]:
    for park in parks:
        if not park.fence.is_valid:
            reason = shapely.is_valid_reason(park.fence)
            yield Problem(True, "invalid", (park.id,), f"the fence of {park.id} is invalid: {reason}")


def _overlaps(parks: list[Park]) -> Iterator[Problem]:
    sound = [park for park in parks if park.fence.is_valid]
    fences = [to_metres(park.fence) for park in sound]
    for one, other in zip(*shapely.STRtree(fences).query(fences, "intersects"), strict=True):
        if one < other:
            yield from _overlap(sound[one], sound[other], fences[one], fences[other])


def _overlap(one: Park, other: Park, fence: BaseGeometry, other_fence: BaseGeometry) -> Iterator[Problem]:
    shared_m2 = round(fence.intersection(other_fence).area, 1)
    if shared_m2 < _LEAST_OVERLAP_M2:
        return
    share = shared_m2 / min(fence.area, other_fence.area)
    smaller, larger = (one, other) if fence.area <= other_fence.area else (other, one)
    pair = (one.id, other.id)
    radii = " and ".join(f"{park.radius_m:.0f} m" for park in (one, other) if park.radius_m is not None)
    circles = f" (approximate: {radii} around a point)" if radii else ""
    if share >= _CONTAINED_SHARE:
        message = f"{smaller.id} lies within {larger.id}, {share:.0%} of it{circles}"
        yield Problem(False, "contained", pair, message, square_metres=shared_m2)
        return
    message = f"{one.id} and {other.id} share {shared_m2:,.0f} m², {share:.0%} of {smaller.id}{circles}"
    # A circle only stands in for a boundary, so that it runs into a neighbour is to be expected.
    yield Problem(not circles, "overlap", pair, message, square_metres=shared_m2)


def _outside_district(parks: list[Park], districts: Mapping[str, District]) -> Iterator[Problem]:
    borders = {name: to_metres(district.border) for name, district in districts.items()}
    for park in parks:
        border = borders.get(park.district["en"])
        if border is None:
            message = f"{park.id} is in {park.district['en']!r}, which is no district"
            yield Problem(True, "outside_district", (park.id,), message)
            continue
        metres = round(border.distance(to_metres(Point(park.lon, park.lat))), 1)
        if metres > 0:
            message = f"the point of {park.id} (grade {park.grade}) is {metres:,.1f} m outside {park.district['en']}"
            yield Problem(metres > _OUT_OF_DISTRICT_M, "outside_district", (park.id,), message, metres=metres)


def _off_fence(parks: list[Park]) -> Iterator[Problem]:
    for park in parks:
        if park.approximate or not park.fence.is_valid:
            continue
        metres = round(to_metres(park.fence).distance(to_metres(Point(park.lon, park.lat))), 1)
        if metres > _OFF_FENCE_M:
            message = f"the point of {park.id} (grade {park.grade}) is {metres:,.1f} m outside its own boundary"
            yield Problem(False, "point_off_fence", (park.id,), message, metres=metres)


def _duplicate_names(parks: list[Park]) -> Iterator[Problem]:
    told: set[tuple[str, ...]] = set()
    for language in _NAME_LANGUAGES:
        same: dict[tuple[str, str], list[str]] = defaultdict(list)
        for park in parks:
            same[park.name[language].casefold(), park.district["en"]].append(park.id)
        for (name, district), ids in same.items():
            if len(ids) > 1 and tuple(ids) not in told:
                told.add(tuple(ids))
                yield Problem(True, "duplicate_name", tuple(ids), f"{', '.join(ids)}: all “{name}” in {district}")


def _duplicate_points(parks: list[Park]) -> Iterator[Problem]:
    points = [to_metres(Point(park.lon, park.lat)) for park in parks]
    for one, other in zip(*shapely.STRtree(points).query(points, "dwithin", distance=_NEAR_POINT_M), strict=True):
        if one >= other:
            continue
        pair = (parks[one], parks[other])
        metres = round(points[one].distance(points[other]), 1)
        message = f"{pair[0].id} and {pair[1].id} have points {metres:.1f} m apart"
        # Staff look at an unconfirmed point before it is played; two that are played would pay twice in one place.
        fault = metres <= _SAME_POINT_M and all(park.confirmed for park in pair)
        yield Problem(fault, "duplicate_point", (pair[0].id, pair[1].id), message, metres=metres)


def _counts(parks: list[Park]) -> Iterator[Problem]:
    unconfirmed = tuple(park.id for park in parks if not park.confirmed)
    if unconfirmed:
        message = f"{len(unconfirmed)} of {len(parks)} parks have an unconfirmed point and are not played"
        yield Problem(False, "unconfirmed", unconfirmed, message)
    approximate = tuple(park.id for park in parks if park.approximate)
    if approximate:
        message = f"{len(approximate)} of {len(parks)} parks are a circle around a point, their boundary is not known"
        yield Problem(False, "approximate", approximate, message)
