"""Reads boards: the page that is the same for everybody, and the reader's own place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services
from challenges_app.kit.words import Language, say_all
from challenges_app.people.access.rules import Viewer
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.consents.queries import last_withdrawal
from challenges_app.people.households import queries as households
from challenges_app.people.persons.rules import family_name
from challenges_app.people.schools import queries as schools
from challenges_app.play.boards import rules
from challenges_app.play.challenges import queries as challenges
from challenges_app.play.players.actions import faces, without_consent
from challenges_app.play.players.queries import player_of
from challenges_app.play.standings import queries
from challenges_app.play.standings.rules import CITY, BoardKey
from scoring import measures
from scoring.kinds import kinds
from scoring.measures import Measure
from scoring.places import Entry, Placed, around, may_count, next_above, rank, top
from scoring.seasons import WHOLE

UNKNOWN = refusal("board.unknown", 404)

TOP = 10


@dataclass(frozen=True, slots=True)
class Ranking:
    """A board at one revision by one measure: all shown entries in order, and where each stands."""

    rev: int
    withdrawn_at: datetime | None  # the last withdrawal of a consent that was known
    goal: int
    placed: Sequence[Placed]
    at: Mapping[str, int]
    points: Mapping[str, int]


def page(here: Services, viewer: Viewer, board_id: str, measure: Measure) -> dict[str, Any]:
    """The first ten of a board; raises `board.unknown`, also for a board that the viewer may not see."""
    key = _allowed(viewer, board_id, measure)
    with here.db.reading() as conn:
        ranking = _ranking(here, conn, key, measure)
        return {
            "board": _head(conn, here.now(), key, ranking, measure),
            "top": _lines(here, conn, viewer, key, ranking, top(ranking.placed, TOP), None),
        }


def my_place(here: Services, viewer: Viewer, board_id: str, measure: Measure) -> dict[str, Any]:
    """The viewer's place with its neighbours; raises `board.unknown`."""
    key = _allowed(viewer, board_id, measure)
    with here.db.reading() as conn:
        ranking = _ranking(here, conn, key, measure)
        player = player_of(conn, viewer.person_id) if viewer.person_id else None
        subject = rules.subject_of(key, viewer, player)
        at = ranking.at.get(subject) if subject else None
        head = _head(conn, here.now(), key, ranking, measure)
        if at is None:
            nothing: dict[str, Any] = {"mine": None, "reached_at": None, "around": [], "to_next": None}
            return {"board": head, **nothing, "members": len(ranking.placed)}
        lines = _lines(here, conn, viewer, key, ranking, around(ranking.placed, at), subject)
        better = next_above(ranking.placed, at)
        return {
            "board": head,
            "mine": next(line for line in lines if line["me"]),
            "reached_at": ranking.placed[at].entry.reached_at if rules.may_know_when(key, viewer) else None,
            "around": lines,
            "to_next": {"place": better.place, "value": better.entry.value - ranking.placed[at].entry.value}
            if better
            else None,
            "members": len(ranking.placed) if may_count(ranking.placed, at) else None,
        }


def revision(conn: Connection, viewer: Viewer, board_id: str) -> int:
    """The revision at which a board stands, 0 before its first event; raises `board.unknown` as reading it would."""
    row = queries.board(conn, _allowed(viewer, board_id, "total").id)
    return row.rev if row else 0


def _allowed(viewer: Viewer, board_id: str, measure: Measure) -> BoardKey:
    key = BoardKey.read(board_id)
    if key is None or not rules.may_see(key, viewer) or measure not in rules.measures(key.subject):
        raise UNKNOWN()
    return key


def _ranking(here: Services, conn: Connection, key: BoardKey, measure: Measure) -> Ranking:
    row = queries.board(conn, key.id)
    if row is None:
        return Ranking(0, None, _goal(conn, key), [], {}, {})
    now = here.now()
    # Enrolments change without a revision, so what is kept is good for a day at most.
    which = (key.id, measure, now.date())
    held = here.memo.get(which)
    withdrawn_at = last_withdrawal(conn) if rules.has_children(key) else None
    if isinstance(held, Ranking) and (held.rev, held.withdrawn_at) == (row.rev, withdrawn_at):
        return held
    ranking = _rank(here, conn, key, measure, row, withdrawn_at)
    here.memo.keep(which, ranking)
    return ranking


