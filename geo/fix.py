"""One position as a phone reports it, checked once at the door."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

COARSEST_M: Final = 100.0  # a fix that claims less than this accuracy moves nothing and captures nothing


class FixError(ValueError):
    """A position that cannot be one; `field` names the wrong part, `why` says what is wrong with it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a phone says that it was: WGS84 degrees, metres, metres per second; raises FixError when it cannot be.

    `accuracy_m` is the radius that holds the true place in about two of three cases; None where the phone gave none.
    """

    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    speed_mps: float | None = None

    def __post_init__(self) -> None:
        # A comparison with NaN is false, so these also refuse what is not a number.
        if not -90 <= self.lat <= 90:
            raise FixError("lat", f"{self.lat} is not between -90 and 90 degrees")
        if not -180 <= self.lon <= 180:
            raise FixError("lon", f"{self.lon} is not between -180 and 180 degrees")
        if self.at.tzinfo is None or self.at.utcoffset() is None:
            raise FixError("at", f"{self.at.isoformat()} has no offset from UTC")
        if self.accuracy_m is not None and not (self.accuracy_m >= 0 and isfinite(self.accuracy_m)):
            raise FixError("accuracy_m", f"{self.accuracy_m} is not a distance")
        if self.speed_mps is not None and not (self.speed_mps >= 0 and isfinite(self.speed_mps)):
            raise FixError("speed_mps", f"{self.speed_mps} is not a speed")

    @property
    def is_coarse(self) -> bool:
        """Whether the claimed accuracy is too poor to be used at all."""
        return self.accuracy_m is not None and self.accuracy_m > COARSEST_M
