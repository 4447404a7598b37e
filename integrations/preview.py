"""What a file would count, without keeping anything: the same reading and merging as an import."""

from collections import defaultdict
from datetime import date, tzinfo
from typing import Any, BinaryIO

from integrations.days import SourceDay
from integrations.merge import merge
from integrations.reading import Outcome, read


def preview(file: BinaryIO, zone: tzinfo, last_on: date, provider: str | None = None) -> dict[str, Any]:
    """Read a seekable file and merge its days; raises nothing, whatever the file holds.

    Answers `provider`, `days` [{on, steps, sources}], `problems` [Problem], `more_problems`, and `not_counted`
    [{on, source, steps, why}]; `last_on` is the last day that has begun anywhere on Earth.
    """
    outcome = _outcome(file, zone, provider)
    by_day: dict[date, dict[Any, SourceDay]] = defaultdict(dict)
    for source, on, day in outcome.days:
        by_day[on][source] = day
    days, not_counted = [], []
    for on, sources in sorted(by_day.items()):
        merged = merge(sources, on, last_on)
        if merged.steps is not None:
            days.append({"on": on, "steps": merged.steps, "sources": dict(merged.said)})
        not_counted += [{"on": on, **each._asdict()} for each in merged.not_counted]
    return {
        "provider": outcome.provider,
        "days": days,
        "problems": outcome.problems,
        "more_problems": outcome.more_problems,
        "not_counted": not_counted,
    }


def _outcome(file: BinaryIO, zone: tzinfo, provider: str | None) -> Outcome:
    going = read(file, zone, provider)
    while True:
        try:
            next(going)
        except StopIteration as over:
            outcome: Outcome = over.value
            return outcome
