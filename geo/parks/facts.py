"""The public facts about the parks, as a folder of files holds them, turned into features of parks.geojson."""

import csv
import io
import unicodedata
from collections.abc import Mapping
from typing import Any

from geo.parks.districts import District
from geo.parks.file import ParkFileError, collection_of
from geo.parks.geojson import DECIMALS, Json
from geo.parks.hours import read_hours
from geo.parks.script import simplified

GOVERNMENT_LICENCE = "HKSAR Government open data: free re-use with attribution (DATA.GOV.HK / CSDI terms of use)"

# The radius in metres of a park that is known as a point only. The smallest holds a collectible (at most 15 m from the
# point) and the error of a phone under trees (about 25 m). The larger ones stay at or under the median circle of equal
# area of the parks whose boundary is known: park 104 m (8 of them, which are among the largest), promenade 53 m (1),
# recreation ground 45 m (1), garden 34 m (6), playground 34 m (11). A fence too small costs a walker a few steps; one
# too large draws players onto the road.
RADIUS_M: Mapping[str, int] = {
    "barbecue_picnic": 40,
    "cycling_hub": 40,
    "garden": 40,
    "other": 40,
    "park": 80,
    "playground_or_pitch": 40,
    "promenade": 50,
    "recreation_ground": 45,
    "road_safety_town": 40,
    "sitting_out_area": 40,
    "trail": 40,
}


def facts_of_geojson(content: bytes) -> list[Json]:
    """One flat record a park out of the facts' parks.geojson."""
    records: list[Json] = []
    for feature in collection_of(content, "the facts' parks.geojson")["features"]:
        try:
            lon, lat = feature["geometry"]["coordinates"]
            records.append({**feature["properties"], "lat": lat, "lon": lon})
        except (KeyError, TypeError, ValueError) as error:
            raise ParkFileError(str(feature.get("id")), f"this fact cannot be read: {error!r}") from error
    return records


def facts_of_csv(content: bytes) -> list[Json]:
    """The same out of parks.csv, which knows no sources."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [_record_of_row(row) for row in rows]


def _record_of_row(row: dict[str, Any]) -> Json:
    facilities = [part for part in (row.get("facilities") or "").split(";") if part]
    return {**row, "facilities": facilities, "lat": float(row["lat"]), "lon": float(row["lon"])}


def park_feature(record: Json, districts: Mapping[str, District]) -> Json:
    """A Point feature of parks.geojson; raises ParkFileError where the record lacks what every park must have."""
    name = str(record.get("park_id", ""))
    try:
        return _park_feature(name, record, districts)
    except (KeyError, TypeError, ValueError) as error:
        raise ParkFileError(name, f"this fact cannot be used: {error!r}") from error


def _park_feature(name: str, record: Json, districts: Mapping[str, District]) -> Json:
    district = districts[record["district"]]
    hours_zh_hant = _text(record, "opening_hours_zh_hant")
    hours = read_hours(_text(record, "opening_hours_en"), hours_zh_hant)
    lat, lon = round(record["lat"], DECIMALS), round(record["lon"], DECIMALS)
    properties = {
        "park_id": name,
        "name_en": _text(record, "name_en"),
        "name_zh_hant": _text(record, "name_zh_hant"),
        "name_zh_hans": _text(record, "name_zh_hans") or simplified(_text(record, "name_zh_hant")),
        "district": district.name_en,
        "district_zh_hant": district.name_zh_hant,
        "district_zh_hans": district.name_zh_hans,
        "district_code": district.code,
        "category": record["category"],
        "address_en": _text(record, "address_en"),
        "address_zh_hant": _text(record, "address_zh_hant"),
        "address_zh_hans": simplified(_text(record, "address_zh_hant")),
        "opens": hours.opens.isoformat("minutes"),
        "closes": hours.closes.isoformat("minutes"),
        "hours_assumed": hours.assumed,
        "hours_text_en": _text(record, "opening_hours_en"),
        "hours_text_zh_hant": hours_zh_hant,
        "hours_text_zh_hans": simplified(hours_zh_hant),
        "facilities": record["facilities"],
        "phone": _text(record, "phone"),
        "lat": lat,
        "lon": lon,
        "grade": record["coord_grade"],
        "confirmed": record["coord_grade"] == "A",
        "approximate": True,
        "radius_m": RADIUS_M[record["category"]],
        "boundary_source": None,
        "licence": GOVERNMENT_LICENCE,
        "confidence": None,
        "sources": record.get("sources", []),
    }
    return {
        "type": "Feature",
        "id": name,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def _text(record: Json, key: str) -> str:
    # One name holds a compatibility ideograph (U+F928), which looks right and is found by no search.
    return unicodedata.normalize("NFC", record.get(key) or "").strip()


def read_facts(files: Mapping[str, bytes]) -> list[Json]:
    """The records of parks.geojson, or of parks.csv where that is all there is."""
    if "parks.geojson" in files:
        return facts_of_geojson(files["parks.geojson"])
    if "parks.csv" in files:
        return facts_of_csv(files["parks.csv"])
    raise ParkFileError("", "the folder holds neither parks.geojson nor parks.csv")
