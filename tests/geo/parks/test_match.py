"""Which polygon is which park: by name and place, and never by guessing."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import Point, Polygon

from geo.parks.boundary import RefusedShape, whole
from geo.parks.build import upgrade, upgrade_from_files
from geo.parks.file import load_parks, parse_parks
from geo.parks.geojson import geometry_of
from geo.parks.match import MatchReport, match
from geo.parks.park import Park
from geo.parks.plane import to_degrees, to_metres

REPOSITORY = Path(__file__).parents[3]
EXAMPLES = REPOSITORY / "tests" / "data" / "parks"
PARKS = load_parks(REPOSITORY / "parks.geojson")


def square(park: Park, east_m: float = 0, north_m: float = 0, side_m: float = 100) -> dict[str, Any]:
    """A square around a park's point, moved; its nearest edge is `east_m - side_m / 2` away."""
    centre = to_metres(Point(park.lon + 0.0, park.lat))
    x, y, half = centre.x + east_m, centre.y + north_m, side_m / 2
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    return geometry_of(to_degrees(Polygon(corners)))


def way(number: int, name: str, geometry: dict[str, Any], leisure: str = "park", **tags: str) -> dict[str, Any]:
    ref = f"way/{number}"
    properties = {"@id": ref, "leisure": leisure, "name": name, **tags}
    return {"type": "Feature", "id": ref, "properties": properties, "geometry": geometry}


def matched(*features: dict[str, Any]) -> MatchReport:
    return match({"type": "FeatureCollection", "features": list(features)}, PARKS)


def pairs(report: MatchReport) -> dict[str, str]:
    return {found.boundary.park_id: found.ref for found in report.matches}


def reasons(report: MatchReport) -> dict[str, str]:
    return {left.ref: left.reason for left in report.unmatched}


VICTORIA = PARKS["victoria-park"]
KOWLOON = PARKS["kowloon-park"]
OLYMPIC = PARKS["olympic-garden"]


def test_a_polygon_of_the_same_name_around_the_point_is_the_park() -> None:
    report = matched(way(1, "Victoria Park 維多利亞公園", square(VICTORIA)))
    assert pairs(report) == {"victoria-park": "way/1"}
    assert report.matches[0].boundary.confidence == "high"
    assert report.matches[0].boundary.source == "OpenStreetMap way/1 (ODbL 1.0)"
    assert report.matches[0].boundary.is_openstreetmap


@pytest.mark.parametrize("name", ["維多利亞公園", "维多利亚公园", "VICTORIA  PARK", "維多利亞公園 Victoria Park"])
def test_either_language_is_enough(name: str) -> None:
    assert pairs(matched(way(1, name, square(VICTORIA)))) == {"victoria-park": "way/1"}


def test_a_renamed_tag_is_read_too() -> None:
    polygon = way(1, "Causeway Bay Park", square(VICTORIA), **{"alt_name:zh-Hant": "維園;維多利亞公園"})
    assert pairs(matched(polygon)) == {"victoria-park": "way/1"}


def test_a_grade_a_point_may_lie_150_m_from_its_polygon_and_not_further() -> None:
    near = matched(way(1, "Victoria Park", square(VICTORIA, east_m=50 + 140)))
    far = matched(way(1, "Victoria Park", square(VICTORIA, east_m=50 + 160)))
    assert near.matches[0].distance_m == pytest.approx(140, abs=0.5)
    assert near.matches[0].boundary.confidence == "medium"
    assert not far.matches
    assert reasons(far) == {"way/1": "the nearest park of this name, victoria-park, is 160 m away"}


def test_a_grade_b_point_may_lie_400_m_away_if_the_name_is_the_very_same() -> None:
    assert OLYMPIC.grade == "B"
    assert pairs(matched(way(1, "Olympic Garden", square(OLYMPIC, east_m=50 + 390)))) == {"olympic-garden": "way/1"}
    assert not matched(way(1, "Olympic Garden", square(OLYMPIC, east_m=50 + 410))).matches
    assert not matched(way(1, "Olympik Garden", square(OLYMPIC))).matches


def test_a_namesake_in_another_district_is_reported_and_not_taken() -> None:
    report = matched(way(1, "Victoria Park", square(KOWLOON)))
    assert not report.matches
    assert report.unmatched[0].park_ids == ("victoria-park",)
    assert "is 2,6" in report.unmatched[0].reason


