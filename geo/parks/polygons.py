"""Polygons of parks as OpenStreetMap extracts and other map files hold them: their tags, names, kind and licence."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from geo.parks.boundary import OPENSTREETMAP_LICENCE
from geo.parks.geojson import Json
from geo.parks.names import keys_of_all

# The lower the rank, the likelier the polygon is the park itself and not a court in it.
KIND_RANK = {"park": 0, "garden": 0, "recreation_ground": 0, "": 0, "playground": 1, "pitch": 2}
_KIND_TAGS = ("leisure", "fclass", "landuse")
_NAME_TAG = re.compile(r"(official_|alt_)?name([:_](en|zh)([-_]\w+)?)?")
_HSTORE_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Polygon:
    """One named polygon of a file, not yet looked at as a shape."""

    ref: str  # as the file knows it: way/123456, osm_id/123456, or the number of the feature
    name: str
    keys: frozenset[str]
    kind: str
    geometry: Json
    source: str
    licence: str  # "" where the file names none
    park_id: str  # "" unless the file says which park it means


def read_polygons(collection: Json) -> tuple[list[Polygon], Counter[str]]:
    """The polygons that may be parks, and how many features were passed over for which reason."""
    passed_over: Counter[str] = Counter()
    found: list[Polygon] = []
    for number, feature in enumerate(collection["features"], start=1):
        tags = tags_of(feature)
        kind = next((str(tags[tag]) for tag in _KIND_TAGS if tags.get(tag)), "")
        names = [str(value) for tag, value in tags.items() if value and _NAME_TAG.fullmatch(tag)]
        geometry = feature.get("geometry") or {}
        if geometry.get("type") not in _AREAS:
            passed_over["not an area"] += 1
        elif tags.get("tainted"):
            passed_over["incomplete in the extract (tainted)"] += 1
        elif kind not in KIND_RANK:
            passed_over["no park, garden, playground, pitch or recreation ground"] += 1
        elif not names and not tags.get("park_id"):
            passed_over["no name"] += 1
        else:
            found.append(_polygon(number, feature, tags, kind, names, collection))
    return found, passed_over


def tags_of(feature: Json) -> dict[str, Any]:
    """The tags of a feature, whether flat, nested under `tags`, or packed in ogr2ogr's `other_tags`."""
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        return {}
    nested = properties.get("tags")
    if isinstance(nested, str) and nested.startswith("{"):
        nested = _json_object(nested)
    packed = properties.get("other_tags")
    unpacked = {_plain(key): _plain(value) for key, value in _HSTORE_PAIR.findall(packed or "")}
    return {**properties, **unpacked, **(nested if isinstance(nested, dict) else {})}


def _polygon(
    number: int, feature: Json, tags: dict[str, Any], kind: str, names: list[str], collection: Json
) -> Polygon:
    ref = _openstreetmap_ref(feature, tags)
    as_of = str(collection.get("timestamp") or tags.get("timestamp") or "")[:10]
    if ref:
        source = f"OpenStreetMap {ref} (ODbL 1.0)" + (f", as of {as_of}" if as_of else "")
    else:
        source = str(tags.get("boundary_source") or tags.get("source") or collection.get("source") or "")
        source = source or str(collection.get("name") or "a polygon file")
    stated = tags.get("licence") or tags.get("license") or collection.get("licence") or collection.get("license") or ""
    return Polygon(
        ref=ref or f"feature {number}",
        name=str(tags.get("name") or (names[0] if names else tags["park_id"])),
        keys=keys_of_all(names),
        kind=kind,
        geometry=feature["geometry"],
        source=source,
        licence=OPENSTREETMAP_LICENCE if ref or "odbl" in str(stated).casefold() else str(stated),
        park_id=str(tags.get("park_id") or ""),
    )


def _openstreetmap_ref(feature: Json, tags: dict[str, Any]) -> str:
    """way/1 or relation/1 as osmtogeojson writes it, osm_id/1 as Geofabrik's tables do; "" for other files."""
    own = feature["properties"]
    for known in (own.get("@id"), feature.get("id"), own.get("id"), f"{own.get('type')}/{own.get('id')}"):
        if isinstance(known, str) and re.fullmatch(r"(way|relation)/\d+", known):
            return known
    if tags.get("osm_way_id"):
        return f"way/{tags['osm_way_id']}"
    return f"osm_id/{tags['osm_id']}" if tags.get("osm_id") else ""


def _json_object(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _plain(escaped: str) -> str:
    return re.sub(r"\\(.)", r"\1", escaped)
