"""`parks check` finds the faults that are planted, and calls the rest by its name."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import Polygon
from shapely.affinity import translate

from geo.parks.districts import load_districts
from geo.parks.file import load_parks, openstreetmap_beside
from geo.parks.park import Park
from geo.parks.plane import SCALE
from geo.parks.survey import Problem, survey, survey_files

REPOSITORY = Path(__file__).parents[3]
PARKS_FILE = REPOSITORY / "parks.geojson"
PARKS = load_parks(PARKS_FILE)
DISTRICTS = load_districts()


def found(parks: Iterable[Park], kind: str) -> list[Problem]:
    return [problem for problem in survey({park.id: park for park in parks}, DISTRICTS) if problem.kind == kind]


def moved(park: Park, east_m: float, **changes: object) -> Park:
    """The park with its point and its fence some metres further east."""
    east = east_m / SCALE.east
    return replace(park, lon=park.lon + east, fence=translate(park.fence, xoff=east), **changes)  # type: ignore[arg-type]


HONG_KONG_PARK = PARKS["hong-kong-park"]  # a real boundary of 81,611 m²
VICTORIA = PARKS["victoria-park"]  # a circle of 80 m


def test_two_real_boundaries_that_overlap_are_a_fault_with_the_area() -> None:
    other = moved(HONG_KONG_PARK, 200, id="other")
    (problem,) = found([HONG_KONG_PARK, other], "overlap")
    assert problem.fault
    assert problem.park_ids == ("hong-kong-park", "other")
    assert problem.square_metres is not None
    assert 1_000 < problem.square_metres < 81_611
    assert f"{problem.square_metres:,.0f} m²" in problem.message


def test_a_circle_that_runs_into_a_neighbour_is_a_note() -> None:
    (problem,) = found([VICTORIA, moved(VICTORIA, 100, id="other")], "overlap")
    assert not problem.fault
    assert "80 m and 80 m around a point" in problem.message


def test_a_playground_within_a_park_is_contained_and_no_overlap() -> None:
    middle = HONG_KONG_PARK.fence.representative_point()
    inner = replace(HONG_KONG_PARK, id="inner", fence=middle.buffer(0.00005))
    assert not found([HONG_KONG_PARK, inner], "overlap")
    (problem,) = found([HONG_KONG_PARK, inner], "contained")
    assert problem.message.startswith("inner lies within hong-kong-park, 100%")


def test_parks_that_only_touch_are_no_overlap() -> None:
    left, right = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)]), Polygon([(1, 0), (2, 0), (2, 1), (1, 1)])
    assert not found([replace(VICTORIA, fence=left), replace(VICTORIA, id="other", fence=right)], "overlap")


def test_an_invalid_fence_is_a_fault_and_hinders_nothing_else() -> None:
    bow_tie = Polygon([(114.16, 22.27), (114.17, 22.28), (114.17, 22.27), (114.16, 22.28)])
    twisted = [replace(VICTORIA, id="bow", fence=bow_tie), VICTORIA, moved(VICTORIA, 100, id="other")]
    (problem,) = found(twisted, "invalid")
    assert problem.fault
    assert "Self-intersection" in problem.message
    assert len(found(twisted, "overlap")) == 1


def test_a_point_in_another_district_is_a_fault_with_the_metres() -> None:
    (problem,) = found([replace(VICTORIA, lat=PARKS["kowloon-park"].lat)], "outside_district")
    assert problem.fault
    assert problem.metres is not None
    assert problem.metres > 500
    assert f"{problem.metres:,.1f} m outside Wan Chai" in problem.message or "outside Eastern" in problem.message


def test_a_district_that_does_not_exist_is_a_fault() -> None:
    (problem,) = found([replace(VICTORIA, district={**VICTORIA.district, "en": "Atlantis"})], "outside_district")
    assert problem.message == "victoria-park is in 'Atlantis', which is no district"


def test_the_same_name_in_one_district_is_a_fault_and_in_two_is_not() -> None:
    twin = moved(VICTORIA, 900, id="twin")
    (problem,) = found([VICTORIA, twin], "duplicate_name")
    assert problem.park_ids == ("twin", "victoria-park")
    elsewhere = replace(twin, district=PARKS["kowloon-park"].district)
    assert not found([VICTORIA, elsewhere], "duplicate_name")


@pytest.mark.parametrize(("metres", "faults"), [(0.5, [True]), (4, [False]), (6, [])])
def test_points_within_a_few_metres_are_told(metres: float, faults: list[bool]) -> None:
    problems = found([VICTORIA, moved(VICTORIA, metres, id="other")], "duplicate_point")
    assert [problem.fault for problem in problems] == faults


def test_a_point_far_from_its_own_boundary_is_told() -> None:
    assert not found([HONG_KONG_PARK], "point_off_fence")
    (problem,) = found([replace(HONG_KONG_PARK, lon=HONG_KONG_PARK.lon + 0.01)], "point_off_fence")
    assert problem.metres is not None
    assert problem.metres > 500


def test_the_shipped_parks_have_no_fault_and_the_four_points_at_a_border_are_noted() -> None:
    beside = openstreetmap_beside(PARKS_FILE)
    problems = survey_files(PARKS_FILE.read_bytes(), beside.read_bytes(), DISTRICTS)
    assert [str(problem) for problem in problems if problem.fault] == []
    at_border = [problem for problem in problems if problem.kind == "outside_district"]
    assert [problem.park_ids[0] for problem in at_border] == [
        "kau-lung-hang-playground",
        "north-point-salt-water-service-reservoir-sitting-out-area",
        "pak-shek-kok-promenade",
        "tin-hau-temple-road-garden-no-1",
    ]
    assert all(problem.metres is not None and problem.metres < 150 for problem in at_border)
    (unconfirmed,) = (problem for problem in problems if problem.kind == "unconfirmed")
    assert unconfirmed.message == "263 of 883 parks have an unconfirmed point and are not played"


def test_unreadable_features_are_listed_and_the_others_are_surveyed() -> None:
    broken = PARKS_FILE.read_bytes().replace(b'"opens":"07:00"', b'"opens":"soon"', 1)
    problems = survey_files(broken, None, DISTRICTS)
    assert [problem.kind for problem in problems if problem.fault] == ["unreadable"]
    assert "882 parks have an unconfirmed point" in " ".join(problem.message for problem in problems)


def test_the_order_does_not_depend_on_the_order_of_the_parks() -> None:
    backwards = dict(reversed(PARKS.items()))
    assert survey(backwards, DISTRICTS) == survey(PARKS, DISTRICTS)
