"""Decisions about boards: which are offered to somebody, who may look, and which entries are shown."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from challenges_app.people.access.rules import Viewer
from challenges_app.play.standings.rules import CITY, BoardKey
from scoring.measures import SHOWN_FROM, Measure
from scoring.seasons import WHOLE

State = Literal["running", "settling", "final"]


def state(now: datetime, closes_at: datetime, settles_until: datetime) -> State:
    """Whether a challenge's places may still change: while it runs, while late data counts, or no more."""
    return "running" if now < closes_at else "settling" if now < settles_until else "final"


def measures(subject: str) -> list[Measure]:
    """The measures by which a kind of subject may be ranked."""
    return ["total", "mean", "share"] if subject in ("class", "school") else ["total"]


def scope_shown(board: BoardKey) -> Literal["city", "school"]:
    """Among whom a board ranks, without saying which school."""
    return "city" if board.scope == CITY else "school"


def is_shown(subject: str, members: int) -> bool:
    """Whether a standing is shown: the sum of a small group would tell too much of each of its members."""
    return subject == "player" or members >= SHOWN_FROM[subject]


def has_children(board: BoardKey) -> bool:
    """Whether children stand on a board one by one, so that it leaves out those whose consent was withdrawn."""
    return board.subject == "player" and board.scope != CITY


def boards_for(challenge_id: str, week: str, viewer: Viewer) -> list[BoardKey]:
    """The boards that somebody is offered, the most personal first, each for this week and for the whole challenge."""
    schools = [] if viewer.waiting_for_consent else sorted(viewer.schools)
    city = [CITY] if not viewer.child and not viewer.school_id else []
    scopes = [("player", scope) for scope in schools + city] + [("household", CITY)]
    scopes += [("class", school) for school in schools] + [("school", CITY)]
    return [BoardKey(challenge_id, season, subject, scope) for subject, scope in scopes for season in (week, WHOLE)]


def may_see(board: BoardKey, viewer: Viewer) -> bool:
    """Whether somebody may look at a board.

    Families and schools are for everybody, classes for their school; pupils are shown inside their school only, other
    people to people of 16 up.
    A child for whom no guardian has agreed sees neither players nor classes.
    """
    if viewer.staff or board.subject in ("household", "school"):
        return True
    if viewer.waiting_for_consent:
        return False
    return not viewer.child if board.scope == CITY else board.scope in viewer.schools


def subject_of(board: BoardKey, viewer: Viewer, player_id: UUID | None) -> str | None:
    """The viewer's own subject on a board, if they could have one."""
    own: dict[str, object] = {
        "player": player_id,
        "household": viewer.household_id,
        "class": viewer.class_id,
        "school": viewer.school_id,
    }
    return str(own[board.subject]) if own[board.subject] else None


def may_know_when(board: BoardKey, viewer: Viewer) -> bool:
    """Whether somebody is told when the points of their own row were reached: for others it is when they were out."""
    return board.subject == "player" and viewer.acting is None