def _rank(
    here: Services, conn: Connection, key: BoardKey, measure: Measure, board: Row[Any], withdrawn_at: datetime | None
) -> Ranking:
    now = here.now()
    enrolled = _enrolled(conn, now, key)
    rows = queries.standings(conn, key.id)
    hidden = _without_consent(here, conn, now, (row.subject for row in rows)) if rules.has_children(key) else set()
    shown = [row for row in rows if rules.is_shown(key.subject, row.members) and row.subject not in hidden]
    placed = rank(
        Entry(
            row.subject, measures.value(measure, row.points, row.reached, enrolled.get(row.subject, 0)), row.reached_at
        )
        for row in shown
    )
    return Ranking(
        rev=board.rev,
        withdrawn_at=withdrawn_at,
        goal=board.goal,
        placed=placed,
        at={each.entry.subject: at for at, each in enumerate(placed)},
        points={row.subject: row.points for row in shown},
    )


def _enrolled(conn: Connection, now: datetime, key: BoardKey) -> dict[str, int]:
    """How many pupils each class or school of a board has here, by which its averages and shares are divided."""
    if key.subject == "class":
        return {str(class_id): count for class_id, count in schools.enrolled_in_classes(conn, key.scope, now).items()}
    return schools.enrolled(conn, now) if key.subject == "school" else {}


def _without_consent(here: Services, conn: Connection, now: datetime, subjects: Iterable[str]) -> set[str]:
    players = [UUID(each) for each in subjects]
    return {str(each) for each in without_consent(conn, now, here.ring, players)}


def _challenge(conn: Connection, key: BoardKey) -> Row[Any]:
    row = challenges.challenge(conn, key.challenge_id)
    if row is None:
        raise UNKNOWN()
    return row


def _goal(conn: Connection, key: BoardKey) -> int:
    row = _challenge(conn, key)
    params = kinds()[row.kind].read(row.params)
    return params.goal if key.season == WHOLE else params.week_goal


def _head(conn: Connection, now: datetime, key: BoardKey, ranking: Ranking, measure: Measure) -> dict[str, Any]:
    challenge = _challenge(conn, key)
    return {
        "id": key.id,
        "subject": key.subject,
        "scope": rules.scope_shown(key),
        "season": key.season,
        "rev": ranking.rev,
        "measure": measure,
        "goal": ranking.goal,
        "state": rules.state(now, challenge.closes_at, challenge.settles_until),
        "settles_until": challenge.settles_until,
    }


def _lines(
    here: Services,
    conn: Connection,
    viewer: Viewer,
    key: BoardKey,
    ranking: Ranking,
    placed: Sequence[Placed],
    mine: str | None,
) -> list[dict[str, Any]]:
    nobody = (say_all("nickname.left"), None)  # a family or school that is no more
    names = _names(here, conn, _hidden(conn, viewer, key), key.subject, [each.entry.subject for each in placed])
    return [
        {
            "subject": each.entry.subject,
            "place": each.place,
            "tied": each.tied,
            "name": names.get(each.entry.subject, nobody)[0],
            "avatar": names.get(each.entry.subject, nobody)[1],
            "value": each.entry.value,
            "points": ranking.points[each.entry.subject],
            "me": each.entry.subject == mine,
        }
        for each in placed
    ]


def _hidden(conn: Connection, viewer: Viewer, key: BoardKey) -> set[UUID]:
    """The persons who are not to be seen at their school by whoever looks, for themselves or in another's place."""
    looks = viewer.acting or viewer.person_id
    return care_links.hidden_by(conn, looks) if looks and key.subject == "player" and key.scope != CITY else set()


def _names(
    here: Services, conn: Connection, hidden: set[UUID], kind: str, subjects: Iterable[str]
) -> dict[str, tuple[Mapping[Language, str], str | None]]:
    if kind == "school":
        return {school: (name, None) for school, name in schools.names(conn, subjects).items()}
    ids = [UUID(each) for each in subjects]
    if kind == "class":
        return {str(each): (say_all("class", name=name), None) for each, name in schools.class_names(conn, ids).items()}
    if kind == "household":
        return {str(home): (family_name(*words), words[1]) for home, words in households.names(conn, ids).items()}
    shown = faces(conn, here.now(), here.ring, ids, hidden)
    return {str(player): (face.name, face.avatar) for player, face in shown.items()}
