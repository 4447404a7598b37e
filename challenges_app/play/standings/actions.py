"""Carry the ledger to the boards, and prove that they say the same."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from challenges_app.kit import outbox
from challenges_app.kit.db import Tx
from challenges_app.kit.logs import traced
from challenges_app.kit.outbox import Message, Outbox
from challenges_app.kit.pulse import Pulse
from challenges_app.kit.upsert import lock_whole
from challenges_app.play.challenges import queries as challenges
from challenges_app.play.ledger import queries as ledger
from challenges_app.play.ledger.actions import TOPIC
from challenges_app.play.standings import queries
from challenges_app.play.standings.queries import Change
from challenges_app.play.standings.rules import BoardKey, Folded, Sum, fold
from scoring.kinds import Params, kinds
from scoring.seasons import WHOLE

PULSE = "board"

log = structlog.get_logger()


def project(tx: Tx, now: datetime, pulse: Pulse, most: int) -> int:
    """Carry up to `most` waiting events to the boards; answers how many were carried.

    Claim, sums and the end of the messages are one transaction: a projector that dies has done nothing.
    """
    messages = outbox.claim(tx, now, TOPIC, most)
    _carry(tx, pulse, messages)
    return len(messages)


def project_carefully(tx: Tx, now: datetime, pulse: Pulse) -> int:
    """Carry one waiting event; one that cannot be carried is put back with its problem and tried again later."""
    messages = outbox.claim(tx, now, TOPIC, 1)
    for message in messages:
        try:
            with tx.part():
                _carry(tx, pulse, [message])
        except Exception as problem:  # one bad event must not hold up the others
            log.error("event not carried", event_id=message.body.get("event"), **traced(problem))
            outbox.later(tx, now, message, type(problem).__name__)
    return len(messages)


def rebuild(tx: Tx, pulse: Pulse) -> int:
    """Throw all standings away and make them again from the ledger; answers the number of events."""
    # With the outbox held nobody can append an event whose message we would not see, and the other way round.
    lock_whole(tx, Outbox)
    events = list(ledger.all_events(tx.conn))
    outbox.forget(tx, TOPIC)
    queries.clear(tx)
    _add_to_boards(tx, pulse, fold(events))
    return len(events)


def _carry(tx: Tx, pulse: Pulse, messages: list[Message]) -> None:
    events = ledger.events(tx.conn, [message.body["event"] for message in messages])
    _add_to_boards(tx, pulse, fold(events))
    outbox.done(tx, [message.id for message in messages])


def _add_to_boards(tx: Tx, pulse: Pulse, folded: Folded) -> None:
    # Boards, and subjects within them, are always taken in the same order, so that two projectors never
    # wait for each other in a ring.
    goals = {each: _goals(tx, each) for each in {key.challenge_id for key in folded}}
    for key in sorted(folded):
        goal = goals[key.challenge_id].goal if key.season == WHOLE else goals[key.challenge_id].week_goal
        rev = queries.next_rev(tx, _board_row(key, goal))
        for subject, total in sorted(folded[key].items()):
            queries.stand(tx, key.id, rev, subject, _change(tx, key.id, subject, total, goal))
        tx.after_commit(lambda board=key.id, rev=rev: pulse.publish(PULSE, {"board": board, "rev": rev}))  # type: ignore[misc]


def _change(tx: Tx, board_id: str, subject: str, total: Sum, goal: int) -> Change:
    members = reached = 0
    for player_id, (points, events) in sorted(total.players.items()):
        now_points, now_events = queries.contribute(tx, board_id, subject, player_id, points, events)
        members += now_events == events
        reached += (now_points >= goal) - (now_points - points >= goal and now_events > events)
    assert total.reached_at is not None  # noqa: S101 - a sum is never made without an event
    return Change(total.points, total.reached_at, members, reached)


def _goals(tx: Tx, challenge_id: str) -> Params:
    row = challenges.challenge(tx.conn, challenge_id)
    assert row is not None  # noqa: S101 - the ledger refers to it by foreign key
    return kinds()[row.kind].read(row.params)


def _board_row(key: BoardKey, goal: int) -> Mapping[str, object]:
    return {
        "id": key.id,
        "challenge_id": key.challenge_id,
        "season": key.season,
        "subject": key.subject,
        "scope": key.scope,
        "goal": goal,
    }


def differences(conn: Connection) -> list[str]:
    """Compare every standing with the ledger, less what still waits in the outbox; an empty list is the proof.

    Each difference is one line: the board, the subject, what stands there and what the ledger says.
    """
    waiting = {message.get("event") for message in outbox.bodies(conn, TOPIC)}
    folded = fold(event for event in ledger.all_events(conn) if event.id not in waiting)
    goals = {row.id: row.goal for row in queries.boards(conn)}
    said = {
        (key.id, subject): (total.points, total.reached_at, len(total.players), _reached(total, goals.get(key.id, 0)))
        for key, board in folded.items()
        for subject, total in board.items()
    }
    found = {
        (row.board_id, row.subject): (row.points, row.reached_at, row.members, row.reached)
        for row in queries.all_standings(conn)
    }
    return [
        f"{board} {subject}: stands {found.get((board, subject))}, the ledger says {said.get((board, subject))}"
        for board, subject in sorted(said.keys() | found.keys())
        if found.get((board, subject)) != said.get((board, subject))
    ]


def _reached(total: Sum, goal: int) -> int:
    return sum(points >= goal for points, _ in total.players.values())
