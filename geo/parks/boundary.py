"""The boundary of one park as some source gives it: made whole, or refused with the reason."""

from dataclasses import dataclass

import shapely
from shapely import MultiPolygon
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.parks.geojson import GRID, Json, geometry_of
from geo.parks.plane import to_metres

OPENSTREETMAP_LICENCE = "ODbL-1.0"
LEAST_M2, MOST_M2 = 50.0, 1_000_000.0  # a pocket garden; five times Victoria Park


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a park ends, and who says so; `fence` is a valid WGS84 Polygon or MultiPolygon."""

    park_id: str
    fence: BaseGeometry
    source: str
    licence: str
    confidence: str  # "high" or "medium"

    @property
    def is_openstreetmap(self) -> bool:
        """Whether it must stay in the OpenStreetMap file."""
        return self.licence == OPENSTREETMAP_LICENCE


class RefusedShape(ValueError):
    """A shape that cannot be a park's fence; the message says why."""


def whole(geometry: Json | None) -> tuple[BaseGeometry, str]:
    """A valid Polygon or MultiPolygon on a grid of seven decimals, and what was mended in it ("" for nothing).

    Raises RefusedShape.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise RefusedShape(f"it is a {geometry.get('type') if isinstance(geometry, dict) else 'nothing'}, not an area")
    try:
        # Rounded first, since rounding may itself make a narrow ring touch itself.
        read: BaseGeometry = shape(geometry_of(shape(geometry)))
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise RefusedShape(f"its coordinates cannot be read ({error})") from error
    mended = ""
    if not read.is_valid:
        mended = shapely.is_valid_reason(read)
        read = _areas_of(shapely.set_precision(shapely.make_valid(read), GRID))
    if read.is_empty:
        raise RefusedShape(f"no area is left of it ({mended or 'it is empty'})")
    area_m2 = to_metres(read).area
    if not LEAST_M2 <= area_m2 <= MOST_M2:
        raise RefusedShape(f"{area_m2:,.0f} m² is no size for a park ({LEAST_M2:,.0f} to {MOST_M2:,.0f})")
    return read, mended


def _areas_of(mended: BaseGeometry) -> BaseGeometry:
    """Only the areas of a mended shape: the lines and points that mending leaves over enclose nothing."""
    parts = shapely.get_parts(shapely.get_parts(mended))  # a collection may hold a MultiPolygon
    areas = [part for part in parts if part.geom_type == "Polygon"]
    return areas[0] if len(areas) == 1 else MultiPolygon(areas)
