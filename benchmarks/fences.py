"""In which park a fix lies: our grid beside every fence in turn and beside shapely's tree, over recorded walks."""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely

from benchmarks.telling import tell
from geo.fence import OUTSIDE, step
from geo.fix import Fix
from geo.index import Grid
from geo.parks.file import load_parks
from geo.parks.park import Park

ROOT = Path(__file__).parents[1]
WALK = ROOT / "tests" / "data" / "walk-hong-kong-park.json"
SEEN_BY_ALL = 2000  # fixes of which every fence is asked in one run; of the quick ways all
EVERY = 10  # the walk is laid through one park in ten

Find = Callable[[float, float], str | None]


def main() -> None:
    """Ask in turns, check that all say the same, print JSON to standard output and a table to standard error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fences", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each way, of which the median counts")
    asked = parser.parse_args()
    parks = [park for park in load_parks(ROOT / "parks.geojson").values() if park.confirmed]
    began = time.perf_counter()
    grid = Grid(parks)
    made_s = time.perf_counter() - began
    fixes = walks(parks)
    ways = {"ours": by_grid(grid), "tree": by_tree(parks), "every fence": by_all(parks)}
    found = compared(ways, fixes, asked.runs)
    found["ours, with presence"] = presence(grid, fixes, asked.runs)
    plain = found["every fence"]["us_per_fix"]
    for each in found.values():
        each["times_as_fast_as_every_fence"] = plain / each["us_per_fix"]
    told = {"parks": len(parks), "fixes": len(fixes), "grid_made_s": made_s, "runs": asked.runs, "ways": found}
    tell(told, table(told))


def walks(parks: list[Park]) -> list[Fix]:
    """The recorded walk through Hong Kong Park, and laid in the same way through other parks, one after another."""
    recorded = json.loads(WALK.read_text())["fixes"]
    home = next(park for park in parks if park.id == "hong-kong-park")
    made = []
    for number, park in enumerate([home, *parks[::EVERY]]):
        for fix in recorded:
            at = datetime.fromisoformat(fix["t"]) + timedelta(hours=number)
            made.append(Fix(at, fix["lat"] + park.lat - home.lat, fix["lon"] + park.lon - home.lon, fix["accuracy_m"]))
    return made


def by_grid(grid: Grid) -> Find:
    """The way of the product."""

    def find(lat: float, lon: float) -> str | None:
        park = grid.at(lat, lon)
        return park.id if park else None

    return find


def by_tree(parks: list[Park]) -> Find:
    """shapely's own index, asked for the fences that hold the point."""
    tree = shapely.STRtree([park.fence for park in parks])

    def find(lat: float, lon: float) -> str | None:
        return best(parks[at] for at in tree.query(shapely.Point(lon, lat), predicate="intersects"))

    return find


def by_all(parks: list[Park]) -> Find:
    """The plain way: every fence in turn, its edge counted as inside."""

    def find(lat: float, lon: float) -> str | None:
        point = shapely.Point(lon, lat)
        return best(park for park in parks if park.fence.covers(point))

    return find


def best(found: Iterable[Park]) -> str | None:
    """Of fences that overlap: a real boundary before a circle, then the smaller one."""
    return min(((park.approximate, park.fence.area, park.id) for park in found), default=(None, None, None))[2]


def compared(ways: dict[str, Find], fixes: list[Fix], runs: int) -> dict[str, dict[str, float]]:
    """Microseconds and fixes per second of each way; all must find the same parks."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs):
        some = fixes[run * SEEN_BY_ALL % len(fixes) :][:SEEN_BY_ALL]
        answers = {}
        for name in list(ways)[:: 1 if run % 2 else -1]:  # in turns, and in the other order each time
            given = some if name == "every fence" else fixes
            began = time.perf_counter()
            told = [ways[name](fix.lat, fix.lon) for fix in given]
            seconds[name].append((time.perf_counter() - began) / len(given))
            answers[name] = dict(zip(((fix.lat, fix.lon) for fix in given), told, strict=True))
        assert answers["ours"] == answers["tree"], "the grid and the tree differ"
        assert answers["every fence"].items() <= answers["ours"].items(), "the grid and the fences differ"
    return {name: speed(each) for name, each in seconds.items()}


def presence(grid: Grid, fixes: list[Fix], runs: int) -> dict[str, float]:
    """The same with the state of the visit, which asks how far outside somebody is: what the product pays per fix."""
    seconds, visits = [], set()
    for _ in range(runs):
        began, now = time.perf_counter(), OUTSIDE
        for fix in fixes:
            now = step(now, fix, grid)
            if now.open:
                visits.add(now.open.id)
        seconds.append((time.perf_counter() - began) / len(fixes))
    assert len(visits) > len(fixes) / 218 / 4, "hardly anybody came into a park"
    return speed(seconds)


def speed(seconds: list[float]) -> dict[str, float]:
    """The median of seconds per fix."""
    median = statistics.median(seconds)
    return {"us_per_fix": median * 1e6, "fixes_per_s": 1 / median}


def table(told: dict[str, Any]) -> str:
    """What was measured, one way a line."""
    lines = [f"{told['fixes']} fixes, {told['parks']} parks, grid made in {told['grid_made_s']:.2f} s"]
    for name, one in told["ways"].items():
        lines.append(
            f"{name:22} {one['us_per_fix']:9.2f} µs {one['fixes_per_s']:10.0f} fixes/s "
            f"{one['times_as_fast_as_every_fence']:9.1f} × every fence"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
