"""What happened, as the kinds of challenge are told it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """One capture and the day it happened in; ids are text, since they become part of the ledger's keys."""

    challenge_id: str
    drop_id: str
    player_id: str
    park_id: str
    captured_at: datetime
    since_other_park: timedelta | None  # since the player's last capture in a different park, if there was one


@dataclass(frozen=True, slots=True)
class StepsFacts:
    """One player's counted steps by local day, in whole weeks from Monday to Sunday, for one challenge.

    `first_on` and `last_on` are the challenge's first and last local day, both of them in it; days outside may be
    there and are ignored. A day that is missing has no data yet, which is not the same as a day of zero steps.
    `typed` has the most that was typed in by hand for a day, which counts only where a challenge says so.
    Raises `ValueError` for a challenge that ends before it begins, or for steps below zero.
    """

    challenge_id: str
    player_id: str
    first_on: date
    last_on: date
    steps: Mapping[date, int]
    typed: Mapping[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise ValueError(f"the challenge ends on {self.last_on}, before its first day {self.first_on}")
        below = sorted(on for each in (self.steps, self.typed) for on, steps in each.items() if steps < 0)
        if below:
            raise ValueError(f"steps below zero on {below[0]}")
