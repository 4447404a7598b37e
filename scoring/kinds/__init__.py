"""Kinds of challenge: each is one file in this folder, found by walking it; what it offers says what it answers to."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

from scoring.awards import Award, DailyAward
from scoring.facts import CaptureFacts, StepsFacts


class ParamsError(ValueError):
    """Parameters that make no challenge; `problems` says which and why, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in problems.items()))
        self.problems = dict(problems)


class Params(Protocol):
    """What every kind's parameters have."""

    @property
    def goal(self) -> int:
        """Points in the whole challenge that count as having reached the goal."""

    @property
    def week_goal(self) -> int:
        """Points in one week that count as having reached the goal."""


class CaptureParams(Params, Protocol):
    """What the parameters of a kind with captures have besides."""

    @property
    def daily_cap(self) -> int:
        """How many captures a player may make in one Hong Kong day."""


class Kind(Protocol):
    """What every file in this folder offers."""

    NAME: str
    VERSION: int

    def read(self, raw: Mapping[str, Any]) -> Params:
        """Parameters from JSON; raises `ParamsError`."""


@runtime_checkable
class CaptureKind(Kind, Protocol):
    """A kind that answers to captures in parks."""

    def read(self, raw: Mapping[str, Any]) -> CaptureParams:
        """Parameters from JSON; raises `ParamsError`."""

    def on_capture(self, params: Any, facts: CaptureFacts) -> list[Award]:
        """What a capture is worth."""


@runtime_checkable
class StepsKind(Kind, Protocol):
    """A kind that answers to counted steps, as often as they change."""

    def on_days(self, params: Any, facts: StepsFacts) -> list[DailyAward]:
        """All that these weeks are worth as they stand now; `scoring.corrections` makes ledger rows of it."""

    def streak(self, params: Any, facts: StepsFacts, today: date) -> int:
        """How many weeks in a row were kept up to today, from the facts of the whole challenge."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of challenge, by name."""
    modules: list[Any] = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    return {module.NAME: module for module in modules}


@cache
def capture_kinds() -> Mapping[str, CaptureKind]:
    """The kinds that answer to captures, by name."""
    return {name: kind for name, kind in kinds().items() if isinstance(kind, CaptureKind)}


@cache
def steps_kinds() -> Mapping[str, StepsKind]:
    """The kinds that answer to steps, by name."""
    return {name: kind for name, kind in kinds().items() if isinstance(kind, StepsKind)}
