"""The store: one commit, whole transactions, races run again, moments with their offset."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from challenges_app.kit import db as store
from challenges_app.kit import due, outbox
from challenges_app.kit.db import Tx
from tests.builders import MORNING, World


def test_what_a_transaction_wrote_is_gone_when_it_fails(world: World) -> None:
    def fail(tx: Tx) -> None:
        outbox.put(tx, MORNING, "t", {})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.write(fail)
    with world.db.reading() as conn:
        assert outbox.waiting(conn, "t") == 0


def test_announcements_wait_for_the_commit_and_are_lost_with_it(world: World) -> None:
    heard: list[str] = []

    def announce(tx: Tx, fail: bool) -> None:
        tx.after_commit(lambda: heard.append("done"))
        assert heard == []
        if fail:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        world.write(lambda tx: announce(tx, fail=True))
    assert heard == []
    world.write(lambda tx: announce(tx, fail=False))
    assert heard == ["done"]


def test_a_lost_race_is_run_again_and_then_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_lost_race", lambda _problem: True)
    monkeypatch.setattr(store.time, "sleep", lambda _seconds: None)
    runs: list[int] = []

    def lose(tx: Tx, until: int) -> str:
        runs.append(1)
        if len(runs) < until:
            raise OperationalError("", {}, Exception("lost"))
        return "won"

    assert world.write(lambda tx: lose(tx, until=3)) == "won"
    assert len(runs) == 3
    runs.clear()
    with pytest.raises(DBAPIError):
        world.write(lambda tx: lose(tx, until=99))
    assert len(runs) == store.TRIES


def test_a_reader_sees_one_state_while_others_write(world: World) -> None:
    with world.db.reading() as conn:
        before = outbox.waiting(conn, "t")
        world.write(lambda tx: outbox.put(tx, MORNING, "t", {}))
        assert outbox.waiting(conn, "t") == before == 0
    with world.db.reading() as conn:
        assert outbox.waiting(conn, "t") == 1


def test_a_naive_moment_is_refused(world: World) -> None:
    with pytest.raises(StatementError, match="without its offset"):
        world.write(lambda tx: outbox.put(tx, datetime(2026, 11, 21, 10), "t", {}))  # noqa: DTZ001


def test_moments_come_back_as_they_were(world: World) -> None:
    world.write(lambda tx: outbox.put(tx, MORNING, "t", {}))
    with world.db.reading() as conn:
        assert conn.execute(select(outbox.Outbox.due_at)).scalar_one() == MORNING


def test_a_message_is_claimed_when_due_and_comes_back_after_a_wait(world: World) -> None:
    world.write(lambda tx: outbox.put(tx, MORNING, "t", {"a": 1}))
    assert world.write(lambda tx: outbox.claim(tx, MORNING - timedelta(seconds=1), "t", 9)) == []
    (message,) = world.write(lambda tx: outbox.claim(tx, MORNING, "t", 9))
    world.write(lambda tx: outbox.later(tx, MORNING, message, "Trouble"))
    assert world.write(lambda tx: outbox.claim(tx, MORNING, "t", 9)) == []
    (again,) = world.write(lambda tx: outbox.claim(tx, MORNING + timedelta(seconds=1), "t", 9))
    assert (again.body, again.tries) == ({"a": 1}, 1)


def test_recurring_work_is_given_to_one_who_asks(world: World) -> None:
    hour = timedelta(hours=1)
    asked = [world.write(lambda tx: due.claim(tx, MORNING, "sweep", hour)) for _ in range(3)]
    assert asked == [True, False, False]
    assert world.write(lambda tx: due.claim(tx, MORNING + hour, "sweep", hour))
