"""What a provider of steps is: what it can do, as checked data, and what it yields."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import BinaryIO, Literal, NamedTuple, Protocol, get_args

Road = Literal["file", "push", "cloud"]
Grain = Literal["samples", "days"]
LocalDay = Literal["offset", "stated", "asked"]
Why = Literal[
    "not_recognised", "no_steps", "columns", "damaged", "ends_early", "protected", "bomb", "too_much",
    "not_a_date", "not_a_time", "not_a_number", "negative", "too_large", "ends_before", "too_long",
]  # fmt: skip

MOST_STEPS = 10_000_000  # in one record: more than anybody walks in a year, and few enough to pack
SEEN = 40  # characters of an unreadable value that are shown to its owner
# They would command the terminal of who looks at a file; halves of a letter, as JSON may have them, cannot be kept.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Sample(NamedTuple):
    """Steps that one source counted between two moments; the local day and hour are those of `starts`' own offset."""

    source: str
    starts: datetime
    ends: datetime
    steps: int
    by_hand: bool = False


class DayCount(NamedTuple):
    """A source's own total of one local day; `revised_at` when the source says since when it holds."""

    source: str
    on: date
    steps: int
    by_hand: bool = False
    revised_at: datetime | None = None


class Problem(NamedTuple):
    """Something that could not be read: in which line or row (from 1; None for the whole file), and why."""

    line: int | None
    why: Why
    seen: str = ""


Reading = Sample | DayCount | Problem


@dataclass(frozen=True, slots=True)
class Part:
    """One file as it came, or one inside a zip: its name there (empty for a file by itself) and first 4,096 bytes."""

    name: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a tracker's data can tell; making one checks it.

    `local_day`: from each sample's own offset, stated as a date by the source, or only known by asking the person.
    `by_hand`: typed-in entries are marked. `corrects`: the source says when a smaller reading replaces a larger one.
    `generic`: it reads what no other tracker knows. `piecewise`: what comes first in a file is read without the rest.
    `increments`: a delivery holds what is new since the one before, and not all of its days. `overlaps`: what it calls
    one source may be several devices that tell of the same walk.
    """

    name: str
    roads: tuple[Road, ...]
    grains: tuple[Grain, ...]
    local_day: LocalDay
    by_hand: bool
    corrects: bool
    generic: bool = False
    piecewise: bool = True
    increments: bool = False
    overlaps: bool = False

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"{self.name!r} is no name of a provider")
        for said, known in ((self.roads, Road), (self.grains, Grain), ((self.local_day,), LocalDay)):
            if not said or not set(said) <= set(get_args(known)):
                raise ValueError(f"{self.name}: {said} must be some of {get_args(known)}")


class Provider(Protocol):
    """What a file in `integrations/providers/` offers; docs/add-a-tracker.md shows how to write one."""

    CAPABILITIES: Capabilities

    def recognises(self, part: Part) -> bool:
        """Whether a file is this tracker's, by its content."""

    def read(self, part: Part, stream: BinaryIO, zone: tzinfo) -> Iterator[Sequence[Reading]]:
        """Read a recognised file, a batch for every piece of it; an empty batch is a sign of life.

        `zone` is for times that say no offset of their own. A row that is no good becomes a `Problem`; nothing is
        raised but what the stream raises.
        """


def shown(text: str, most: int) -> str:
    """Text from a file as it may be shown: at most so many characters, none of which commands a terminal."""
    text = text[:most]
    return text if text.isprintable() else _CONTROLS.sub(" ", text)


def problem(line: int | None, why: Why, seen: object = "") -> Problem:
    """A problem that shows at most 40 characters of what was seen."""
    return Problem(line, why, shown(str(seen), SEEN))
