"""Which park a position lies in, by a grid that has done the geometry beforehand.

A cell of 0.0005° (about 55 m) that lies wholly inside one fence holds its park; a cell on an edge holds the fences to
ask, the best first; a cell outside every fence is not held at all. So most look-ups are one dictionary access.
"""

from collections.abc import Iterable
from functools import cached_property
from math import floor
from typing import Final

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from geo.metric import scale_at
from geo.parks.park import Park

CELLS_PER_DEGREE: Final = 2000

# What a cell may hold: its park, or parks with the fence to ask (None: this fence covers all of the cell).
_Held = Park | tuple[tuple[Park, BaseGeometry | None], ...]


class Grid:
    """The parks given to it, by place. Fences may overlap: a real boundary beats a circle, then the smaller one."""

    def __init__(self, parks: Iterable[Park]) -> None:
        self.parks: dict[str, Park] = {park.id: park for park in sorted(parks, key=_rank)}
        self._edges: dict[str, BaseGeometry] = {}
        self._cells: dict[tuple[int, int], _Held] = {}
        for park in self.parks.values():
            shapely.prepare(park.fence)
            self._lay(park)

    def at(self, lat: float, lon: float) -> Park | None:
        """The park whose fence holds this position (its edge counts as inside), or None."""
        held = self._cells.get((floor(lat * CELLS_PER_DEGREE), floor(lon * CELLS_PER_DEGREE)))
        if held is None or isinstance(held, Park):
            return held
        for park, fence in held:
            if fence is None or shapely.intersects_xy(fence, lon, lat):
                return park
        return None

    def beyond_m(self, park_id: str, lat: float, lon: float) -> float:
        """How many metres outside a park's fence the position lies; 0 inside it."""
        park = self.parks[park_id]
        scale = scale_at(park.lat)
        fence = self._edges.get(park_id)
        if fence is None:
            fence = self._edges[park_id] = shapely.transform(park.fence, lambda places: places * scale)
        return float(shapely.distance(fence, shapely.points(lon * scale.east, lat * scale.north)))

    def near(self, lat: float, lon: float, metres: float) -> list[tuple[Park, float]]:
        """Parks whose fence comes within `metres` of the position, with that distance, the nearest first."""
        scale = scale_at(lat)
        east, north = metres / scale.east, metres / scale.north
        tree, parks = self._tree
        hits = tree.query(shapely.box(lon - east, lat - north, lon + east, lat + north))
        found = [(parks[hit], self.beyond_m(parks[hit].id, lat, lon)) for hit in hits]
        return sorted(((park, far) for park, far in found if far <= metres), key=lambda pair: (pair[1], pair[0].id))

    @cached_property
    def _tree(self) -> tuple[shapely.STRtree, list[Park]]:
        parks = list(self.parks.values())
        return shapely.STRtree([park.fence for park in parks]), parks

    def _lay(self, park: Park) -> None:
        """Put one park into its cells, behind the better ones that are there already."""
        west, south, east, north = (floor(edge * CELLS_PER_DEGREE) for edge in park.fence.bounds)
        grid = numpy.meshgrid(numpy.arange(west, east + 1), numpy.arange(south, north + 1))
        columns, rows = grid[0].ravel(), grid[1].ravel()
        boxes = shapely.box(
            columns / CELLS_PER_DEGREE,
            rows / CELLS_PER_DEGREE,
            (columns + 1) / CELLS_PER_DEGREE,
            (rows + 1) / CELLS_PER_DEGREE,
        )
        touched = shapely.intersects(park.fence, boxes)
        # Not merely covered: a rounding error on a shared edge must end in the polygon's own answer.
        whole = shapely.contains_properly(park.fence, boxes)
        for row, column, inside in zip(
            rows[touched].tolist(), columns[touched].tolist(), whole[touched].tolist(), strict=True
        ):
            cell = (row, column)
            held = self._cells.get(cell, ())
            if isinstance(held, Park):
                continue
            if inside and not held:
                self._cells[cell] = park
            elif not held or held[-1][1] is not None:
                self._cells[cell] = (*held, (park, None if inside else park.fence))


def _rank(park: Park) -> tuple[bool, float, str]:
    return park.approximate, park.fence.area, park.id
