"""The application in this process with somebody of every role, and what each of its refusals must look like."""

import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NoReturn
from uuid import UUID

import structlog
from apiflask import APIFlask
from werkzeug.test import TestResponse

from challenges_app.app import create_app
from challenges_app.kit.http import codes
from challenges_app.kit.limits import Limits
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts.actions import open_session
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.consents.actions import give
from challenges_app.people.persons.actions import add_person
from tests.builders import CHALLENGE, FACE, MORNING, RING, World

SCHOOL = "528781"
BOARDS = [f"{CHALLENGE}:all:player:{SCHOOL}", f"{CHALLENGE}:all:school:city", f"{CHALLENGE}:all:household:city"]
BORN = {"pupil": date(2017, 9, 1), "adult": date(1990, 5, 17)}
ROLES = ("pupil", "teacher", "staff", "adult", "nobody")


class Unlimited(Limits):
    """Limits that let everything through: thousands of requests come from one account."""

    def take(self, what: str, key: str, rate: str) -> None:
        """Count nothing."""


@dataclass
class Doors:
    """The application, its drops, and the accounts of its people by role."""

    app: APIFlask
    world: World
    drops: list[str]
    accounts: dict[str, UUID]
    problems: list[str]  # what broke behind the door, as it was logged

    def open(self, role: str, method: str, path: str, **more: Any) -> TestResponse:
        """One request by somebody; headers may be given as pairs."""
        headers = [*more.pop("headers", []), *self.identity(role).items()]
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **more)

    def identity(self, role: str) -> dict[str, str]:
        """A header of somebody who has just signed in, since a request made before may have signed them out."""
        if role == "nobody":
            return {}
        session_id, account_id = new_session_id(), self.accounts[role]
        self.world.write(lambda tx: open_session(tx, MORNING, account_id, session_id, None))
        return {"Cookie": f"{COOKIE}={session_id}"}

    @cached_property
    def documented(self) -> dict[tuple[str, str], set[int]]:
        """The statuses that the description of the API names, by method and path."""
        paths = self.app.test_client().get("/api/openapi.json").get_json()["paths"]
        return {
            (verb.upper(), path): {int(status) for status in route["responses"]}
            for path, verbs in paths.items()
            for verb, route in verbs.items()
        }


@contextmanager
def doors(url: str) -> Iterator[Doors]:
    """A small city on a database, one person of every role signed in, a few of its drops taken."""
    world = World.on(url)
    (class_id,) = world.school(SCHOOL)
    people = {role: world.account(role) for role in ROLES[:-1]}
    pupil, adult = (_person(world, people[role], born) for role, born in BORN.items())
    world.enrol(pupil, class_id)
    world.family(adult, pupil)
    world.role(people["teacher"], "teacher", SCHOOL)
    world.role(people["staff"], "staff")
    drops = [world.drop(), world.drop(stock=1)]
    for _ in range(6):
        world.take(world.player(child=True, school_id=SCHOOL), drops[0])
    world.carry()
    app = create_app(replace(world.here, limits=Unlimited(None)))
    with _listening() as problems:
        yield Doors(app, world, [str(drop) for drop in drops], people, problems)
    world.db.close()


def _person(world: World, account_id: UUID, born: date) -> UUID:
    person_id = world.write(lambda tx: add_person(tx, MORNING, RING, account_id, FACE, born))
    world.write(lambda tx: give(tx, MORNING, person_id, "play", None))
    return person_id


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Keep what is logged of failures, and print nothing."""
    problems: list[str] = []

    def keep(_logger: object, method: str, event: MutableMapping[str, Any]) -> NoReturn:
        if method == "error":
            problems.append(repr(dict(event)))
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    try:
        yield problems
    finally:
        structlog.reset_defaults()


KNOWN = frozenset(codes())


def assert_refusal_shape(content: bytes) -> None:
    """`{"error": {"code", "message", "details"?}}` as strict JSON, with a code that is known and a text to read."""
    body = json.loads(content, parse_constant=_no_json)
    assert list(body) == ["error"]
    assert set(body["error"]) <= {"code", "message", "details"}
    assert body["error"]["code"] in KNOWN
    assert body["error"]["message"].strip()
    assert isinstance(body["error"].get("details", {}), dict)


def _no_json(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON to a browser")


def assert_answered(opened: Doors, answer: TestResponse) -> None:
    """Nothing broke, and what was refused was refused in the one shape."""
    assert answer.status_code < 500, f"{answer.status_code}: {answer.get_data()[:200]!r}\n{opened.problems[-1:]}"
    if answer.status_code >= 400:
        assert answer.mimetype == "application/json", answer.get_data()[:200]
        assert_refusal_shape(answer.get_data())
