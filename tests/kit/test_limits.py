"""Guesses at secrets: only wrong ones count, and many at once are no more than one after another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from challenges_app.kit.http import NOT_FOUND
from challenges_app.kit.limits import TOO_MANY, Limit, Limits
from challenges_app.kit.refusals import Refused

WRONG, OTHER = NOT_FOUND, TOO_MANY
NARROW: list[Limit] = [("wide", "place", "3 per hour"), ("narrow", "name", "2 per hour")]


def guess(limits: Limits, counted: list[Limit], fails: Refused | Exception | None = None) -> str:
    """Try a secret; answers what became of it."""
    try:
        with limits.guess(counted, WRONG):
            if fails:
                raise fails
    except Refused as no:
        return no.refusal.code
    except ZeroDivisionError:
        return "broken"
    return "right"


def test_what_was_right_or_refused_for_another_reason_does_not_count() -> None:
    limits = Limits(None)
    assert {guess(limits, NARROW) for _ in range(9)} == {"right"}
    assert {guess(limits, NARROW, OTHER()) for _ in range(9)} == {OTHER.code}
    assert guess(limits, NARROW) == "right"


@pytest.mark.parametrize("fails", [WRONG(), ZeroDivisionError()])
def test_what_was_wrong_or_broke_counts(fails: Exception) -> None:
    limits = Limits(None)
    for _ in range(2):
        assert guess(limits, NARROW, fails) != "right"
    assert guess(limits, NARROW) == OTHER.code


def test_a_try_that_is_not_let_through_counts_nowhere() -> None:
    limits = Limits(None)
    for _ in range(2):
        guess(limits, NARROW, WRONG())
    assert {guess(limits, NARROW, WRONG()) for _ in range(9)} == {OTHER.code}
    assert guess(limits, NARROW[:1]) == "right"


def test_many_guesses_at_once_are_no_more_than_one_after_another() -> None:
    limits, ready = Limits(None), Barrier(12)

    def go(_: int) -> str:
        ready.wait(20)
        return guess(limits, [("narrow", "name", "5 per hour")], WRONG())

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(go, range(12)))
    assert told.count(WRONG.code) == 5
