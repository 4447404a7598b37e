"""Making parks.geojson and its OpenStreetMap companion from the public facts, and upgrading fences from polygons."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from geo.parks.boundary import OPENSTREETMAP_LICENCE, Boundary, RefusedShape, whole
from geo.parks.districts import District, parse_districts, simplify_districts
from geo.parks.facts import GOVERNMENT_LICENCE, RADIUS_M, park_feature, read_facts
from geo.parks.file import PARKS_FILE, ParkFileError, collection_of, openstreetmap_beside, parse_parks
from geo.parks.geojson import Json, geometry_of, render
from geo.parks.match import match
from geo.parks.report import BuildReport

FACT_FILES = ("parks.geojson", "parks.csv", "park_boundaries.geojson", "districts.geojson")
GOVERNMENT_ATTRIBUTION = "Contains data of the HKSAR Government (LCSD, Lands Department) from DATA.GOV.HK / CSDI"
OPENSTREETMAP_ATTRIBUTION = "© OpenStreetMap contributors"

# When the publishers' data were taken, by the first letters of an entry of `sources`.
_SOURCE_DATES = {
    "HKGS": "2022-05",
    "CSDI-basketball": "2025-09",
    "LCSD-fitness-list": "2026-07",
    "Lands Department Government Land Allocation": "2022",
}


def build(
    facts: Iterable[Json], boundaries: Iterable[Boundary], districts: Mapping[str, District]
) -> tuple[dict[str, Json], dict[str, Json], list[ParkFileError]]:
    """Features of parks.geojson and of the OpenStreetMap file by park id, and the rows that could not be used."""
    features: dict[str, Json] = {}
    faults: list[ParkFileError] = []
    for record in facts:
        try:
            feature = park_feature(record, districts)
            if feature["id"] in features:
                raise ParkFileError(feature["id"], "this park_id occurs twice")
            features[feature["id"]] = feature
        except ParkFileError as fault:
            faults.append(fault)
    from_openstreetmap: dict[str, Json] = {}
    for boundary in boundaries:
        if boundary.park_id in features:
            _apply(boundary, features, from_openstreetmap)
        else:
            faults.append(ParkFileError(boundary.park_id, "a boundary of a park that is not in the list"))
    return features, from_openstreetmap, faults


def build_from_folder(source: Path, polygons: Path | None = None) -> BuildReport:
    """The park files from a folder of facts, upgraded from a polygon file where one is given.

    The folder holds parks.geojson (or parks.csv), park_boundaries.geojson and districts.geojson.
    Rows that cannot be used are left out and reported; raises ParkFileError where a whole file cannot be used.
    """
    files = {name: (source / name).read_bytes() for name in FACT_FILES if (source / name).exists()}
    if "parks.geojson" in files:
        files.pop("parks.csv", None)
    if "districts.geojson" not in files:
        raise ParkFileError("", "the folder holds no districts.geojson")
    boundaries, faults = _boundaries(files.get("park_boundaries.geojson"))
    facts = read_facts(files)
    features, from_openstreetmap, unusable = build(facts, boundaries, parse_districts(files["districts.geojson"]))
    origins = [_origin(name, files[name]) for name in sorted(files)]
    of_boundaries = [origin for origin in origins if origin["file"] == "park_boundaries.geojson"]
    report = BuildReport(
        parks=render(_park_members(features.values(), origins), features.values()),
        openstreetmap=_render_openstreetmap(from_openstreetmap, of_boundaries),
        districts=simplify_districts(files["districts.geojson"]),
        faults=faults + unusable,
    )
    if polygons is None:
        return report
    upgraded = upgrade(report.parks, report.openstreetmap, polygons.read_bytes(), polygons.name)
    return replace(upgraded, districts=report.districts, faults=report.faults)


def upgrade_from_files(parks: Path, polygons: Path) -> BuildReport:
    """The park files at `parks`, with the fences that a polygon file knows better."""
    beside = openstreetmap_beside(parks)
    openstreetmap = beside.read_bytes() if beside.exists() else None
    return upgrade(parks.read_bytes(), openstreetmap, polygons.read_bytes(), polygons.name)


def upgrade(parks: bytes, openstreetmap: bytes | None, polygons: bytes, polygons_name: str) -> BuildReport:
    """The same, on bytes; a park keeps a government boundary against one from OpenStreetMap."""
    matched = match(collection_of(polygons, polygons_name), parse_parks(parks, openstreetmap))
    members, features = _taken_apart(parks)
    openstreetmap_members, from_openstreetmap = _taken_apart(openstreetmap)
    kept: list[str] = []
    by_government = 0
    for found in matched.matches:
        park_id = found.boundary.park_id
        if found.boundary.is_openstreetmap and not features[park_id]["properties"]["approximate"]:
            kept.append(park_id)
        else:
            _apply(found.boundary, features, from_openstreetmap)
            by_government += not found.boundary.is_openstreetmap
    origin = _origin(polygons_name, polygons)
    if by_government:
        members["generated_from"] = _with(members.get("generated_from", []), origin)
    if len(matched.matches) - len(kept) - by_government:
        openstreetmap_members["generated_from"] = _with(openstreetmap_members.get("generated_from", []), origin)
    return BuildReport(
        parks=render(members, features.values()),
        openstreetmap=_render_openstreetmap(from_openstreetmap, openstreetmap_members.get("generated_from", [])),
        districts=None,
        kept=kept,
        match=matched,
    )


def _boundaries(content: bytes | None) -> tuple[list[Boundary], list[ParkFileError]]:
    """The boundaries of park_boundaries.geojson, and those that cannot be used."""
    good: list[Boundary] = []
    bad: list[ParkFileError] = []
    if content is None:
        return good, bad
    for feature in collection_of(content, "park_boundaries.geojson")["features"]:
        properties = feature.get("properties") or {}
        park_id = str(properties.get("park_id", feature.get("id")))
        try:
            fence, _ = whole(feature.get("geometry"))
            source, licence = properties["boundary_source"], properties["licence"]
            good.append(Boundary(park_id, fence, source, licence, properties["confidence"]))
        except (RefusedShape, KeyError) as error:
            bad.append(ParkFileError(park_id, f"its boundary cannot be used: {error}"))
    return good, bad


def _apply(boundary: Boundary, features: dict[str, Json], from_openstreetmap: dict[str, Json]) -> None:
    """Give a park its boundary, in the file where its licence belongs."""
    facts = {"boundary_source": boundary.source, "licence": boundary.licence, "confidence": boundary.confidence}
    feature = features[boundary.park_id]
    geometry = geometry_of(boundary.fence)
    if boundary.is_openstreetmap:
        from_openstreetmap[boundary.park_id] = {
            "type": "Feature",
            "id": boundary.park_id,
            "properties": {"park_id": boundary.park_id, **facts, "attribution": OPENSTREETMAP_ATTRIBUTION},
            "geometry": geometry,
        }
        return
    properties = {**feature["properties"], "approximate": False, "radius_m": None, **facts}
    features[boundary.park_id] = {**feature, "properties": properties, "geometry": geometry}
    from_openstreetmap.pop(boundary.park_id, None)


def _taken_apart(content: bytes | None) -> tuple[Json, dict[str, Json]]:
    """The members of a collection and its features by id; both empty where there is no file."""
    if content is None:
        return {}, {}
    collection = collection_of(content, PARKS_FILE)
    members = {name: value for name, value in collection.items() if name not in ("type", "features")}
    return members, {feature["id"]: feature for feature in collection["features"]}


def _park_members(features: Iterable[Json], origins: list[Json]) -> Json:
    sources = {source for feature in features for source in feature["properties"]["sources"]}
    sources |= {feature["properties"]["boundary_source"] or "" for feature in features}
    seen = {name: date for name, date in _SOURCE_DATES.items() if any(source.startswith(name) for source in sources)}
    return {
        "name": "lcsd_parks",
        "attribution": GOVERNMENT_ATTRIBUTION,
        "licence": GOVERNMENT_LICENCE,
        "source_dates": seen,
        "generated_from": origins,
        "radius_m": dict(RADIUS_M),
    }


def _render_openstreetmap(features: Mapping[str, Json], origins: list[Json]) -> bytes | None:
    if not features:
        return None
    members = {
        "name": "lcsd_parks_openstreetmap_boundaries",
        "attribution": OPENSTREETMAP_ATTRIBUTION,
        "licence": f"{OPENSTREETMAP_LICENCE}: share alike; https://www.openstreetmap.org/copyright",
        "generated_from": origins,
    }
    return render(members, features.values())


def _origin(name: str, content: bytes) -> Json:
    return {"file": name, "sha256": hashlib.sha256(content).hexdigest()}


def _with(origins: list[Json], origin: Json) -> list[Json]:
    return origins if origin in origins else [*origins, origin]
