"""Refusals: each has a code, an HTTP status and a text in three languages, and is written down once."""

from dataclasses import dataclass
from typing import Any

REFUSALS: dict[str, "Refusal"] = {}


class Refused(Exception):
    """Something was not done, for a reason that the person can read."""

    def __init__(self, refusal: "Refusal", details: dict[str, Any]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.details = details


@dataclass(frozen=True, slots=True)
class Refusal:
    """A named reason for saying no; calling it makes the exception, with the details of the case."""

    code: str
    status: int

    def __call__(self, **details: Any) -> Refused:
        return Refused(self, details)


def refusal(code: str, status: int) -> Refusal:
    """Name a refusal; the texts stand under `refused.<code>` in the three word lists."""
    if code in REFUSALS:
        raise ValueError(f"the refusal {code} is named twice")
    REFUSALS[code] = Refusal(code, status)
    return REFUSALS[code]
