"""Small writes of many requests, committed together: a commit waits for the disk, and one wait is enough for all."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from challenges_app.kit.db import Database, Tx

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST = 500  # in one transaction


class _Waiting(Generic[Item, Answer]):
    """One item in the queue, and what became of it."""

    __slots__ = ("answer", "failed", "item", "leads", "turn")

    def __init__(self, item: Item, turn: threading.Event | None) -> None:
        self.item = item
        self.turn = turn  # None for whoever need not wait
        self.leads = turn is None
        self.answer: Answer | None = None
        self.failed: BaseException | None = None


class Together(Generic[Item, Answer]):
    """Writes of one kind: whoever comes while nobody writes does so for all who came meanwhile.

    `work` gets the transaction and the items, and answers as many; like all such work it may run more than once.
    """

    def __init__(self, db: Database, work: Callable[[Tx, Sequence[Item]], Sequence[Answer]]) -> None:
        self._db = db
        self._work = work
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Item, Answer]] = []
        self._led = False

    def put(self, item: Item) -> Answer:
        """Write one item; answers once it is committed, and raises what its own writing raises."""
        with self._lock:
            mine: _Waiting[Item, Answer] = _Waiting(item, threading.Event() if self._led else None)
            self._led = True
            self._queue.append(mine)
        if mine.turn:
            mine.turn.wait()
        if mine.leads:
            self._lead()
        if mine.failed:
            raise mine.failed
        return mine.answer  # type: ignore[return-value]

    def _lead(self) -> None:
        time.sleep(0)  # lets requests that have arrived get as far as the queue, where greenlets share one thread
        with self._lock:
            batch, self._queue = self._queue[:MOST], self._queue[MOST:]
        try:
            self._write(batch)
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._led = following is not None
            if following and following.turn:
                following.leads = True
                following.turn.set()
            for each in batch:
                if each.turn:
                    each.turn.set()

    def _write(self, batch: list[_Waiting[Item, Answer]]) -> None:
        try:
            answers = self._db.write(lambda tx: self._work(tx, [each.item for each in batch]))
        except BaseException as problem:
            if len(batch) == 1 or not isinstance(problem, Exception):
                for each in batch:
                    each.failed = problem
                return
            for each in batch:  # one that cannot be written is not the others' trouble
                self._write([each])
            return
        for each, answer in zip(batch, answers, strict=True):
            each.answer = answer
