"""Access: every route is in the table, and boards are seen by whom they are for."""

from uuid import uuid4

import pytest

from challenges_app.app import create_app
from challenges_app.people.access.rules import ROUTES, Viewer, may_enter
from challenges_app.play.boards.rules import boards_for, may_see
from challenges_app.play.standings.rules import BoardKey
from tests.builders import World

OWN, OTHER = "528781", "510530"


def viewer(**known: object) -> Viewer:
    """Somebody of whom nothing is known but what is said."""
    nothing = {"person_id": uuid4(), "child": False, "household_id": None, "class_id": None, "school_id": None}
    facts = {**nothing, "account_id": uuid4(), "teaches": frozenset(), "staff": False, "guardian": False}
    facts |= {"waiting_for_consent": False, **known}
    return Viewer(**facts)  # type: ignore[arg-type]


PUPIL, ADULT = viewer(child=True, school_id=OWN), viewer()
HOMELESS, TEACHER, STAFF = viewer(child=True), viewer(teaches=frozenset({OWN})), viewer(staff=True)


def board(subject: str, scope: str) -> BoardKey:
    """A board of the whole challenge."""
    return BoardKey("walk", "all", subject, scope)


def test_every_route_is_in_the_table_and_the_table_has_no_others(sqlite_world: World) -> None:
    routes = {rule.endpoint for rule in create_app(sqlite_world.here).url_map.iter_rules()}
    assert routes == set(ROUTES)


def test_an_unlisted_route_is_closed_even_to_those_who_are_signed_in() -> None:
    assert not may_enter("something.new", signed_in=True, plays=True)


@pytest.mark.parametrize(
    ("who", "key", "may"),
    [
        (PUPIL, board("player", OWN), True),
        (PUPIL, board("player", OTHER), False),
        (PUPIL, board("player", "city"), False),
        (HOMELESS, board("player", OWN), False),
        (HOMELESS, board("household", "city"), True),
        (TEACHER, board("player", OWN), True),
        (TEACHER, board("player", OTHER), False),
        (ADULT, board("player", "city"), True),
        (ADULT, board("player", OWN), False),
        (ADULT, board("school", "city"), True),
        (PUPIL, board("class", OWN), True),
        (PUPIL, board("class", OTHER), False),
        (TEACHER, board("class", OWN), True),
        (ADULT, board("class", OWN), False),
        (STAFF, board("player", OTHER), True),
    ],
)
def test_who_may_see_which_board(who: Viewer, key: BoardKey, may: bool) -> None:
    assert may_see(key, who) is may


@pytest.mark.parametrize("who", [PUPIL, ADULT, HOMELESS, TEACHER, STAFF])
def test_nobody_is_offered_a_board_that_they_may_not_see(who: Viewer) -> None:
    offered = boards_for("walk", "2026-W47", who)
    assert offered
    assert all(may_see(key, who) for key in offered)


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        (PUPIL, ["pupil"]),
        (TEACHER, ["teacher"]),
        (STAFF, ["staff"]),
        (ADULT, ["adult"]),
        (HOMELESS, ["child"]),
        (viewer(guardian=True), ["parent"]),
    ],
)
def test_roles_come_from_what_somebody_is(who: Viewer, roles: list[str]) -> None:
    assert who.roles == roles
