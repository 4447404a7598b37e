"""Distances by the local metric, held against geopy's geodesic."""

from math import hypot

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from geo.metric import bearing_deg, distance_m, moved, offset_m

LATITUDES = st.floats(-75, 75)
LONGITUDES = st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, st.floats(-70, 70), st.floats(-70, 70))
def test_a_hundred_metres_agree_with_the_geodesic_to_a_tenth_of_a_millimetre(
    lat: float, lon: float, east: float, north: float
) -> None:
    there = moved(lat, lon, east, north)
    assert distance_m(lat, lon, *there) == pytest.approx(geodesic((lat, lon), there).m, abs=1e-4)


@given(st.floats(22, 23), st.floats(113.8, 114.5), st.floats(-3500, 3500), st.floats(-3500, 3500))
def test_five_kilometres_in_hong_kong_agree_to_a_centimetre(lat: float, lon: float, east: float, north: float) -> None:
    there = moved(lat, lon, east, north)
    assert distance_m(lat, lon, *there) == pytest.approx(geodesic((lat, lon), there).m, abs=0.01)


@given(LATITUDES, LONGITUDES, st.floats(-500, 500), st.floats(-500, 500))
def test_the_offset_undoes_the_move(lat: float, lon: float, east: float, north: float) -> None:
    assert offset_m(lat, lon, *moved(lat, lon, east, north)) == pytest.approx((east, north), abs=1e-3)


def test_the_date_line_is_no_edge_of_the_world() -> None:
    assert distance_m(0, 179.9995, 0, -179.9995) == pytest.approx(geodesic((0, 179.9995), (0, -179.9995)).m, abs=1e-3)
    assert offset_m(0, -179.9995, 0, 179.9995)[0] < 0


@pytest.mark.parametrize(
    ("east", "north", "bearing"), [(0, 10, 0), (10, 0, 90), (0, -10, 180), (-10, 0, 270), (10, 10, 45), (0, 0, 0)]
)
def test_bearings_run_clockwise_from_north(east: float, north: float, bearing: float) -> None:
    assert bearing_deg(22.28, 114.16, *moved(22.28, 114.16, east, north)) == pytest.approx(bearing, abs=0.01)


@given(LATITUDES, LONGITUDES, st.floats(-100, 100), st.floats(-100, 100))
def test_the_way_back_is_as_long(lat: float, lon: float, east: float, north: float) -> None:
    there = moved(lat, lon, east, north)
    assert distance_m(lat, lon, *there) == distance_m(*there, lat, lon)
    assert distance_m(lat, lon, *there) == pytest.approx(hypot(east, north), abs=1e-3)
