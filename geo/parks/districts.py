"""The 18 districts: their names and (simplified) borders, to check that a park lies where it says."""

from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.parks.file import ParkFileError, collection_of
from geo.parks.geojson import Json, geometry_of, render
from geo.parks.plane import to_degrees, to_metres

SHIPPED = Path(__file__).with_name("districts.geojson")
_TOLERANCE_M = 15.0
_DECIMALS = 5  # a metre, finer than the simplification
_ATTRIBUTION = "Contains data of the HKSAR Government (HAD) from DATA.GOV.HK / CSDI"


@dataclass(frozen=True, slots=True)
class District:
    """One District Council district; `border` is WGS84 and takes in its sea."""

    code: str
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    border: BaseGeometry


def load_districts(path: Path = SHIPPED) -> dict[str, District]:
    """The districts by English name; raises ParkFileError, or OSError where the file cannot be read."""
    return parse_districts(path.read_bytes())


def parse_districts(content: bytes) -> dict[str, District]:
    """The districts of a GeoJSON file by English name; raises ParkFileError naming what is wrong."""
    found: dict[str, District] = {}
    for feature in collection_of(content, "the district file")["features"]:
        properties = feature.get("properties") or {}
        try:
            district = District(
                code=properties["code"],
                name_en=properties["name_en"],
                name_zh_hant=properties["name_zh_hant"],
                name_zh_hans=properties["name_zh_hans"],
                border=shape(feature["geometry"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ParkFileError(str(properties.get("code", "")), f"this district cannot be read: {error!r}") from error
        found[district.name_en] = district
    return found


def simplify_districts(content: bytes) -> bytes:
    """The district file that is shipped, from the full one: shared borders stay shared, and are good to about 20 m."""
    districts = sorted(parse_districts(content).values(), key=lambda district: district.code)
    borders = shapely.coverage_simplify([to_metres(district.border) for district in districts], _TOLERANCE_M)
    features: list[Json] = [
        {
            "type": "Feature",
            "id": district.code,
            "properties": {
                "code": district.code,
                "name_en": district.name_en,
                "name_zh_hant": district.name_zh_hant,
                "name_zh_hans": district.name_zh_hans,
            },
            "geometry": geometry_of(to_degrees(border), _DECIMALS),
        }
        for district, border in zip(districts, borders, strict=True)
    ]
    members = {
        "name": "hong_kong_districts_simplified",
        "attribution": _ATTRIBUTION,
        "licence": "HKSAR Government open data: free re-use with attribution (DATA.GOV.HK / CSDI terms of use)",
        "source": "HAD administrative boundaries in force 2016-01-01, simplified by this project; good to about 20 m",
    }
    return render(members, features)
