"""Routes × roles × ages: every door about a person opens to whom the table says, and to nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args
from uuid import UUID, uuid4

import pytest
from werkzeug.routing import Rule

from challenges_app.app import create_app
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import ABOUT, ACTING, ROUTES, Context, Role, decide
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts.actions import open_session
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.persons.rules import turns
from tests.builders import RING
from tests.people.doors import HTTPS, Town
from tests.people.test_who_may import befriend, care

SCHOOL = "528781"
BIRTHDAY = date(2010, 12, 1)
AGES = {"15": turns(16, BIRTHDAY) - timedelta(seconds=1), "16": turns(16, BIRTHDAY)}
HIDDEN = 404


@dataclass
class Street:
    """Somebody about to turn 16, and one account in each role towards them."""

    town: Town
    person: UUID
    names: dict[str, UUID]

    def ask(self, role: str, rule: Rule, method: str, person: UUID) -> int:
        """The status with which a door answers a role, about a person."""
        client = create_app(self.town.world.here).test_client()
        session_id = new_session_id()
        now, account = self.town.clock(), self.names[role]
        self.town.world.write(lambda tx: open_session(tx, now, account, session_id, None, strong=True))
        client.set_cookie(COOKIE, session_id, domain="eplus.test", secure=True)
        _, path = rule.build({name: person if name == "person_id" else uuid4() for name in rule.arguments}) or ("", "")
        return client.open(path, method=method, base_url=HTTPS, json={}).status_code


@pytest.fixture
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The street, made anew, since doors that open change it."""
    town = Town.on(f"sqlite:///{tmp_path_factory.mktemp('routes') / 'eplus.sqlite'}")
    world = town.world
    (class_id,) = world.school(SCHOOL)
    person = world.person("self", born=BIRTHDAY)
    world.family(world.person("guardian"), person, world.person("household"))
    world.person("stranger")
    world.enrol(person, class_id)
    world.role(world.account("teacher"), "teacher", SCHOOL)
    world.role(world.account("counter"), "counter")
    care(world, person, world.person("carer"), "view-challenge")
    befriend(world, person, world.person("companion"))
    yield Street(town, person, {role: town.account(role) for role in get_args(Role)})
    world.db.close()


def about_persons(town: Town) -> list[tuple[Rule, str]]:
    """Every route that names a person, with its method."""
    rules = create_app(town.world.here).url_map.iter_rules()
    return [
        (rule, method)
        for rule in rules
        if "person_id" in rule.arguments
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_about_a_person_says_what_is_done_there(street: Street) -> None:
    routes = {rule.endpoint for rule, _ in about_persons(street.town)}
    assert routes == set(ABOUT)


def test_what_is_done_in_somebody_s_place_is_a_route_that_wants_a_sign_in() -> None:
    assert {ROUTES[endpoint] for endpoint in ACTING} <= {"signed_in", "player"}


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("role", get_args(Role))
def test_doors_about_a_person_open_to_whom_the_table_says(street: Street, role: Role, age: str) -> None:
    street.town.clock.moment = AGES[age]
    for rule, method in about_persons(street.town):
        resource, action, purpose = ABOUT[rule.endpoint]
        with street.town.world.db.reading() as conn:
            person = access.subject(conn, AGES[age], RING, street.person)
            viewer = access.viewer(conn, AGES[age], RING, street.names[role], strong=True)
        assert person is not None
        allowed = decide(viewer, None, person, resource, action, purpose, Context(strong=True))
        enters = viewer.person_id is not None or ROUTES[rule.endpoint] == "signed_in"
        status = street.ask(role, rule, method, street.person)
        if not enters:
            assert status == 403, (rule.endpoint, status)
        elif not allowed:
            assert status == HIDDEN, (rule.endpoint, status)
            assert street.ask(role, rule, method, uuid4()) == HIDDEN, rule.endpoint
        elif set(rule.arguments) == {"person_id"} and method != "DELETE":
            assert status != HIDDEN, (rule.endpoint, status)
