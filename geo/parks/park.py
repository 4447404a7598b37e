"""What a park is: its names, hours, facilities and fence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry

HONG_KONG = ZoneInfo("Asia/Hong_Kong")

Language = Literal["zh-Hant", "zh-Hans", "en"]


@dataclass(frozen=True, slots=True)
class Hours:
    """Daily opening hours, Hong Kong time; `closes` 00:00 with `opens` 00:00 means all day."""

    opens: time
    closes: time
    assumed: bool  # True where the source gives none and 07:00-19:00 stands in

    def is_open(self, at: datetime) -> bool:
        """Whether the gates are open at an aware moment; hours may run past midnight."""
        local = at.astimezone(HONG_KONG).time()
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes


@dataclass(frozen=True, slots=True)
class Park:
    """One LCSD park; `fence` is the real boundary, or a circle of `radius_m` when `approximate`."""

    id: str
    name: Mapping[Language, str]
    district: Mapping[Language, str]
    district_code: str
    category: str
    address: Mapping[Language, str]
    hours: Hours
    facilities: tuple[str, ...]
    lat: float
    lon: float
    grade: Literal["A", "B"]
    confirmed: bool  # a grade B point is not played until staff confirm it
    approximate: bool
    radius_m: float | None
    fence: BaseGeometry  # WGS84 Polygon or MultiPolygon
    attribution: str
