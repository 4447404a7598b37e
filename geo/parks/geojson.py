"""GeoJSON as this project writes it: the same input gives the same bytes, one feature a line, seven decimals."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Json = dict[str, Any]
Coordinates: TypeAlias = "float | Sequence[Coordinates]"

DECIMALS = 7  # a centimetre
GRID = 10.0**-DECIMALS


def render(members: Mapping[str, Any], features: Iterable[Json]) -> bytes:
    """A FeatureCollection with foreign members first, features sorted by `id`, as UTF-8 with a newline at the end."""
    head = [f"{_compact(name)}:{_compact(value)},\n" for name, value in members.items()]
    lines = [_compact(feature) for feature in sorted(features, key=lambda feature: str(feature["id"]))]
    return ("".join(['{"type":"FeatureCollection",\n', *head, '"features":[\n', ",\n".join(lines), "\n]}\n"])).encode()


def geometry_of(shape: BaseGeometry, decimals: int = DECIMALS) -> Json:
    """The GeoJSON geometry of a shape: outer rings counter-clockwise (RFC 7946), coordinates rounded."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        shape = shapely.orient_polygons(shape)
    written = mapping(shape)
    return {"type": written["type"], "coordinates": _rounded(written["coordinates"], decimals)}


def _rounded(coordinates: Coordinates, decimals: int) -> Coordinates:
    if isinstance(coordinates, float | int):
        return round(float(coordinates), decimals)
    return [_rounded(part, decimals) for part in coordinates]


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
