"""Reading parks.geojson, with the OpenStreetMap boundaries beside it, into parks."""

import json
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Literal

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.parks.geojson import Json, geometry_of
from geo.parks.park import Hours, Language, Park
from geo.parks.plane import SCALE, circle

PARKS_FILE = "parks.geojson"
_OUTLINE_DECIMALS = 6  # a decimetre is plenty on a screen


class ParkFileError(ValueError):
    """A park file that cannot be used; `feature` names the feature ("" for the file as a whole)."""

    def __init__(self, feature: str, reason: str) -> None:
        self.feature, self.reason = feature, reason
        super().__init__(f"{feature}: {reason}" if feature else reason)


def openstreetmap_beside(parks: Path) -> Path:
    """Where the OpenStreetMap boundaries of a park file lie: parks.geojson -> parks-openstreetmap.geojson."""
    return parks.with_name(f"{parks.stem}-openstreetmap{parks.suffix}")


def load_parks(path: Path) -> dict[str, Park]:
    """The parks of a file by id, with the boundaries of the OpenStreetMap file beside it where there is one.

    Raises ParkFileError naming the feature and the reason, OSError where the file cannot be read.
    """
    beside = openstreetmap_beside(path)
    return parse_parks(path.read_bytes(), beside.read_bytes() if beside.exists() else None)


def parse_parks(parks: bytes, openstreetmap: bytes | None = None) -> dict[str, Park]:
    """The parks of the two files by id; raises ParkFileError at the first feature that is not right."""
    good, bad = read_parks(parks, openstreetmap)
    if bad:
        raise bad[0]
    return good


def read_parks(parks: bytes, openstreetmap: bytes | None = None) -> tuple[dict[str, Park], list[ParkFileError]]:
    """The good parks by id and the faults of the others; raises ParkFileError where a file as a whole is unreadable."""
    bad: list[ParkFileError] = []
    boundaries = {} if openstreetmap is None else _read_boundaries(openstreetmap, bad)
    good: dict[str, Park] = {}
    seen: set[str] = set()
    collection = collection_of(parks, PARKS_FILE)
    attribution = _attribution(collection, PARKS_FILE)
    for feature in collection["features"]:
        name = _feature_id(feature)
        try:
            if name in seen:
                raise ParkFileError(name, "this id occurs twice")
            seen.add(name)
            good[name] = _park(name, feature, attribution, boundaries.get(name))
        except ParkFileError as fault:
            bad.append(fault)
    bad += [ParkFileError(name, "has an OpenStreetMap boundary but is no park") for name in boundaries.keys() - seen]
    return good, sorted(bad, key=str)


def collection_of(content: bytes, name: str) -> Json:
    """A GeoJSON FeatureCollection as read; raises ParkFileError with `name` where it is none."""
    try:
        document = json.loads(content)
    except ValueError as error:
        raise ParkFileError("", f"{name} is not JSON: {error}") from error
    if isinstance(document, dict) and isinstance(document.get("elements"), list):
        raise ParkFileError(
            "", f"{name} is Overpass's own JSON: turn it into GeoJSON first, for example with osmtogeojson"
        )
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise ParkFileError("", f"{name} is not a GeoJSON FeatureCollection")
    return dict(document)


def outline(fence: BaseGeometry, within_m: float = 1.0) -> Json:
    """A fence as a small GeoJSON geometry for drawing: no corner moves by more than `within_m` metres."""
    return geometry_of(fence.simplify(within_m / SCALE.north), _OUTLINE_DECIMALS)


def _read_boundaries(content: bytes, bad: list[ParkFileError]) -> dict[str, tuple[BaseGeometry, str]]:
    """Fence and attribution by park id."""
    collection = collection_of(content, "the OpenStreetMap file")
    attribution = _attribution(collection, "the OpenStreetMap file")
    found: dict[str, tuple[BaseGeometry, str]] = {}
    for feature in collection["features"]:
        name = _feature_id(feature)
        try:
            if name in found:
                raise ParkFileError(name, "has two OpenStreetMap boundaries")
            found[name] = (_boundary(name, feature), attribution)
        except ParkFileError as fault:
            bad.append(fault)
    return found


def _attribution(collection: Json, name: str) -> str:
    """Who must be named; a file without it may not be shown to anybody."""
    attribution = collection.get("attribution")
    if not isinstance(attribution, str) or not attribution:
        raise ParkFileError("", f"{name} has no attribution")
    return attribution


