"""Building the park files from the public facts: good rows kept, bad rows listed, the same bytes every time."""

import csv
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.parks.build import build_from_folder
from geo.parks.file import ParkFileError, load_parks, parse_parks

REPOSITORY = Path(__file__).parents[3]
FACTS = Path(os.environ.get("EPLUS_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
needs_facts = pytest.mark.skipif(
    not (FACTS / "parks.geojson").exists(),
    reason="the public facts are not here; set EPLUS_SHARED_DATA to their folder",
)

DISTRICT = {
    "type": "Feature",
    "properties": {"code": "CW", "name_en": "Central and Western", "name_zh_hant": "中西區", "name_zh_hans": "中西区"},
    "geometry": {"type": "Polygon", "coordinates": [[[114, 22], [115, 22], [115, 23], [114, 23], [114, 22]]]},
}
RING = [[114.16, 22.27], [114.162, 22.27], [114.162, 22.272], [114.16, 22.272], [114.16, 22.27]]


def a_fact(park_id: str, lon: float = 114.161, **changes: object) -> dict[str, Any]:
    properties = {
        "park_id": park_id,
        "name_en": "Lotus Garden",
        "name_zh_hant": "蓮花園",
        "name_zh_hans": "莲花园",
        "district": "Central and Western",
        "district_code": "CW",
        "category": "garden",
        "address_en": "1 Lotus Street",
        "address_zh_hant": "蓮花街1號",
        "opening_hours_en": "6 am to 11 pm daily",
        "opening_hours_zh_hant": "每日上午6時至晚上11時",
        "facility_hours_en": "9 am to 5 pm",
        "facilities": ["fitness equipment"],
        "phone": "",
        "coord_grade": "A",
        "sources": ["HKGS:Recreation_Grounds"],
        **changes,
    }
    return {
        "type": "Feature",
        "id": park_id,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, 22.271]},
    }


