"""Carry days of steps to the challenges that count them: what is due, less what the ledger says was given."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.db import Tx
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access.actions import belongs
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.challenges import queries as challenges
from challenges_app.play.goals import rules
from challenges_app.play.ledger import actions as ledger
from challenges_app.play.ledger import queries as entries
from challenges_app.play.ledger.actions import Earner, Source
from challenges_app.play.players import queries as players
from challenges_app.play.players.actions import player_in
from scoring.corrections import corrections, given
from scoring.facts import StepsFacts
from scoring.kinds import steps_kinds
from scoring.seasons import week_of_day

WEEK = timedelta(days=7)
TEN_THOUSAND = 10_000


class Walked(NamedTuple):
    """Steps of days: those that count, and those that were typed in, which count only where a challenge says so."""

    counted: Mapping[date, int]
    typed: Mapping[date, int]


class Taking(NamedTuple):
    """A challenge that takes typed-in steps, by its names, and its first and last local day."""

    names: Mapping[str, str]
    first_on: date
    last_on: date


def counting(conn: Connection, received_at: datetime) -> Sequence[Row[Any]]:
    """The challenges that count steps which came at a moment: open, or closed and not settled yet."""
    return [row for row in challenges.unsettled(conn, received_at) if row.kind in steps_kinds()]


def days_of(challenge: Row[Any]) -> tuple[date, date]:
    """A challenge's first and last local day."""
    return rules.local_days(challenge.opens_at, challenge.closes_at)


def score(
    tx: Tx, ring: KeyRing, now: datetime, person_id: UUID, challenge: Row[Any], weeks: tuple[date, date],
    walked: Walked,
) -> None:  # fmt: skip
    """Append what whole weeks (a Monday, a Sunday) are worth by their steps, less what was given for them.

    The caller keeps everybody else from scoring the same person meanwhile; the ledger's keys would refuse them.
    """
    player_id = player_in(tx, now, person_id)
    kind = steps_kinds()[challenge.kind]
    facts = StepsFacts(challenge.id, str(player_id), *days_of(challenge), *walked)
    rows = entries.awards_between(tx.conn, challenge.id, player_id, weeks[0] - WEEK, weeks[1] + WEEK)
    due = kind.on_days(kind.read(challenge.params), facts)
    source = Source(challenge.id, challenge.kind, challenge.kind_version)
    firsts = {row.key.rpartition(":")[0]: row for row in reversed(rows)}
    for each in corrections(due, given(rules.appended(rows)), _names(*weeks)):
        at = rules.happened_at(each.on, now)
        first = firsts.get(each.award.key.rpartition(":")[0])
        earner = _same(first) if first else _earner(tx, ring, at, person_id, player_id)
        ledger.append(tx, now, at, earner, source, [each.award])


def _names(monday: date, sunday: date) -> frozenset[str]:
    return frozenset(week_of_day(monday + WEEK * number) for number in range((sunday - monday).days // 7 + 1))


def _same(first: Row[Any]) -> Earner:
    """A correction goes to the family, class and school that had the award, though the person may have moved since."""
    return Earner(first.player_id, first.child, first.household_id, first.class_id, first.school_id)


def _earner(tx: Tx, ring: KeyRing, at: datetime, person_id: UUID, player_id: UUID) -> Earner:
    own = belongs(tx.conn, at, ring, person_id)
    return Earner(player_id, own.child, own.household_id, own.class_id, own.school_id)


def day_goal(conn: Connection, now: datetime) -> int:
    """The steps of a day's highest reward among the challenges that count now, or the rule sheet's 10,000."""
    params: list[Any] = [steps_kinds()[row.kind].read(row.params) for row in counting(conn, now)]
    return max((each.tiers[-1][0] for each in params), default=TEN_THOUSAND)


def taking_typed(conn: Connection, first_on: date, last_on: date) -> list[Taking]:
    """The challenges around some days in which steps count that were typed in."""
    rows = challenges.overlapping(conn, *rules.moments(first_on, last_on))
    kinds = steps_kinds()
    typed = [row for row in rows if row.kind in kinds and getattr(kinds[row.kind].read(row.params), "by_hand", False)]
    return [Taking(row.names, *days_of(row)) for row in typed]


def summaries(
    conn: Connection, now: datetime, person_id: UUID, walked: Callable[[tuple[date, date]], Walked]
) -> list[dict[str, Any]]:
    """The challenges that count somebody's steps now, with their points and their weeks in a row."""
    player_id = players.player_of(conn, person_id)
    return [_summary(conn, row, player_id, walked(days_of(row)), now) for row in counting(conn, now)]


def _summary(conn: Connection, row: Row[Any], player_id: UUID | None, walked: Walked, now: datetime) -> dict[str, Any]:
    kind = steps_kinds()[row.kind]
    params: Any = kind.read(row.params)
    first_on, last_on = days_of(row)
    facts = StepsFacts(row.id, str(player_id), first_on, last_on, *walked)
    return {
        "id": row.id,
        "name": row.names,
        "first_on": first_on,
        "last_on": last_on,
        "settles_until": row.settles_until,
        "settling": row.closes_at <= now,
        "tiers": [{"steps": steps, "points": points, "coins": coins} for steps, points, coins in params.tiers],
        "counted_steps": params.counted_steps,
        "points_per_thousand": params.points_per_thousand,
        "rest_days": params.rest_days,
        "week_points": params.week_points,
        "goal": params.goal,
        "points": entries.points(conn, row.id, player_id) if player_id else 0,
        "streak": kind.streak(params, facts, now.astimezone(HONG_KONG).date()),
    }
