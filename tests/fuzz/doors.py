"""The application in this process with somebody of every role, and what each of its refusals must look like."""

import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NoReturn
from uuid import UUID, uuid4

import structlog
from apiflask import APIFlask
from sqlalchemy import select
from werkzeug.test import TestResponse

from challenges_app.app import create_app
from challenges_app.kit.db import Tx
from challenges_app.kit.http import codes
from challenges_app.kit.limits import Limits
from challenges_app.people.access.actions import viewer
from challenges_app.people.access.views import COOKIE
from challenges_app.people.accounts.actions import find, make_card, open_session
from challenges_app.people.accounts.rules import new_session_id
from challenges_app.people.accounts.tables import Session
from challenges_app.people.care_links.tables import CareLink
from challenges_app.people.carers.actions import accept, offer
from challenges_app.people.classes.actions import make_code
from challenges_app.people.consents import actions as consents
from challenges_app.people.family.actions import invite
from challenges_app.people.households import queries as households
from challenges_app.people.meeting import actions as meeting
from challenges_app.people.memberships import actions as memberships
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.schools import queries as schools
from tests.builders import CHALLENGE, LONG_AGO, MORNING, RING, World

SCHOOL = "528781"
BOARDS = [f"{CHALLENGE}:all:player:{SCHOOL}", f"{CHALLENGE}:all:school:city", f"{CHALLENGE}:all:household:city"]
# Everybody who asks: persons by when they were born, accounts without a person (a clerk leads a centre and checks
# identity cards at its counter), and nobody.
BORN = {
    "pupil": date(2017, 9, 1),
    "waiting": date(2018, 9, 1),  # a child of the same class and family, for whom nobody has agreed yet
    "guardian": date(1988, 2, 29),
    "adult": date(1990, 5, 17),
}
STRONG = ("teacher", "staff", "clerk")  # who prove a second factor when they sign in
ROLES = (*BORN, *STRONG, "nobody")


class Unlimited(Limits):
    """Limits that let everything through: thousands of requests come from one account."""

    def take(self, what: str, key: str, rate: str) -> None:
        """Count nothing."""

    def left(self, what: str, key: str, rate: str) -> None:
        """There is always something left."""


