"""Drives a tracker's dance as its caller would, with answers that a test has prepared."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast

from integrations.cloud import Answer, Call, CloudProvider, Flow, Heard
from integrations.providers import providers

T = TypeVar("T")


class Danced(NamedTuple):
    """The calls that were asked for, and what came of them."""

    calls: list[Call]
    result: Any


def answer(told: object = "", status: int = 200) -> Answer:
    """An answer of JSON, or of text as it is."""
    return Answer(status, {}, told if isinstance(told, str) else json.dumps(told))


def dance(flow: Flow[T], answers: Sequence[Answer]) -> Danced:
    """Answer one call after another; all answers have to be asked for."""
    calls: list[Call] = []
    given = iter(answers)
    try:
        calls.append(next(flow))
        while True:
            calls.append(flow.send(next(given)))
    except StopIteration as over:
        assert list(given) == []
        return Danced(calls, over.value)


def cloud(name: str) -> CloudProvider:
    """A provider as a vendor with a cloud."""
    return cast(CloudProvider, providers()[name])


def clouds() -> list[str]:
    """The names of all that have one."""
    return [name for name, each in providers().items() if "cloud" in each.CAPABILITIES.roads]


def heard(hook: dict[str, Any], **other: Any) -> Heard:
    """A recorded notice, or the same with something else in it."""
    told = {**hook, **other}
    return Heard(told["method"], told["headers"], told["query"], told["body"].encode())


def on(text: str | None) -> date | None:
    """A date, or none."""
    return date.fromisoformat(text) if text else None
