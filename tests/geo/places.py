"""Parks for the movement tests: simple ones drawn in metres, and the real ones of the repository."""

from collections.abc import Sequence
from datetime import time
from functools import cache
from pathlib import Path

from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.index import Grid
from geo.metric import moved
from geo.parks.file import load_parks
from geo.parks.park import Hours, Park

REPOSITORY = Path(__file__).parents[2]
HERE = (22.2800, 114.1600)

Ring = Sequence[tuple[float, float]]


def polygon(ring: Ring, at: tuple[float, float] = HERE) -> Polygon:
    """A ring in metres (east, north) of a place, as a WGS84 polygon."""
    return Polygon([moved(*at, east, north)[::-1] for east, north in ring])


def rectangle(west: float, south: float, east: float, north: float) -> Ring:
    """The corners of a rectangle, in metres."""
    return [(west, south), (east, south), (east, north), (west, north)]


def park(name: str, fence: BaseGeometry, *, approximate: bool = False, radius_m: float | None = None) -> Park:
    """A park of which only the fence matters."""
    middle: Point = fence.centroid
    words = {"zh-Hant": name, "zh-Hans": name, "en": name}
    return Park(
        id=name,
        name=words,  # type: ignore[arg-type]
        district=words,  # type: ignore[arg-type]
        district_code="CW",
        category="park",
        address=words,  # type: ignore[arg-type]
        hours=Hours(time(0), time(0), False),
        facilities=(),
        lat=middle.y,
        lon=middle.x,
        grade="A",
        confirmed=True,
        approximate=approximate,
        radius_m=radius_m,
        fence=fence,
        attribution="",
    )


def garden(name: str = "garden", side_m: float = 200, at: tuple[float, float] = HERE) -> Park:
    """A square park around a place."""
    half = side_m / 2
    return park(name, polygon(rectangle(-half, -half, half, half), at))


def two_lawns(name: str = "two-lawns") -> Park:
    """A park in two pieces with a road between."""
    lawns = (rectangle(-100, -40, -10, 40), rectangle(10, -40, 100, 40))
    return park(name, MultiPolygon([polygon(lawn) for lawn in lawns]))


@cache
def real_parks() -> dict[str, Park]:
    """The parks of the repository that may be played."""
    return {name: one for name, one in load_parks(REPOSITORY / "parks.geojson").items() if one.confirmed}


@cache
def central_parks() -> dict[str, Park]:
    """Those within two kilometres of Hong Kong Park: quicker to lay out than all of them."""
    return {one.id: one for one, _ in real_grid().near(22.2772, 114.1614, 2000)}


@cache
def real_grid() -> Grid:
    """The index over them."""
    return Grid(real_parks().values())
