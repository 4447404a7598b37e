"""Writes of many requests, committed together: each gets its own answer, and one that fails does so alone."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from challenges_app.kit.db import Tx
from challenges_app.kit.together import Together
from tests.builders import World


@dataclass
class Ledger:
    """Notes numbers, each at most once, and how many came in one transaction."""

    batches: list[int] = field(default_factory=list)

    def __call__(self, tx: Tx, numbers: Sequence[int]) -> list[str]:
        tx.execute(text("INSERT INTO noted VALUES (:number)"), [{"number": each} for each in numbers])
        self.batches.append(len(numbers))
        return [f"noted {each}" for each in numbers]


@pytest.fixture
def ledger(world: World) -> Ledger:
    """An empty one."""
    world.write(lambda tx: tx.execute(text("CREATE TABLE noted (number INTEGER PRIMARY KEY)")))
    return Ledger()


def noted(world: World) -> set[int]:
    """The numbers that were committed."""
    with world.db.reading() as conn:
        return set(conn.execute(text("SELECT number FROM noted")).scalars())


def at_once(work: Callable[[int], object], count: int) -> dict[int, object]:
    """What each of many threads that begin together comes to: an answer, or a failure."""
    answers: dict[int, object] = {}
    ready = threading.Barrier(count)

    def run(number: int) -> None:
        ready.wait()
        try:
            answers[number] = work(number)
        except Exception as problem:
            answers[number] = problem

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def test_each_of_many_gets_its_own_answer_after_it_is_committed(world: World, ledger: Ledger) -> None:
    together = Together(world.db, ledger)
    answers = at_once(together.put, 60)
    assert answers == {number: f"noted {number}" for number in range(60)}
    assert noted(world) == set(range(60))
    assert sum(ledger.batches) == 60


def test_those_who_come_while_one_writes_are_written_together(world: World, ledger: Ledger) -> None:
    writes, goes_on = threading.Event(), threading.Event()

    def slowly(tx: Tx, numbers: Sequence[int]) -> list[str]:
        writes.set()
        goes_on.wait(10)
        return ledger(tx, numbers)

    together = Together(world.db, slowly)
    first = threading.Thread(target=together.put, args=(100,))
    first.start()
    assert writes.wait(10)
    others = threading.Thread(target=at_once, args=(together.put, 20))
    others.start()
    while len(together._queue) < 20:
        pass
    goes_on.set()
    first.join()
    others.join()
    assert ledger.batches == [1, 20]


def test_one_that_cannot_be_written_fails_alone(world: World, ledger: Ledger) -> None:
    together = Together(world.db, ledger)
    together.put(7)
    answers = at_once(together.put, 20)
    failed = {number for number, answer in answers.items() if isinstance(answer, Exception)}
    assert failed == {7}
    assert noted(world) == set(range(20))


def test_after_a_failure_the_next_is_written(world: World, ledger: Ledger) -> None:
    together = Together(world.db, ledger)
    together.put(1)
    with pytest.raises(Exception, match=r"(?i)unique"):
        together.put(1)
    assert together.put(2) == "noted 2"
