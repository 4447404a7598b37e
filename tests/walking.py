"""The walk through Hong Kong Park as a phone sends it, and parks whose gates never close."""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WALK = Path(__file__).parent / "data" / "walk-hong-kong-park.json"


@dataclass(frozen=True)
class Walk:
    """Some of the walk's fixes, moved in time so that the last one is made at a given moment."""

    fixes: list[dict[str, Any]]

    @classmethod
    def until(cls, moment: datetime, count: int = 120) -> "Walk":
        """The first fixes of the walk; after 120 of them the walker has been in the park for three minutes."""
        recorded = json.loads(WALK.read_text())["fixes"][:count]
        shift = moment - datetime.fromisoformat(recorded[-1]["t"])
        return cls([_sent(each, shift) for each in recorded])

    def beside(self, seed: int) -> "Walk":
        """The same way, walked by somebody else with a phone of their own: half a metre of other noise in each fix."""
        chance = random.Random(seed)
        return Walk(
            [{**fix, **{axis: fix[axis] + chance.gauss(0, 5e-6) for axis in ("lat", "lon")}} for fix in self.fixes]
        )

    @property
    def last(self) -> dict[str, Any]:
        """The newest fix."""
        return self.fixes[-1]

    def batches(self, size: int = 20) -> list[dict[str, Any]]:
        """What the page posts, all but the last fix."""
        earlier = self.fixes[:-1]
        return [{"fixes": earlier[at : at + size]} for at in range(0, len(earlier), size)]


def _sent(fix: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    moved = datetime.fromisoformat(fix["t"]) + shift
    return {"fixed_at": moved.isoformat(), "lat": fix["lat"], "lon": fix["lon"], "accuracy_m": fix["accuracy_m"]}


def always_open(folder: Path) -> Path:
    """A copy of the parks whose gates never close, so that a test may run at night."""
    parks = json.loads((ROOT / "parks.geojson").read_text("utf-8"))
    for feature in parks["features"]:
        feature["properties"] |= {"opens": "00:00", "closes": "00:00"}
    copied = folder / "parks.geojson"
    copied.write_text(json.dumps(parks, ensure_ascii=False), "utf-8")
    return copied
