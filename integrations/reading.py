"""Reads an uploaded file into days, piece by piece in constant memory, and says on the way how far it has come."""

import io
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import islice
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from integrations.contract import Part, Problem, Reading, Road, problem
from integrations.days import Days, SourceDay
from integrations.providers import providers
from integrations.upload import HEAD, Unreadable, Upload

MOST_PROBLEMS = 200  # that are listed; the others are counted
OFTEN = 0.005  # share of the file between two words about progress
AT_ONCE = 200  # days in one message


@dataclass(slots=True)
class Outcome:
    """What a file held: its provider (None when nobody knows it), the days of each source, and what was no good."""

    provider: str | None = None
    days: list[tuple[str, date, SourceDay]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    readings: int = 0

    def trouble(self, found: Problem) -> None:
        """Note a problem; after 200 they are only counted."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(found)
        else:
            self.more_problems += 1


def read(
    file: BinaryIO, zone: tzinfo, provider: str | None = None, road: Road = "file"
) -> Generator[float, None, Outcome]:
    """Read a seekable file; yields the share that has been read (0 to 1), answers the outcome, raises nothing.

    `provider` names whose file it is; without it the content tells, among those that come by the `road`. `zone` is for
    times without an offset.
    """
    outcome, days = Outcome(), Days()
    yield from _fill(outcome, days, file, zone, whose(provider, road))
    outcome.days = list(days.finish())
    return outcome


def take(body: bytes, zone: tzinfo, days: Days, provider: str | None = None) -> Outcome:
    """Read a body that came by itself into days that are still open; the outcome has none. Raises nothing.

    Without a `provider` its beginning tells, among those that phones push.
    """
    outcome = Outcome()
    for _ in _fill(outcome, days, io.BytesIO(body), zone, whose(provider, "push")):
        pass
    return outcome


def known(body: bytes) -> str | None:
    """Whose pushed body this is, by its beginning; None where nobody knows it."""
    part = Part("", len(body), body[:HEAD])
    return next((name for name in whose(None, "push") if providers()[name].recognises(part)), None)


def whose(provider: str | None, road: Road) -> tuple[str, ...]:
    """Whose a file may be: the one that is named, or all whose data comes by a road."""
    return (provider,) if provider else tuple(n for n, each in providers().items() if road in each.CAPABILITIES.roads)


def _fill(outcome: Outcome, days: Days, file: BinaryIO, zone: tzinfo, among: Sequence[str]) -> Iterator[float]:
    try:
        upload = Upload(file)
        outcome.provider, parts = _whose(upload, among)
        yield from _read(upload, parts, outcome, days, zone)
    except Unreadable as trouble:
        outcome.trouble(problem(None, trouble.why))
    if outcome.provider and not outcome.readings and not outcome.problems:
        outcome.trouble(problem(None, "no_steps"))


def _whose(upload: Upload, among: Sequence[str]) -> tuple[str, list[Part]]:
    """The first provider that knows any of the parts, and the parts that are its own."""
    parts = upload.parts()
    for name in among:
        ours = [part for part in parts if providers()[name].recognises(part)]
        if ours:
            return name, ours
    for part in parts:
        if part.size and not part.head:
            upload.open(part).read(1)  # raises why it cannot be opened, as for a password
    raise Unreadable("not_recognised")


def _read(upload: Upload, parts: Sequence[Part], outcome: Outcome, days: Days, zone: tzinfo) -> Iterator[float]:
    provider = providers()[outcome.provider or ""]
    days.overlaps = provider.CAPABILITIES.overlaps
    whole = sum(part.size for part in parts) or 1
    told = 0.0
    for part in parts:
        try:
            for batch in provider.read(part, upload.open(part), zone):
                _take(batch, days, outcome)
                share = min(upload.read_bytes / whole, 1.0)
                if share - told >= OFTEN:
                    told = share
                    yield share
        except Unreadable as trouble:  # the other parts may be whole
            outcome.trouble(problem(None, trouble.why))


def _take(batch: Sequence[Reading], days: Days, outcome: Outcome) -> None:
    for reading in batch:
        if isinstance(reading, Problem):
            outcome.trouble(reading)
        elif why := days.add(reading):
            outcome.trouble(problem(None, why, reading.steps))
        else:
            outcome.readings += 1


def tell(file: BinaryIO, zone: str, provider: str | None = None) -> Iterator[dict[str, Any]]:
    """The same as messages for another process: `share` often, `provider`, `days` by the hundred, at last `end`."""
    outcome, days = Outcome(), Days()
    for share in _fill(outcome, days, file, ZoneInfo(zone), whose(provider, "file")):
        yield {"share": round(share, 4)}
    yield {"provider": outcome.provider}
    # Days are made as they are told: those of a lifetime, all at once, are a quarter of the memory.
    finished = (_told(*each) for each in days.finish())
    while told := list(islice(finished, AT_ONCE)):
        yield {"days": told}
    yield {
        "end": {
            "provider": outcome.provider,
            "readings": outcome.readings,
            "problems": [list(each) for each in outcome.problems],
            "more_problems": outcome.more_problems,
        }
    }


def _told(source: str, on: date, day: SourceDay) -> list[Any]:
    revised_at = day.revised_at.isoformat() if day.revised_at else None
    return [source, on.isoformat(), day.hours, day.total, day.by_hand, day.fastest, revised_at]
