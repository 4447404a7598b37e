"""Kinds of challenge: each is one file in this folder, found by walking it."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from scoring.awards import Award
from scoring.facts import CaptureFacts


class ParamsError(ValueError):
    """Parameters that make no challenge; `problems` says which and why, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in problems.items()))
        self.problems = dict(problems)


class Params(Protocol):
    """What every kind's parameters have."""

    @property
    def daily_cap(self) -> int:
        """How many captures a player may make in one Hong Kong day."""

    @property
    def goal(self) -> int:
        """Points in the whole challenge that count as having reached the goal."""

    @property
    def week_goal(self) -> int:
        """Points in one week that count as having reached the goal."""


class Kind(Protocol):
    """What a file in this folder offers."""

    NAME: str
    VERSION: int

    def read(self, raw: Mapping[str, Any]) -> Params:
        """Parameters from JSON; raises `ParamsError`."""

    def on_capture(self, params: Any, facts: CaptureFacts) -> list[Award]:
        """What a capture is worth."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of challenge, by name."""
    modules: list[Any] = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    return {module.NAME: module for module in modules}
