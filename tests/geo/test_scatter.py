"""Collectibles lie inside, apart, away from the edge, and always in the same places."""

from itertools import combinations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.metric import distance_m
from geo.parks.park import Park
from geo.parks.plane import circle, to_metres
from geo.scatter import scatter
from tests.geo.places import HERE, garden, park, polygon, real_parks, rectangle, two_lawns


def edge_m(one: Park, place: tuple[float, float]) -> float:
    """Metres from a place to the fence."""
    return float(shapely.distance(to_metres(one.fence).boundary, to_metres(Point(place[1], place[0]))))


def holds(one: Park, place: tuple[float, float]) -> bool:
    return bool(shapely.contains_xy(one.fence, place[1], place[0]))


def nearest_m(places: list[tuple[float, float]]) -> float:
    return min((distance_m(*a, *b) for a, b in combinations(places, 2)), default=1e9)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(real_parks())), st.integers(0, 20), st.text(max_size=10))
def test_in_every_real_park(name: str, count: int, seed: str) -> None:
    one = real_parks()[name]
    places = scatter(one, count, seed)
    assert len(places) <= count
    assert (count > 0) <= (len(places) > 0)
    assert all(holds(one, place) for place in places)
    assert nearest_m(places) > (7.5 if one.approximate else 14.5)
    assert places == scatter(one, count, seed)


def test_in_a_large_park_they_keep_twenty_metres_from_the_edge_and_far_apart() -> None:
    one = garden(side_m=300)
    places = scatter(one, 5, "today")
    assert len(places) == 5
    assert min(edge_m(one, place) for place in places) > 19.5
    assert nearest_m(places) > 40


def test_the_places_are_these_on_every_machine() -> None:
    assert scatter(garden(), 3, "2026-11-22") == [
        (22.279587, 114.160061),
        (22.280513, 114.159454),
        (22.28058, 114.160738),
    ]


def test_another_day_they_lie_elsewhere() -> None:
    assert not set(scatter(garden(), 5, "today")) & set(scatter(garden(), 5, "tomorrow"))


def test_two_parks_of_the_same_shape_do_not_look_alike() -> None:
    assert scatter(garden("north"), 3, "today") != scatter(garden("south"), 3, "today")


def test_an_approximate_park_gets_three_within_fifteen_metres_of_its_point() -> None:
    one = park("kiosk", circle(*HERE, 60), approximate=True, radius_m=60)
    places = scatter(one, 10, "today")
    assert len(places) == 3
    assert max(distance_m(*place, one.lat, one.lon) for place in places) <= 15


def test_a_small_garden_gets_fewer() -> None:
    one = garden(side_m=22)
    places = scatter(one, 10, "today")
    assert 1 <= len(places) <= 4
    assert min(edge_m(one, place) for place in places) >= 2.9


@pytest.mark.parametrize("width_m", [1.0, 3.0, 8.0])
def test_a_sliver_keeps_them_inside(width_m: float) -> None:
    one = park("path", polygon([(0, 0), (300, 200), (300, 200 + width_m), (0, width_m)]))
    places = scatter(one, 6, "today")
    assert places
    assert all(holds(one, place) for place in places)


def test_in_a_park_of_two_lawns_none_lies_on_the_road() -> None:
    one = two_lawns()
    places = scatter(one, 12, "today")
    assert all(holds(one, place) for place in places)
    assert {place[1] > one.lon for place in places} == {True, False}


def test_a_park_with_a_pond_keeps_them_dry() -> None:
    land = polygon(rectangle(-100, -100, 100, 100)).difference(polygon(rectangle(-60, -60, 60, 60)))
    one = park("pond", land)
    places = scatter(one, 10, "today")
    assert len(places) == 10
    assert all(holds(one, place) for place in places)


def test_nowhere_is_nowhere() -> None:
    assert scatter(garden(), 0, "today") == []
    assert scatter(garden(), -1, "today") == []
