"""The parks that are shipped: enough of them, named in three languages, with hours and fences that can be played."""

import re
import time as clock
from collections import Counter
from pathlib import Path

from shapely import Point

from geo.parks.districts import load_districts
from geo.parks.file import load_parks, parse_parks
from geo.parks.plane import to_metres

REPOSITORY = Path(__file__).parents[3]
PARKS_BYTES = (REPOSITORY / "parks.geojson").read_bytes()
OPENSTREETMAP_BYTES = (REPOSITORY / "parks-openstreetmap.geojson").read_bytes()
PARKS = load_parks(REPOSITORY / "parks.geojson")


def test_there_are_883_parks_and_620_of_them_may_be_played() -> None:
    assert len(PARKS) == 883
    assert Counter(park.grade for park in PARKS.values()) == {"A": 620, "B": 263}
    assert all(park.confirmed == (park.grade == "A") for park in PARKS.values())


def test_all_18_districts_have_parks_that_can_be_played() -> None:
    played = {park.district["en"] for park in PARKS.values() if park.confirmed}
    assert played == set(load_districts())
    assert len(played) == 18


def test_every_park_has_a_slug_and_a_name_and_address_in_three_languages() -> None:
    for park in PARKS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", park.id)
        assert all(park.name[language].strip() for language in ("zh-Hant", "zh-Hans", "en")), park.id
        assert all(park.address[language].strip() for language in ("zh-Hant", "zh-Hans", "en")), park.id


def test_hours_are_those_of_the_source_or_assumed() -> None:
    hours = Counter((str(park.hours.opens), str(park.hours.closes), park.hours.assumed) for park in PARKS.values())
    assert hours["00:00:00", "00:00:00", False] == 125
    assert hours["07:00:00", "19:00:00", True] == 724
    assert hours["08:00:00", "18:00:00", True] == 1  # closed on Mondays, which daily hours cannot say
    assert sum(hours.values()) == 883


def test_every_fence_is_valid_and_holds_its_point_or_nearly() -> None:
    for park in PARKS.values():
        metres = to_metres(park.fence).distance(to_metres(Point(park.lon, park.lat)))
        assert park.fence.is_valid, park.id
        assert metres == 0 if park.approximate else metres < 5, park.id


def test_27_boundaries_are_real_and_the_rest_are_circles_by_category() -> None:
    real = [park for park in PARKS.values() if not park.approximate]
    assert len(real) == 27
    assert all(park.radius_m is None for park in real)
    assert all(40 <= (park.radius_m or 0) <= 80 for park in PARKS.values() if park.approximate)


def test_openstreetmap_boundaries_stay_in_their_own_file() -> None:
    assert b"ODbL" not in PARKS_BYTES
    assert b"OpenStreetMap" not in PARKS_BYTES
    assert "© OpenStreetMap contributors".encode() in OPENSTREETMAP_BYTES
    alone = parse_parks(PARKS_BYTES)
    assert sum(not park.approximate for park in alone.values()) == 17
    assert alone["carpenter-road-park"].approximate
    assert not PARKS["carpenter-road-park"].approximate


def test_one_feature_a_line_so_that_a_difference_can_be_read() -> None:
    for content, features in ((PARKS_BYTES, 883), (OPENSTREETMAP_BYTES, 10)):
        lines = content.decode().splitlines()
        assert sum(line.startswith('{"type":"Feature","id":') for line in lines) == features
        assert not re.search(r"\d\.\d{8,}", content.decode())


def test_the_whole_file_is_read_well_under_a_second() -> None:
    started = clock.perf_counter()
    parse_parks(PARKS_BYTES, OPENSTREETMAP_BYTES)
    assert clock.perf_counter() - started < 1
