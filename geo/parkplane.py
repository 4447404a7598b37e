"""Metres over Hong Kong: a flat local plane for fences, distances and areas of parks."""

import math

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

# Lengths of one degree of the WGS84 ellipsoid at 22.36 N, the middle of Hong Kong; at its north and south ends a metre
# east-west is out by less than 0.2 %.
METRES_PER_DEGREE_EAST = 102_999.5
METRES_PER_DEGREE_NORTH = 110_735.2
_SCALE = (METRES_PER_DEGREE_EAST, METRES_PER_DEGREE_NORTH)

_CIRCLE_CORNERS = 48  # a corner every 7.5 degrees: the edge lies at most 0.2 % of the radius inside the true circle
_UNIT_CIRCLE = [
    (math.cos(2 * math.pi * turn / _CIRCLE_CORNERS), math.sin(2 * math.pi * turn / _CIRCLE_CORNERS))
    for turn in range(_CIRCLE_CORNERS)
]


def to_metres(shape: BaseGeometry) -> BaseGeometry:
    """A WGS84 shape (longitude, latitude) in metres on the local plane."""
    return shapely.transform(shape, lambda places: places * _SCALE)


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """The inverse of `to_metres`."""
    return shapely.transform(shape, lambda places: places / _SCALE)


def circle(lat: float, lon: float, radius_m: float) -> Polygon:
    """A circle of `radius_m` around a point, as a WGS84 polygon, counter-clockwise."""
    east, north = radius_m / METRES_PER_DEGREE_EAST, radius_m / METRES_PER_DEGREE_NORTH
    return Polygon([(lon + east * x, lat + north * y) for x, y in _UNIT_CIRCLE])
