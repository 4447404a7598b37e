"""What somebody gets for something, under a key that makes it impossible to get it twice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Award:
    """Points (they only rank) and coins (they are spent) for one reason; `key` is unique in the ledger for ever."""

    key: str
    points: int
    coins: int
    why: str