def _feature_id(feature: Json) -> str:
    name = feature.get("id")
    return name if isinstance(name, str) and name else f"a feature without an id ({json.dumps(feature)[:60]}...)"


def _park(name: str, feature: Json, attribution: str, from_openstreetmap: tuple[BaseGeometry, str] | None) -> Park:
    read = _Reader(name, feature.get("properties"))
    if read.text("park_id") != name:
        raise ParkFileError(name, f"park_id is {read.text('park_id')!r}, not the feature's id")
    lat, lon = read.number("lat", -90, 90), read.number("lon", -180, 180)
    radius_m: float | None = None
    if from_openstreetmap is not None:
        if not read.flag("approximate"):
            raise ParkFileError(name, "has a boundary of its own and one from OpenStreetMap")
        fence, openstreetmap = from_openstreetmap
        attribution = f"{attribution}; {openstreetmap}"
    elif read.flag("approximate"):
        radius_m = read.number("radius_m", 1, 2000)
        fence = circle(lat, lon, radius_m)
    else:
        fence = _boundary(name, feature)
    return Park(
        id=name,
        name=read.languages("name"),
        district=read.languages("district", english_key="district"),
        district_code=read.text("district_code"),
        category=read.text("category"),
        address=read.languages("address", may_be_empty=True),
        hours=Hours(read.clock("opens"), read.clock("closes"), read.flag("hours_assumed")),
        facilities=tuple(read.texts("facilities")),
        lat=lat,
        lon=lon,
        grade=read.grade(),
        confirmed=read.flag("confirmed"),
        approximate=radius_m is not None,
        radius_m=radius_m,
        fence=fence,
        attribution=attribution,
    )


def _boundary(name: str, feature: Json) -> BaseGeometry:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ParkFileError(name, f"its boundary is a {kind}, not a Polygon or MultiPolygon")
    try:
        fence: BaseGeometry = shape(geometry)
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise ParkFileError(name, f"its boundary cannot be read: {error}") from error
    if fence.is_empty:
        raise ParkFileError(name, "its boundary is empty")
    if not fence.is_valid:
        raise ParkFileError(name, f"its boundary is invalid: {shapely.is_valid_reason(fence)}")
    return fence


class _Reader:
    """The properties of one feature, each read as what it must be."""

    def __init__(self, name: str, properties: object) -> None:
        if not isinstance(properties, dict):
            raise ParkFileError(name, "has no properties")
        self._name, self._properties = name, properties

    def text(self, key: str, may_be_empty: bool = False) -> str:
        value = self._properties.get(key)
        if not isinstance(value, str) or not (value.strip() or may_be_empty):
            raise ParkFileError(self._name, f"{key} must be a text{'' if may_be_empty else ' that is not empty'}")
        return value

    def texts(self, key: str) -> Iterator[str]:
        value = self._properties.get(key)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ParkFileError(self._name, f"{key} must be a list of texts")
        return iter(value)

    def number(self, key: str, least: float, most: float) -> float:
        value = self._properties.get(key)
        # A JSON true is an int to Python; a NaN compares as outside every range.
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ParkFileError(self._name, f"{key} must be a number from {least} to {most}, not {value!r}")
        return float(value)

    def flag(self, key: str) -> bool:
        value = self._properties.get(key)
        if not isinstance(value, bool):
            raise ParkFileError(self._name, f"{key} must be true or false, not {value!r}")
        return value

    def clock(self, key: str) -> time:
        value = self.text(key)
        # The length keeps out "07:00+08:00", which would be an aware time.
        try:
            if len(value) != len("07:00"):
                raise ValueError
            return time.fromisoformat(value)
        except ValueError as error:
            raise ParkFileError(self._name, f"{key} must be a time as 07:00, not {value!r}") from error

    def grade(self) -> Literal["A", "B"]:
        value = self.text("grade")
        if value == "A":
            return "A"
        if value == "B":
            return "B"
        raise ParkFileError(self._name, f"grade must be A or B, not {value!r}")

    def languages(self, key: str, english_key: str = "", may_be_empty: bool = False) -> dict[Language, str]:
        """One text in three languages, from `key`_zh_hant and so on."""
        keys: dict[Language, str] = {
            "zh-Hant": f"{key}_zh_hant",
            "zh-Hans": f"{key}_zh_hans",
            "en": english_key or f"{key}_en",
        }
        return {language: self.text(found, may_be_empty) for language, found in keys.items()}
