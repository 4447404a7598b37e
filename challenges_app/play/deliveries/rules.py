"""Decisions about deliveries: their states, how large a file may be, and how a child's end is told."""

from typing import Literal

from integrations.contract import Why

# While what was read is being kept, a delivery can no longer be stopped; its owner is told that it is being read.
State = Literal["waiting", "reading", "keeping", "done", "refused", "cancelled", "removed"]
STOPPABLE: tuple[State, ...] = ("waiting", "reading")
READ: tuple[State, ...] = ("done", "refused")
BEING_READ: tuple[State, ...] = ("reading", "keeping")

LARGEST = 4 * 1024**3  # bytes of an uploaded file
MOST_GOING = 3  # files of one person at a time, since each takes room until it is read
MOST_TRIES = 3  # after which a file that takes its reader down is given up


def ended(provider: str | None, days: int, problems: int) -> State:
    """How a delivery that was read to its end is called: refused when nothing in it could be used."""
    return "refused" if provider is None or (days == 0 and problems) else "done"


def why_died(reason: str) -> Why:
    """What a person is told of a reader that did not come to its end."""
    return "bomb" if reason == "memory" else "damaged"
