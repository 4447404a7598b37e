"""Reading park files: what a park becomes, and how a wrong file says what is wrong."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from geo.metric import distance_m
from geo.parks.file import ParkFileError, load_parks, openstreetmap_beside, outline, parse_parks, read_parks

SQUARE = [[114.16, 22.27], [114.162, 22.27], [114.162, 22.272], [114.16, 22.272], [114.16, 22.27]]
BOW_TIE = [[114.16, 22.27], [114.162, 22.272], [114.162, 22.27], [114.16, 22.272], [114.16, 22.27]]


def a_park(park_id: str = "lotus-garden", **changes: object) -> dict[str, Any]:
    """A feature of parks.geojson: an invented garden known as a point, with some properties changed."""
    properties: dict[str, Any] = {
        "park_id": park_id,
        "name_en": "Lotus Garden",
        "name_zh_hant": "蓮花園",
        "name_zh_hans": "莲花园",
        "district": "Central and Western",
        "district_zh_hant": "中西區",
        "district_zh_hans": "中西区",
        "district_code": "CW",
        "category": "garden",
        "address_en": "",
        "address_zh_hant": "",
        "address_zh_hans": "",
        "opens": "07:00",
        "closes": "19:00",
        "hours_assumed": True,
        "facilities": ["fitness equipment"],
        "lat": 22.271,
        "lon": 114.161,
        "grade": "A",
        "confirmed": True,
        "approximate": True,
        "radius_m": 40,
        **changes,
    }
    point = {"type": "Point", "coordinates": [properties["lon"], properties["lat"]]}
    return {"type": "Feature", "id": park_id, "properties": properties, "geometry": point}


def with_boundary(feature: dict[str, Any], ring: list[list[float]]) -> dict[str, Any]:
    properties = {**feature["properties"], "approximate": False, "radius_m": None}
    return {**feature, "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def from_openstreetmap(park_id: str = "lotus-garden") -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": park_id,
        "properties": {"park_id": park_id},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }


def a_file(*features: dict[str, Any], attribution: str = "Contains data of the government") -> bytes:
    document = {"type": "FeatureCollection", "attribution": attribution, "features": features}
    return json.dumps(document, ensure_ascii=False).encode()


def test_a_park_known_as_a_point_is_a_circle_in_metres() -> None:
    park = parse_parks(a_file(a_park(radius_m=80)))["lotus-garden"]
    corners = shapely.get_coordinates(park.fence)
    reach = [distance_m(park.lat, park.lon, lat, lon) for lon, lat in corners]
    assert park.approximate
    assert park.radius_m == 80
    assert min(reach) == pytest.approx(80, abs=0.01)
    assert max(reach) == pytest.approx(80, abs=0.01)


def test_a_real_boundary_is_the_fence() -> None:
    park = parse_parks(a_file(with_boundary(a_park(), SQUARE)))["lotus-garden"]
    assert not park.approximate
    assert park.radius_m is None
    assert park.fence.equals(shape({"type": "Polygon", "coordinates": [SQUARE]}))


def test_a_boundary_from_openstreetmap_replaces_the_circle_and_is_credited() -> None:
    beside = a_file(from_openstreetmap(), attribution="© OpenStreetMap contributors")
    park = parse_parks(a_file(a_park()), beside)["lotus-garden"]
    assert not park.approximate
    assert park.fence.bounds == (114.16, 22.27, 114.162, 22.272)
    assert "OpenStreetMap contributors" in park.attribution
    assert "government" in park.attribution


def test_the_openstreetmap_file_is_found_beside_and_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "city.geojson"
    path.write_bytes(a_file(a_park()))
    assert load_parks(path)["lotus-garden"].approximate
    openstreetmap_beside(path).write_bytes(a_file(from_openstreetmap(), attribution="© OpenStreetMap contributors"))
    assert openstreetmap_beside(path).name == "city-openstreetmap.geojson"
    assert not load_parks(path)["lotus-garden"].approximate


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (a_park(lat=114.1, lon=22.2), "lat must be a number from -90 to 90, not 114.1"),
        (a_park(lat=math.nan), "lat must be a number"),
        (a_park(name_zh_hans=""), "name_zh_hans must be a text that is not empty"),
        (a_park(opens="7 am"), "opens must be a time as 07:00"),
        (a_park(opens="07:00+08:00"), "opens must be a time as 07:00"),
        (a_park(grade="C"), "grade must be A or B"),
        (a_park(confirmed="yes"), "confirmed must be true or false"),
        (a_park(radius_m=None), "radius_m must be a number"),
        (a_park(radius_m=True), "radius_m must be a number"),
        (a_park(facilities="courts"), "facilities must be a list of texts"),
        (a_park(approximate=False), "its boundary is a Point, not a Polygon"),
        (with_boundary(a_park(), BOW_TIE), "its boundary is invalid: Self-intersection"),
        (with_boundary(a_park(), SQUARE[:2]), "its boundary cannot be read"),
        (a_park(park_id="lotus-garden") | {"id": "rose-garden"}, "park_id is 'lotus-garden', not the feature's id"),
        (a_park() | {"properties": None}, "has no properties"),
    ],
)
def test_a_wrong_feature_is_named_with_the_reason(feature: dict[str, Any], reason: str) -> None:
    with pytest.raises(ParkFileError) as caught:
        parse_parks(a_file(feature))
    assert caught.value.feature == feature["id"]
    assert str(caught.value).startswith(f"{feature['id']}: ")
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "is not a GeoJSON FeatureCollection"),
        (b'{"features": [1]}', "is not a GeoJSON FeatureCollection"),
        (b'{"elements": []}', "is Overpass's own JSON: turn it into GeoJSON first"),
        (b'{"features": []}', "has no attribution"),
    ],
)
def test_a_wrong_file_says_so(content: bytes, reason: str) -> None:
    with pytest.raises(ParkFileError, match=reason):
        parse_parks(content)


def test_the_good_parks_are_kept_and_the_bad_ones_listed() -> None:
    good, bad = read_parks(a_file(a_park("one"), a_park("two", grade="C"), a_park("three"), a_park("one")))
    assert set(good) == {"one", "three"}
    assert [(fault.feature, fault.reason) for fault in bad] == [
        ("one", "this id occurs twice"),
        ("two", "grade must be A or B, not 'C'"),
    ]


def test_a_boundary_of_an_unknown_park_means_that_the_two_files_do_not_belong_together() -> None:
    beside = a_file(from_openstreetmap("rose-garden"), attribution="© OpenStreetMap contributors")
    with pytest.raises(ParkFileError, match="rose-garden: has an OpenStreetMap boundary but is no park"):
        parse_parks(a_file(a_park()), beside)


def test_a_park_with_two_boundaries_is_refused() -> None:
    beside = a_file(from_openstreetmap(), attribution="© OpenStreetMap contributors")
    with pytest.raises(ParkFileError, match="a boundary of its own and one from OpenStreetMap"):
        parse_parks(a_file(with_boundary(a_park(), SQUARE)), beside)


def test_an_outline_is_small_and_true_to_a_metre() -> None:
    park = parse_parks(a_file(a_park(radius_m=80)))["lotus-garden"]
    drawn = outline(park.fence)
    metres = shapely.hausdorff_distance(shape(drawn), park.fence) * 111_000
    assert len(drawn["coordinates"][0]) < len(shapely.get_coordinates(park.fence))
    assert metres < 1.2
    assert all(number == round(number, 6) for corner in drawn["coordinates"][0] for number in corner)
