"""What somebody gets for something, under a key that makes it impossible to get it twice."""

from dataclasses import dataclass
from datetime import date

# What the ledger's columns hold; some databases refuse more and others cut nothing off, so it is said here for all.
MOST_KEY, MOST_WHY = 200, 20


@dataclass(frozen=True, slots=True)
class Award:
    """Points (they only rank) and coins (they are spent) for one reason; `key` is unique in the ledger for ever.

    Raises `ValueError` for a key of over 200 or a `why` of over 20 characters.
    """

    key: str
    points: int
    coins: int
    why: str

    def __post_init__(self) -> None:
        if len(self.key) > MOST_KEY or len(self.why) > MOST_WHY:
            raise ValueError(f"too long for the ledger: {self.key!r}, {self.why!r}")


@dataclass(frozen=True, slots=True)
class DailyAward:
    """An award and the local day that it belongs to, whenever the data for it may have come."""

    on: date
    award: Award