def a_boundary(park_id: str, licence: str = "HKSAR open data", ring: list[list[float]] = RING) -> dict[str, Any]:
    properties = {"park_id": park_id, "boundary_source": "a survey", "licence": licence, "confidence": "high"}
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def a_folder(folder: Path, parks: list[dict[str, Any]], boundaries: list[dict[str, Any]] | None = None) -> Path:
    files = {"parks.geojson": parks, "park_boundaries.geojson": boundaries or [], "districts.geojson": [DISTRICT]}
    for name, features in files.items():
        (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


def properties_of(content: bytes, park_id: str) -> dict[str, Any]:
    found = [feature for feature in json.loads(content)["features"] if feature["id"] == park_id]
    return dict(found[0]["properties"])


def test_a_fact_becomes_a_park(tmp_path: Path) -> None:
    made = build_from_folder(a_folder(tmp_path, [a_fact("lotus-garden")])).parks
    facts = properties_of(made, "lotus-garden")
    assert (facts["opens"], facts["closes"], facts["hours_assumed"]) == ("06:00", "23:00", False)
    assert (facts["address_zh_hant"], facts["address_zh_hans"]) == ("蓮花街1號", "莲花街1号")
    assert (facts["district_zh_hant"], facts["district_zh_hans"]) == ("中西區", "中西区")
    assert (facts["approximate"], facts["radius_m"], facts["confidence"]) == (True, 40, None)
    assert parse_parks(made)["lotus-garden"].confirmed


def test_hours_of_a_court_are_not_those_of_the_park(tmp_path: Path) -> None:
    fact = a_fact("lotus-garden", opening_hours_en="", opening_hours_zh_hant="", facility_hours_en="9 am to 5 pm")
    facts = properties_of(build_from_folder(a_folder(tmp_path, [fact])).parks, "lotus-garden")
    assert (facts["opens"], facts["closes"], facts["hours_assumed"]) == ("07:00", "19:00", True)


def test_a_grade_b_point_starts_unconfirmed(tmp_path: Path) -> None:
    made = build_from_folder(a_folder(tmp_path, [a_fact("lotus-garden", coord_grade="B")])).parks
    assert not parse_parks(made)["lotus-garden"].confirmed


def test_a_boundary_goes_where_its_licence_belongs(tmp_path: Path) -> None:
    parks = [a_fact("lotus-garden"), a_fact("rose-garden")]
    report = build_from_folder(
        a_folder(tmp_path, parks, [a_boundary("lotus-garden"), a_boundary("rose-garden", "ODbL-1.0")])
    )
    assert report.openstreetmap is not None
    assert properties_of(report.parks, "lotus-garden")["approximate"] is False
    assert properties_of(report.parks, "rose-garden")["approximate"] is True
    assert properties_of(report.openstreetmap, "rose-garden")["licence"] == "ODbL-1.0"
    assert report.counts()["government_boundaries"] == report.counts()["openstreetmap_boundaries"] == 1


def test_bad_rows_are_listed_and_good_ones_kept(tmp_path: Path) -> None:
    parks = [
        a_fact("good"),
        a_fact("nowhere", district="Atlantis"),
        a_fact("odd", category="volcano"),
        a_fact("good"),
    ]
    bow_tie_of_nothing = [RING[0], RING[2], RING[0], RING[2], RING[0]]
    boundaries = [a_boundary("stranger"), a_boundary("good", ring=bow_tie_of_nothing)]
    report = build_from_folder(a_folder(tmp_path, parks, boundaries))
    assert set(parse_parks(report.parks)) == {"good"}
    assert [fault.feature for fault in report.faults] == ["good", "nowhere", "odd", "good", "stranger"]
    assert any("Left out: nowhere" in line for line in report.lines())
    assert report.as_json()["left_out"][1]["id"] == "nowhere"


def test_the_order_of_the_source_does_not_matter(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    parks = [a_fact("a"), a_fact("b", lon=114.17)]
    first = build_from_folder(a_folder(one, parks)).parks.splitlines()
    second = build_from_folder(a_folder(other, parks[::-1])).parks.splitlines()
    assert [line for line in first if b"sha256" not in line] == [line for line in second if b"sha256" not in line]


def test_a_folder_without_the_facts_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ParkFileError, match="the folder holds no districts"):
        build_from_folder(tmp_path)
    a_folder(tmp_path, [])
    (tmp_path / "parks.geojson").unlink()
    with pytest.raises(ParkFileError, match="neither parks"):
        build_from_folder(tmp_path)


@needs_facts
def test_the_shipped_files_are_what_the_facts_give() -> None:
    report = build_from_folder(FACTS)
    assert report.faults == []
    assert report.parks == (REPOSITORY / "parks.geojson").read_bytes()
    assert report.openstreetmap == (REPOSITORY / "parks-openstreetmap.geojson").read_bytes()
    assert report.districts == (REPOSITORY / "geo" / "parks" / "districts.geojson").read_bytes()


@needs_facts
def test_ids_are_the_slugs_of_the_facts() -> None:
    with (FACTS / "parks.csv").open(encoding="utf-8", newline="") as lines:
        slugs = [row["park_id"] for row in csv.DictReader(lines)]
    assert sorted(load_parks(REPOSITORY / "parks.geojson")) == sorted(slugs)


@needs_facts
def test_the_table_alone_gives_the_same_parks(tmp_path: Path) -> None:
    for name in ("parks.csv", "park_boundaries.geojson", "districts.geojson"):
        shutil.copy(FACTS / name, tmp_path / name)
    report = build_from_folder(tmp_path)
    assert report.faults == []
    assert parse_parks(report.parks, report.openstreetmap) == load_parks(REPOSITORY / "parks.geojson")


@needs_facts
def test_the_facts_boundaries_also_serve_as_a_polygon_file(tmp_path: Path) -> None:
    for name in ("parks.geojson", "districts.geojson"):
        shutil.copy(FACTS / name, tmp_path / name)
    report = build_from_folder(tmp_path, FACTS / "park_boundaries.geojson")
    assert report.match is not None
    assert (len(report.match.matches), len(report.match.unmatched)) == (27, 0)
    assert parse_parks(report.parks, report.openstreetmap) == load_parks(REPOSITORY / "parks.geojson")
