"""The parks file: found once, read once, and the index over the parks that are played."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.index import Grid
from geo.parks.file import load_parks
from geo.parks.park import Park

PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All parks by id, and the grid over those that may be played."""

    parks: Mapping[str, Park]
    grid: Grid


def parks_file(configured: Path | None) -> Path:
    """Where the parks are: the setting, the copy inside an installed wheel, or the repository's root."""
    packaged = PACKAGE / "packaged" / "parks.geojson"
    return configured or (packaged if packaged.exists() else PACKAGE.parent / "parks.geojson")


def catalogue(configured: Path | None) -> Catalogue:
    """The parks of this installation, read on first use and kept."""
    path = parks_file(configured)
    return _read(path, os.stat(path).st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> Catalogue:
    parks = load_parks(path)
    return Catalogue(parks, Grid(park for park in parks.values() if park.confirmed))
