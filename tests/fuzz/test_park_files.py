"""Park files and polygon files that were damaged or badly edited: good parks, or a ParkFileError that says why."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.index import Grid
from geo.parks.build import upgrade
from geo.parks.file import ParkFileError, collection_of, outline, read_parks
from geo.parks.match import match
from geo.scatter import scatter
from tests.fuzz.budget import examples
from tests.fuzz.mutations import mutated
from tests.fuzz.places import PARKS
from tests.walking import ROOT

EXAMPLES = Path(__file__).parents[1] / "data" / "parks"
WIDEST_DEG = 0.5


def some_of(name: str, ids: frozenset[str], at_least: int = 1) -> bytes:
    """A park file with a few of its features: those asked for, or else the first ones."""
    document = json.loads((ROOT / name).read_text("utf-8"))
    found = [each for each in document["features"] if each["id"] in ids]
    document["features"] = found or document["features"][:at_least]
    return json.dumps(document, ensure_ascii=False).encode()


OPENSTREETMAP = some_of("parks-openstreetmap.geojson", frozenset(), 2)
WITH_BOUNDARY = frozenset(feature["id"] for feature in json.loads(OPENSTREETMAP)["features"])
FILE = some_of("parks.geojson", WITH_BOUNDARY | {"hong-kong-park", "tamar-park", "kennedy-road-playground"})
POLYGONS = [path.read_bytes() for path in sorted(EXAMPLES.glob("*.geojson"))]


def polygon_of(park_id: str, **properties: Any) -> bytes:
    """A polygon file that knows one park, under the names that mappers use."""
    park = PARKS[park_id]
    named = {"@id": "way/1", "leisure": "park", "name": park.name["en"], "name:zh": park.name["zh-Hant"], **properties}
    feature = {"type": "Feature", "id": "way/1", "properties": named, "geometry": outline(park.fence)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


POLYGONS += [
    polygon_of("tamar-park"),
    polygon_of("kennedy-road-playground", tags='{"leisure": "park"}', other_tags='"a"=>"b"'),
]


def assert_usable(parks: bytes, openstreetmap: bytes | None) -> None:
    """Good parks can be laid into the index, drawn and given drops; of the others the fault is told."""
    try:
        good, bad = read_parks(parks, openstreetmap)
    except ParkFileError as refused:
        bad, good = [refused], {}
    assert all(str(fault) for fault in bad)
    for park in good.values():
        west, south, east, north = park.fence.bounds
        # The index takes memory by the area that a fence spans, so a fence as wide as a country must not get so far.
        assert max(east - west, north - south) < WIDEST_DEG, f"{park.id} spans {park.fence.bounds}"
        json.dumps(outline(park.fence), allow_nan=False)
        scatter(park, 3, "fuzz")
    Grid(good.values())


def assert_matched_or_refused(polygons: bytes) -> None:
    """Either every park is still good after the upgrade, or the polygon file is refused."""
    try:
        report = match(collection_of(polygons, "polygons.geojson"), PARKS)
        upgraded = upgrade(FILE, OPENSTREETMAP, polygons, "polygons.geojson")
    except ParkFileError:
        return
    assert report.polygons >= len(report.matches) + len(report.unmatched)
    good, bad = read_parks(upgraded.parks, upgraded.openstreetmap)
    assert (len(good), bad) == (len(json.loads(FILE)["features"]), [])


@given(mutated(FILE, most=3), st.none() | st.just(OPENSTREETMAP) | mutated(OPENSTREETMAP, most=2))
@examples(1500)
def test_a_damaged_park_file(parks: bytes, openstreetmap: bytes | None) -> None:
    assert_usable(parks, openstreetmap)


@given(mutated(OPENSTREETMAP, most=3))
@examples(700)
def test_damaged_boundaries_beside_a_good_file(openstreetmap: bytes) -> None:
    assert_usable(FILE, openstreetmap)


@given(mutated(*POLYGONS, most=3))
@examples(1500)
def test_a_damaged_polygon_file(polygons: bytes) -> None:
    assert_matched_or_refused(polygons)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANYTHING = st.recursive(
    LEAVES | st.sampled_from(["Polygon", "MultiPolygon", "way/1", "park"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
PATHS = [
    ("features",), ("features", 0), ("features", 0, "id"), ("features", 0, "properties"), ("features", 0, "geometry"),
    ("features", 0, "geometry", "type"), ("features", 0, "geometry", "coordinates"),
    ("features", 0, "geometry", "coordinates", 0), ("features", 0, "geometry", "coordinates", 0, 0),
    ("features", 0, "geometry", "coordinates", 0, 0, 0), ("attribution",), ("timestamp",), ("licence",),
]  # fmt: skip
KEYS = sorted(
    {key for content in (FILE, *POLYGONS) for each in json.loads(content)["features"] for key in each["properties"]}
)
ANY_PATH = st.sampled_from(PATHS) | st.sampled_from(KEYS).map(lambda key: ("features", 0, "properties", key))


def replaced(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The document with another value at a path, as far as that leads anywhere."""
    if not path:
        return value
    if isinstance(document, dict):
        return {**document, path[0]: replaced(document.get(path[0]), path[1:], value)}
    if isinstance(document, list) and path[0] == 0 and document:
        return [replaced(document[0], path[1:], value), *document[1:]]
    return document


@given(
    st.sampled_from([FILE, OPENSTREETMAP, *POLYGONS]), st.lists(st.tuples(ANY_PATH, ANYTHING), min_size=1, max_size=3)
)
@examples(2500)
def test_values_of_any_other_kind(content: bytes, changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    document = json.loads(content)
    for path, value in changes:
        document = replaced(document, path, value)
    changed = json.dumps(document).encode()
    assert_usable(changed, None)
    assert_usable(FILE, changed)
    assert_matched_or_refused(changed)


NEST = b"[" * 900 + b"]" * 900
DEEP = {
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a deep feature": OPENSTREETMAP.replace(b'"id": ', b'"deep": ' + NEST + b', "id": ', 1),
    "deep coordinates": OPENSTREETMAP.replace(b'"coordinates": [', b'"coordinates": [' + NEST + b",", 1),
    "a huge number": OPENSTREETMAP.replace(b'"coordinates": [', b'"coordinates": [' + b"9" * 5000 + b", ", 1),
    "a number beyond floats": OPENSTREETMAP.replace(b"[[114.", b"[[1" + b"0" * 400 + b".", 1),
    "an integer beyond floats": OPENSTREETMAP.replace(b"[[114.", b"[[1" + b"0" * 400 + b", ", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_huge_files_are_refused(name: str) -> None:
    assert_usable(DEEP[name], None)
    assert_usable(FILE, DEEP[name])
    assert_matched_or_refused(DEEP[name])


@pytest.mark.parametrize("slip", [2.16, -114.16, 1141.6])
def test_one_digit_lost_in_a_boundary_is_told(slip: float) -> None:
    """One wrong corner of one fence would have the index laid over a continent, until memory ends."""
    document = json.loads(some_of("parks.geojson", frozenset({"hong-kong-park"})))
    document["features"][0]["geometry"]["coordinates"][0][2][0] = slip
    assert_usable(json.dumps(document).encode(), None)