def test_a_misspelt_name_counts_around_a_grade_a_point_only() -> None:
    report = matched(way(1, "Morrisson Hill Rd Playgroud", square(PARKS["morrison-hill-road-playground"])))
    assert pairs(report) == {"morrison-hill-road-playground": "way/1"}
    assert not report.matches[0].same_name
    assert not matched(
        way(1, "Morrisson Hill Rd Playgroud", square(PARKS["morrison-hill-road-playground"], east_m=60))
    ).matches


def test_the_same_name_near_by_wins_over_a_misspelt_one_around_the_point() -> None:
    park = PARKS["morrison-hill-road-playground"]
    misspelt = way(1, "Morrisson Hill Road Playground", square(park))
    report = matched(misspelt, way(2, "Morrison Hill Road Playground", square(park, east_m=90)))
    assert pairs(report) == {"morrison-hill-road-playground": "way/2"}


def test_other_numbers_are_other_parks() -> None:
    assert not matched(
        way(1, "Tin Hau Temple Road Garden No. 2", square(PARKS["tin-hau-temple-road-garden-no-1"]))
    ).matches


def test_two_polygons_that_fit_equally_are_both_doubtful() -> None:
    report = matched(way(1, "Victoria Park", square(VICTORIA)), way(2, "Victoria Park", square(VICTORIA, side_m=80)))
    assert not report.matches
    assert set(reasons(report).values()) == {"2 polygons fit this park equally"}


def test_the_polygon_round_the_point_wins_over_its_neighbour() -> None:
    report = matched(way(1, "Victoria Park", square(VICTORIA, east_m=120)), way(2, "Victoria Park", square(VICTORIA)))
    assert pairs(report) == {"victoria-park": "way/2"}
    assert reasons(report) == {"way/1": "way/2 fits better"}


def test_a_park_wins_over_the_pitch_of_its_name() -> None:
    report = matched(
        way(1, "Victoria Park", square(VICTORIA, side_m=20), leisure="pitch"), way(2, "Victoria Park", square(VICTORIA))
    )
    assert pairs(report) == {"victoria-park": "way/2"}


def test_names_of_two_parks_nearby_are_doubtful() -> None:
    playground = PARKS["sham-tseng-playground"]
    report = matched(way(1, "Sham Tseng Playground", square(playground), **{"name:zh": "深井臨時遊樂場"}))
    assert not report.matches
    assert report.unmatched[0].reason == "several parks could be meant"
    assert report.unmatched[0].park_ids == ("sham-tseng-playground", "sham-tseng-temporary-playground")


def test_a_bow_tie_is_mended_and_said_so() -> None:
    ring = square(VICTORIA)["coordinates"][0]
    bow_tie = {"type": "Polygon", "coordinates": [[ring[0], ring[2], ring[1], ring[3], ring[0]]]}
    report = matched(way(1, "Victoria Park", bow_tie))
    assert report.matches[0].boundary.fence.is_valid
    assert report.matches[0].mended.startswith("Self-intersection")


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "Polygon", "coordinates": [[[114, 22], [114.1, 22], [114, 22], [114, 22]]]}, "no area is left of it"),
        ({"type": "Polygon", "coordinates": [[[114, 22], [114.1, 22]]]}, "its coordinates cannot be read"),
        ({"type": "Polygon", "coordinates": []}, "no area is left of it"),
        ({"type": "Polygon", "coordinates": [["a", "b"]]}, "its coordinates cannot be read"),
        ({"type": "LineString", "coordinates": [[114, 22], [114.1, 22]]}, "it is a LineString, not an area"),
        (None, "it is a nothing"),
        (square(VICTORIA, side_m=5), "25 m² is no size for a park"),
        (square(VICTORIA, side_m=1500), "m² is no size for a park"),
    ],
)
def test_a_shape_that_cannot_be_a_fence_is_refused_with_the_reason(geometry: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedShape, match=reason):
        whole(geometry)


def test_a_hopeless_polygon_of_a_park_is_listed_and_the_others_are_used() -> None:
    flat = {"type": "Polygon", "coordinates": [[[114, 22], [114.1, 22], [114, 22], [114, 22]]]}
    report = matched(way(1, "Kowloon Park", flat), way(2, "Victoria Park", square(VICTORIA)))
    assert pairs(report) == {"victoria-park": "way/2"}
    assert "no area is left of it" in reasons(report)["way/1"]


def test_a_polygon_without_a_source_that_could_be_credited_is_not_taken() -> None:
    nobodys = {"type": "Feature", "properties": {"name": "Victoria Park"}, "geometry": square(VICTORIA)}
    assert "nobody could be credited" in matched(nobodys).unmatched[0].reason


