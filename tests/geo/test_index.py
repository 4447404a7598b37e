"""The grid gives the polygon's own answer, only faster."""

import time as clock

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.index import CELLS_PER_DEGREE, Grid
from geo.metric import moved
from geo.parks.park import Park
from geo.parks.plane import circle
from tests.geo.places import HERE, garden, park, polygon, real_grid, real_parks, rectangle, two_lawns


def straight_answer(parks: list[Park], lat: float, lon: float) -> str | None:
    """The same question, asked of every polygon."""
    holding = [one for one in parks if shapely.intersects(one.fence, Point(lon, lat))]
    best = min(holding, key=lambda one: (one.approximate, one.fence.area, one.id), default=None)
    return best.id if best else None


def answer(grid: Grid, lat: float, lon: float) -> str | None:
    found = grid.at(lat, lon)
    return found.id if found else None


@given(st.sampled_from(sorted(real_parks())), st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_near_every_real_park_the_grid_agrees_with_the_polygons(name: str, east: float, north: float) -> None:
    west_lon, south_lat, east_lon, north_lat = real_parks()[name].fence.bounds
    lat = (south_lat + north_lat) / 2 + north * (north_lat - south_lat)
    lon = (west_lon + east_lon) / 2 + east * (east_lon - west_lon)
    assert answer(real_grid(), lat, lon) == straight_answer(list(real_parks().values()), lat, lon)


@given(st.integers(-4, 4), st.integers(-4, 4), st.floats(-1e-9, 1e-9))
def test_on_the_lines_between_cells_the_polygon_decides(row: int, column: int, hair: float) -> None:
    parks = [garden(side_m=300), two_lawns()]
    lat = round(HERE[0] * CELLS_PER_DEGREE + row) / CELLS_PER_DEGREE + hair
    lon = round(HERE[1] * CELLS_PER_DEGREE + column) / CELLS_PER_DEGREE + hair
    assert answer(Grid(parks), lat, lon) == straight_answer(parks, lat, lon)


def test_a_real_boundary_beats_a_circle_even_a_smaller_one() -> None:
    boundary = garden("boundary", 200)
    kiosk = park("kiosk", circle(*HERE, 20), approximate=True, radius_m=20)
    assert answer(Grid([kiosk, boundary]), *HERE) == "boundary"


def test_of_two_boundaries_the_smaller_one_is_meant() -> None:
    assert answer(Grid([garden("forest", 900), garden("playground", 60)]), *HERE) == "playground"
    assert answer(Grid([garden("forest", 900), garden("playground", 60)]), *moved(*HERE, 200, 0)) == "forest"


def test_the_road_between_two_lawns_is_outside() -> None:
    grid = Grid([two_lawns()])
    assert answer(grid, *moved(*HERE, -50, 0)) == "two-lawns"
    assert answer(grid, *HERE) is None


def test_a_hole_in_a_park_is_outside() -> None:
    outer, pond = rectangle(-300, -300, 300, 300), rectangle(-100, -100, 100, 100)
    ring = polygon(outer).difference(polygon(pond))
    grid = Grid([park("ring", ring)])
    assert answer(grid, *HERE) is None
    assert answer(grid, *moved(*HERE, 200, 0)) == "ring"


@pytest.mark.parametrize(("east", "beyond"), [(0, 0), (99, 0), (110, 10), (300, 200)])
def test_beyond_is_the_distance_to_the_fence(east: float, beyond: float) -> None:
    assert Grid([garden()]).beyond_m("garden", *moved(*HERE, east, 0)) == pytest.approx(beyond, abs=0.1)


def test_near_tells_the_parks_around_the_nearest_first() -> None:
    far, close = garden("far", 100, moved(*HERE, 0, 600)), garden("close", 100, moved(*HERE, 300, 0))
    found = Grid([far, close]).near(*HERE, 700)
    assert [(one.id, round(metres)) for one, metres in found] == [("close", 250), ("far", 550)]
    assert Grid([far, close]).near(*HERE, 200) == []


def test_all_parks_are_laid_out_in_well_under_a_second() -> None:
    started = clock.process_time()
    Grid(real_parks().values())
    assert clock.process_time() - started < 1