@dataclass
class Doors:
    """The application, its drops, its people by role, and what one must know to come further than the first check."""

    app: APIFlask
    world: World
    drops: list[str]
    accounts: dict[str, UUID]
    persons: dict[str, UUID]
    home: UUID
    class_id: UUID
    centre: UUID  # the clerk's
    problems: list[str]  # what broke behind the door, as it was logged

    def open(self, role: str, method: str, path: str, **more: Any) -> TestResponse:
        """One request by somebody; headers may be given as pairs."""
        headers = [*more.pop("headers", []), *self.identity(role).items()]
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **more)

    def identity(self, role: str) -> dict[str, str]:
        """A header of somebody who has just signed in; what requests before have changed is as it was."""
        session_id = new_session_id()

        def work(tx: Tx) -> None:
            self._as_before(tx)
            if role != "nobody":
                open_session(tx, MORNING, self.accounts[role], session_id, None, strong=role in STRONG)

        self.world.write(work)
        return {} if role == "nobody" else {"Cookie": f"{COOKIE}={session_id}"}

    def _as_before(self, tx: Tx) -> None:
        consents.give(tx, MORNING, self.persons["pupil"], "play", None)
        consents.withdraw(tx, MORNING, self.persons["waiting"], "play")
        for role in ("guardian", "pupil", "waiting"):
            held = "guardian" if role == "guardian" else "member"
            row = {"person_id": self.persons[role], "household_id": self.home, "role": held, "since": LONG_AGO}
            households.add_member(tx, row)
        for role in ("pupil", "waiting"):
            row = {"person_id": self.persons[role], "class_id": self.class_id, "since": LONG_AGO, "until": None}
            schools.add_enrolment(tx, row)

    @cached_property
    def known(self) -> dict[str, list[Any]]:
        """Right values of fields and of parts of addresses, by name."""
        card, invited, opened = self.world.write(self._codes)
        offered = self.world.write(self._care)
        wanted = self.world.write(
            lambda tx: memberships.new_invite(tx, MORNING, RING, self.centre, "booth", self.accounts["clerk"])
        )
        shown = self.world.write(lambda tx: meeting.make_code(tx, MORNING, RING, self.persons["guardian"]))
        for role in ROLES:
            self.identity(role)
        with self.world.db.reading() as conn:
            devices = list(conn.execute(select(Session.id)).scalars())
            links = list(conn.execute(select(CareLink.id)).scalars())
        return {
            "person_id": [str(each) for each in self.persons.values()],
            "carer_id": [str(each) for each in self.persons.values()],
            "link_id": [str(each) for each in links],
            "offer_id": [offered["id"]],
            "person_ids": [[str(self.persons["pupil"])], [str(each) for each in self.persons.values()], None],
            "class_id": [str(self.class_id)],
            "device_id": [str(each) for each in devices],
            "invite_id": [invited["id"], wanted["id"]],
            "organisation_id": [str(self.centre)],
            "member": [memberships.member_code(RING, self.centre, self.accounts["clerk"])],
            "companion_id": [str(each) for each in self.persons.values()],
            "code": [card, *(each["code"] for each in (invited, opened, offered, wanted)), shown],
            "school_id": [SCHOOL, None],
            "board_id": BOARDS,
            "park_id": ["hong-kong-park"],
            "drop_id": self.drops,
            "on": ["2026-11-20"],
            "month": ["2026-11"],
            "until": ["2026-12-01"],
            "born_on": ["2016-07-07", "1990-05-17"],
            "name": [*ROLES, "new.name", "new@example.hk", "5B"],
            "email": ["new@example.hk"],
            "instead": ["three blue bulbuls"],
        }

    def known_to(self, role: str) -> dict[str, list[Any]]:
        """What somebody knows: the same as others, and the own password."""
        return {**self.known, "password": [role * 2]}

    def _codes(self, tx: Tx) -> tuple[str, dict[str, Any], dict[str, Any]]:
        guardian, teacher = (viewer(tx.conn, MORNING, RING, self.accounts[role]) for role in ("guardian", "teacher"))
        until = MORNING.date() + timedelta(days=30)
        return (
            make_card(tx, MORNING, self.accounts["pupil"]),
            invite(tx, MORNING, RING, guardian, "member"),
            make_code(tx, MORNING, RING, teacher, self.class_id, until),
        )

    def _care(self, tx: Tx) -> dict[str, Any]:
        """The adult looks after the pupil; answers an offer that nobody has taken up."""
        guardian, adult = (viewer(tx.conn, MORNING, RING, self.accounts[role]) for role in ("guardian", "adult"))
        for whose in (self.persons["pupil"], None):
            made = offer(tx, MORNING, RING, guardian, whose, "friend", ["manage-challenge"], None)
            if whose:
                accept(tx, MORNING, RING, adult, made["code"])
        return made

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
    """A small city on a database, somebody of every role, a few of its drops taken."""
    world = World.on(url)
    (class_id,) = world.school(SCHOOL)
    people = {role: world.person(role, born, consent=role != "waiting") for role, born in BORN.items()}
    home = world.family(people["guardian"], people["pupil"], people["waiting"])
    world.role(world.account("teacher"), "teacher", SCHOOL)
    world.role(world.account("staff"), "staff")
    centre = _lead_a_centre(world, world.account("clerk"))
    drops = [world.drop(), world.drop(stock=1)]
    for _ in range(6):
        world.take(world.player(child=True, school_id=SCHOOL), drops[0])
    world.carry()
    with world.db.reading() as conn:
        accounts = {role: find(conn, RING, role).id for role in ROLES if role != "nobody"}
    app = create_app(replace(world.here, limits=Unlimited(None)))
    with _listening() as problems:
        yield Doors(app, world, [str(drop) for drop in drops], accounts, people, home, class_id, centre, problems)
    world.db.close()


def _lead_a_centre(world: World, account_id: UUID) -> UUID:
    """Make somebody a centre's admin who checks identity cards there; answers the centre."""
    centre = uuid4()

    def make(tx: Tx) -> None:
        organisations.add_organisation(tx, {"id": centre, "kind": "centre", "school_id": None, "name_en": "Centre"})
        for role in ("admin", "counter"):
            held = {"account_id": account_id, "organisation_id": centre, "role": role, "since": LONG_AGO, "until": None}
            organisations.add_membership(tx, held)

    world.write(make)
    return centre


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
