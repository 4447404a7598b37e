"""Shapes of parks in metres: one flat plane for Hong Kong, for fences, distances and areas."""

import math
from typing import Final

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo.metric import scale_at

# The middle of Hong Kong; at its north and south ends a metre east-west is out by less than 0.2 %.
SCALE: Final = scale_at(22.36)

_CIRCLE_CORNERS: Final = 48  # a corner every 7.5 degrees: the edge lies at most 0.2 % of the radius inside the circle


def to_metres(shape: BaseGeometry) -> BaseGeometry:
    """A WGS84 shape (longitude, latitude) in metres on the plane."""
    return shapely.transform(shape, lambda places: places * SCALE)


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """The inverse of `to_metres`."""
    return shapely.transform(shape, lambda places: places / SCALE)


def circle(lat: float, lon: float, radius_m: float) -> Polygon:
    """A circle of `radius_m` around a point, as a WGS84 polygon, counter-clockwise."""
    scale = scale_at(lat)
    turns = (2 * math.pi * corner / _CIRCLE_CORNERS for corner in range(_CIRCLE_CORNERS))
    return Polygon(
        [
            (lon + radius_m * math.cos(turn) / scale.east, lat + radius_m * math.sin(turn) / scale.north)
            for turn in turns
        ]
    )