def test_a_polygon_that_the_extract_cut_off_is_passed_over() -> None:
    cut = way(1, "Victoria Park", square(VICTORIA))
    cut["properties"]["tainted"] = True
    assert matched(cut).passed_over == {"incomplete in the extract (tainted)": 1}


def test_a_name_packed_into_other_tags_is_read() -> None:
    packed = {"osm_way_id": "7", "leisure": "park", "other_tags": '"name:en"=>"Victoria Park","height"=>"2"'}
    report = matched({"type": "Feature", "properties": packed, "geometry": square(VICTORIA)})
    assert pairs(report) == {"victoria-park": "way/7"}


def test_an_overpass_file_upgrades_the_parks_that_it_knows() -> None:
    report = upgrade_from_files(REPOSITORY / "parks.geojson", EXAMPLES / "overpass.geojson")
    assert report.match is not None
    assert pairs(report.match) == {
        "blake-gardens": "way/900000002",
        "morrison-hill-road-playground": "way/900000004",
        "tuen-mun-park": "way/900000003",
        "victoria-park": "relation/900000001",
    }
    assert report.match.passed_over == {
        "no name": 1,
        "not an area": 1,
        "no park, garden, playground, pitch or recreation ground": 1,
    }
    assert report.kept == ["blake-gardens"]
    parks = parse_parks(report.parks, report.openstreetmap)
    assert not parks["victoria-park"].approximate
    assert "OpenStreetMap" in parks["victoria-park"].attribution
    assert "OpenStreetMap" not in parks["blake-gardens"].attribution


def test_a_geofabrik_file_is_read_in_both_of_its_forms() -> None:
    report = upgrade_from_files(REPOSITORY / "parks.geojson", EXAMPLES / "geofabrik.geojson")
    assert report.match is not None
    assert pairs(report.match) == {"kowloon-park": "osm_id/900000011", "kowloon-tsai-park": "way/900000012"}
    assert report.match.passed_over["no park has this name"] == 1


def test_openstreetmap_polygons_leave_the_government_file_as_it_is() -> None:
    before = (REPOSITORY / "parks.geojson").read_bytes()
    report = upgrade_from_files(REPOSITORY / "parks.geojson", EXAMPLES / "overpass.geojson")
    assert report.parks == before
    assert report.openstreetmap is not None
    lines = {line["id"]: line["properties"] for line in json.loads(report.openstreetmap)["features"]}
    assert lines["victoria-park"]["boundary_source"] == "OpenStreetMap relation/900000001 (ODbL 1.0), as of 2026-10-01"
    assert lines["victoria-park"]["licence"] == "ODbL-1.0"


def test_upgrading_twice_changes_nothing_more() -> None:
    polygons = (EXAMPLES / "overpass.geojson").read_bytes()
    once = upgrade((REPOSITORY / "parks.geojson").read_bytes(), None, polygons, "overpass.geojson")
    twice = upgrade(once.parks, once.openstreetmap, polygons, "overpass.geojson")
    assert (once.parks, once.openstreetmap) == (twice.parks, twice.openstreetmap)


def test_government_polygons_go_into_the_government_file() -> None:
    surveyed = {
        "type": "Feature",
        "properties": {"park_id": "carpenter-road-park", "licence": "HKSAR open data", "source": "Survey sheet 11-NW"},
        "geometry": square(PARKS["carpenter-road-park"]),
    }
    polygons = json.dumps({"type": "FeatureCollection", "features": [surveyed]}).encode()
    files = [(REPOSITORY / name).read_bytes() for name in ("parks.geojson", "parks-openstreetmap.geojson")]
    report = upgrade(files[0], files[1], polygons, "survey.geojson")
    parks = parse_parks(report.parks, report.openstreetmap)
    assert shapely.area(to_metres(parks["carpenter-road-park"].fence)) == pytest.approx(10_000, rel=0.001)
    assert "OpenStreetMap" not in parks["carpenter-road-park"].attribution
    assert b"survey.geojson" in report.parks


def test_the_report_reads_well() -> None:
    lines = list(upgrade_from_files(REPOSITORY / "parks.geojson", EXAMPLES / "overpass.geojson").lines())
    assert "7 features read: 4 are parks, 0 are doubtful." in lines
    assert "Matched tuen-mun-park: way/900000003, 10 m from its point" in lines
    assert "Kept blake-gardens: its government boundary stays." in lines
