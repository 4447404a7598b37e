"""Where collectibles lie: repeatable places in a park, apart from each other and away from its edge.

The dice are SHA-256 of the seed, so a park and a seed give the same places on every machine and in every Python.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from math import hypot, sqrt
from struct import unpack
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geo.metric import scale_at
from geo.parks.park import Park

HITS: Final = 400  # throws that fall into the fence are enough to choose from;
THROWS: Final = 1 << 14  # a sliver may get fewer
EDGES_M: Final = (20.0, 15.0, 10.0, 6.0, 3.0, 1.0, 0.2)  # from the edge, the most of these that leaves room
ROOM: Final = 10  # hits to choose each place from
APART_M: Final = 15.0
CLOSER: Final = 0.8  # where they do not fit so far apart

# A park that is known only as a point, until staff confirm a boundary.
APPROXIMATE_MOST: Final = 3
APPROXIMATE_WITHIN_M: Final = 15.0
APPROXIMATE_APART_M: Final = 8.0

Spot = tuple[float, float]  # metres east and north of the park's point


def scatter(park: Park, count: int, seed: str) -> list[tuple[float, float]]:
    """Up to `count` places (lat, lon) in a park's fence; fewer where so many have no room."""
    if count <= 0:
        return []
    scale = scale_at(park.lat)
    fence = shapely.transform(park.fence, lambda places: (places - (park.lon, park.lat)) * scale)
    room, apart_m = fence, APART_M
    if park.approximate:
        count, apart_m = min(count, APPROXIMATE_MOST), APPROXIMATE_APART_M
        # The margin is for the rounding of the answer.
        room = fence.intersection(shapely.Point(0, 0).buffer(APPROXIMATE_WITHIN_M - EDGES_M[-1]))
    spots = _spread(_hits(room, fence.boundary, count, f"{park.id}\n{seed}"), count, apart_m, sqrt(room.area / count))
    return [(round(park.lat + north / scale.north, 6), round(park.lon + east / scale.east, 6)) for east, north in spots]


def _hits(room: BaseGeometry, edge: BaseGeometry, count: int, seed: str) -> list[Spot]:
    """Thrown spots that lie in the room, as far from the park's edge as leaves enough of them."""
    if room.is_empty:
        return []
    west, south, east, north = room.bounds
    found: list[tuple[float, Spot]] = []
    dice = _dice(seed)
    for _ in range(0, THROWS, HITS):
        spots = [(west + u * (east - west), south + v * (north - south)) for u, v in islice(dice, HITS)]
        points = shapely.points(spots)
        inside, deep = shapely.contains_properly(room, points), shapely.distance(edge, points)
        found += [(depth, spot) for spot, hit, depth in zip(spots, inside.tolist(), deep.tolist(), strict=True) if hit]
        if len(found) >= HITS:
            break
    for edge_m in EDGES_M:
        hits = [spot for depth, spot in found if depth >= edge_m]
        if len(hits) >= ROOM * count:
            return hits
    return hits


def _spread(hits: list[Spot], count: int, apart_m: float, wide_m: float) -> list[Spot]:
    """The first `count` hits that keep apart: as far as the fence's size suggests, or as near as `apart_m`."""
    while True:
        taken: list[Spot] = []
        wide_m = max(wide_m, apart_m)
        for spot in hits:
            if all(hypot(spot[0] - other[0], spot[1] - other[1]) >= wide_m for other in taken):
                taken.append(spot)
                if len(taken) == count:
                    return taken
        if wide_m == apart_m:
            return taken
        wide_m *= CLOSER


def _dice(seed: str) -> Iterator[tuple[float, float]]:
    """Pairs of numbers, 0 ≤ u, v < 1, for ever."""
    turn = 0
    while True:
        a, b, c, d = unpack(">4Q", sha256(f"{seed}\n{turn}".encode()).digest())
        yield a / 2**64, b / 2**64
        yield c / 2**64, d / 2**64
        turn += 1
