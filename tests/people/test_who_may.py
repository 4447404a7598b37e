"""Who may do what for whom: role × resource × action × purpose × age, lists by the same table, and acting."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from challenges_app.kit.upsert import insert_row
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import (
    MAY,
    Action,
    Context,
    Purpose,
    Resource,
    Role,
    decide,
    roles_for,
)
from challenges_app.people.accounts.actions import find
from challenges_app.people.care_links.tables import CareLink, Safety
from challenges_app.people.companions.tables import Companion
from challenges_app.people.persons.rules import is_child, turns
from challenges_app.people.persons.tables import Person
from tests.builders import LONG_AGO, MORNING, RING, World
from tests.people.doors import HTTPS, Browser, Town, code

SCHOOL = "528781"
TEN = date(2016, 7, 7)
BIRTHDAY = date(2010, 12, 1)  # turns 16 in ten days
SIXTEEN = turns(16, BIRTHDAY)

# Written out by hand, beside the table that the product uses: until when the role allows it.
ALLOWED: dict[tuple[Role, Resource, Action, Purpose], str] = {
    ("self", "face", "read", "personal"): "both",
    ("self", "school", "read", "personal"): "both",
    ("self", "enrolment", "change", "personal"): "both",
    ("self", "household", "change", "personal"): "16",
    ("self", "play", "read", "personal"): "both",
    ("self", "play", "change", "personal"): "both",
    ("self", "companion", "read", "personal"): "both",
    ("self", "companion", "change", "personal"): "16",
    ("self", "care_link", "read", "personal"): "both",
    ("self", "care_link", "change", "personal"): "16",
    ("self", "identity", "change", "personal"): "16",
    ("self", "data", "read", "personal"): "16",
    ("self", "data", "change", "personal"): "16",
    ("guardian", "face", "read", "personal"): "both",
    ("guardian", "face", "change", "personal"): "15",
    ("guardian", "school", "read", "personal"): "15",
    ("guardian", "consent", "change", "personal"): "15",
    ("guardian", "card", "change", "personal"): "15",
    ("guardian", "enrolment", "change", "personal"): "15",
    ("guardian", "household", "change", "personal"): "both",
    ("guardian", "play", "read", "personal"): "15",
    ("guardian", "play", "change", "personal"): "15",
    ("guardian", "companion", "read", "personal"): "15",
    ("guardian", "companion", "change", "personal"): "15",
    ("guardian", "care_link", "read", "personal"): "15",
    ("guardian", "care_link", "change", "personal"): "15",
    ("guardian", "data", "read", "personal"): "15",
    ("guardian", "data", "change", "personal"): "15",
    ("household", "face", "read", "personal"): "both",
    ("carer", "face", "read", "personal"): "15",  # the guardian's link ends at the birthday
    ("carer", "school", "read", "personal"): "15",
    ("carer", "play", "read", "personal"): "15",
    ("companion", "face", "read", "personal"): "both",
    ("teacher", "face", "read", "school"): "both",
    ("teacher", "school", "read", "school"): "both",
    ("teacher", "roster", "read", "school"): "both",
    ("teacher", "roster", "change", "school"): "both",
    ("teacher", "reading", "read", "school"): "both",
    ("teacher", "reading", "change", "school"): "both",
    ("teacher", "card", "change", "school"): "15",
    ("counter", "identity", "change", "counter"): "16",
}
STRONG = Context(strong=True)


def care(
    world: World, person: UUID, carer: UUID, *scopes: str, since: datetime = LONG_AGO, state: str = "active"
) -> None:
    """Let somebody look after a person."""
    row = {"id": uuid4(), "person_id": person, "carer_id": carer, "kind": "family", "scopes": list(scopes)}
    row |= {"state": state, "evidence": "both-sides", "since": since, "until": None, "ended_at": None, "used_at": None}
    world.write(lambda tx: insert_row(tx, CareLink, row))


def befriend(world: World, one: UUID, other: UUID, *, agreed: bool = True) -> None:
    """Make two persons companions, on both sides or on one."""
    both = {"met_at": MORNING, "agreed_by": None}
    for person, companion, at in ((one, other, MORNING), (other, one, MORNING if agreed else None)):
        row = {"person_id": person, "companion_id": companion, "agreed_at": at, **both}
        world.write(lambda tx, row=row: insert_row(tx, Companion, row))  # type: ignore[misc]


def hide(world: World, person: UUID, carer: UUID) -> None:
    """Turn the safety switch on."""
    row = {"person_id": person, "carer_id": carer, "set_by": None, "since": LONG_AGO}
    world.write(lambda tx: insert_row(tx, Safety, row))


@dataclass
class Street:
    """Somebody who turns 16 on their birthday, and the accounts of all who stand to them in some role."""

    world: World
    person: UUID
    accounts: dict[str, UUID]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The street."""
    world = World.on(f"sqlite:///{tmp_path_factory.mktemp('street') / 'eplus.sqlite'}")
    (own,), (other,) = world.school(SCHOOL), world.school("510530")
    person = world.person("self", born=BIRTHDAY)
    world.family(world.person("guardian"), person, world.person("household"))
    world.family(world.person("stranger"), world.person(born=TEN))
    world.enrol(person, own)
    world.enrol(world.person(born=TEN), other)
    world.role(world.account("teacher"), "teacher", SCHOOL)
    world.role(world.account("counter"), "counter")
    care(world, person, world.person("carer"), "view-challenge")
    befriend(world, person, world.person("companion"))
    befriend(world, person, world.person(), agreed=False)
    with world.db.reading() as conn:
        accounts = {each: find(conn, RING, each).id for each in get_args(Role)}
    yield Street(world, person, accounts)
    world.db.close()


def at_age(age: str) -> datetime:
    """The last second at 15, or the first at 16."""
    return SIXTEEN - timedelta(seconds=1) if age == "15" else SIXTEEN


@pytest.mark.parametrize("age", ["15", "16"])
@pytest.mark.parametrize("role", get_args(Role))
def test_who_may_do_what_for_whom(street: Street, role: Role, age: str) -> None:
    now = at_age(age)
    assert is_child(BIRTHDAY, now) is (age == "15")
    with street.world.db.reading() as conn:
        person = access.subject(conn, now, RING, street.person)
        viewer = access.viewer(conn, now, RING, street.accounts[role], strong=True)
    assert person is not None
    assert (role in roles_for(viewer, person)) is not (role == "carer" and age == "16")
    for resource, action, purpose in product(get_args(Resource), get_args(Action), get_args(Purpose)):
        # A guardian is of the household too, so that the role is named here.
        allowed = decide(viewer, role, person, resource, action, purpose, STRONG)
        expected = ALLOWED.get((role, resource, action, purpose)) in (age, "both")
        assert allowed is expected, (resource, action, purpose)


def test_the_table_says_nothing_that_is_not_tried() -> None:
    tried = {(role, resource, action) for role, resource, action, _ in ALLOWED}
    assert tried == set(MAY) - {("carer", "play", "change")}  # wants a scope that this carer does not have


@pytest.mark.parametrize("age", ["15", "16"])
@pytest.mark.parametrize("role", get_args(Role))
def test_a_list_shows_whom_the_table_allows_and_nobody_else(street: Street, role: Role, age: str) -> None:
    now = at_age(age)
    with street.world.db.reading() as conn:
        viewer = access.viewer(conn, now, RING, street.accounts[role])
        everybody = access.subjects(conn, now, RING, everyone(conn))
        for resource, action, purpose in product(get_args(Resource), get_args(Action), get_args(Purpose)):
            listed = {each.person_id for each in access.people_for(conn, now, RING, viewer, resource, action, purpose)}
            allowed = {
                each for each, person in everybody.items() if decide(viewer, None, person, resource, action, purpose)
            }
            assert listed == allowed, (resource, action, purpose)


def everyone(conn: Connection) -> list[UUID]:
    """All persons there are."""
    return list(conn.execute(select(Person.id)).scalars())


def test_a_counter_changes_nothing_without_a_second_factor(street: Street) -> None:
    with street.world.db.reading() as conn:
        person = access.subject(conn, SIXTEEN, RING, street.person)
        viewer = access.viewer(conn, SIXTEEN, RING, street.accounts["counter"])
    assert person is not None
    assert not decide(viewer, None, person, "identity", "change", "counter", Context(strong=False))


def test_a_teacher_does_not_come_in_by_the_family_s_door(street: Street) -> None:
    with street.world.db.reading() as conn:
        person = access.subject(conn, MORNING, RING, street.person)
        viewer = access.viewer(conn, MORNING, RING, street.accounts["teacher"])
    assert person is not None
    assert not decide(viewer, None, person, "card", "change", "personal")


def test_nobody_is_the_guardian_of_themselves_nor_of_another_guardian(sqlite_world: World) -> None:
    lam, ho = sqlite_world.person("lam"), sqlite_world.person("ho")
    sqlite_world.family(lam, ho)
    with sqlite_world.db.reading() as conn:
        own, other = (access.subject(conn, MORNING, RING, each) for each in (lam, ho))
        me = access.viewer(conn, MORNING, RING, find(conn, RING, "lam").id)
    assert own is not None
    assert other is not None
    assert roles_for(me, own) == {"self"}
    assert roles_for(me, other) == {"household", "guardian"}
    assert roles_for(me, replace(other, guardian=True)) == {"household"}


def test_staff_count_as_staff_only_where_a_second_factor_was_proved(sqlite_world: World) -> None:
    account = sqlite_world.account("dh")
    sqlite_world.role(account, "staff")
    with sqlite_world.db.reading() as conn:
        weak = access.viewer(conn, MORNING, RING, account)
        strong = access.viewer(conn, MORNING, RING, account, strong=True)
    assert (weak.staff, weak.needs_factor) == (False, True)
    assert (strong.staff, strong.needs_factor) == (True, False)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A town with mei, ten, her mother chan, her uncle lam, and somebody else, ho."""
    town = Town.on(database_url)
    (class_id,) = town.world.school(SCHOOL)
    mei = town.world.person("mei", born=TEN)
    town.world.enrol(mei, class_id)
    town.world.family(town.world.person("chan"), mei)
    for name in ("lam", "ho"):
        town.world.person(name)
    yield town
    town.world.db.close()


def acting(browser: Browser, person: UUID | str, method: str, path: str) -> tuple[int, Any]:
    """A request in somebody's place."""
    headers = {"X-Acting-For": str(person), "Accept-Language": "en"}
    answer = browser.client.open(path, method=method, headers=headers, base_url=HTTPS)
    return answer.status_code, answer.get_json(silent=True)


def test_a_guardian_sees_today_as_the_child_sees_it(town: Town) -> None:
    status, seen = acting(town.signed_in("chan"), town.person("mei"), "GET", "/api/today")
    assert status == 200
    assert seen == town.signed_in("mei").get("/api/today")[1]


def test_whoever_acts_is_not_told_in_which_park_a_child_was_today(town: Town) -> None:
    world, mei = town.world, town.person("mei")
    drop = world.drop()
    world.take(world.player(mei, child=True, school_id=SCHOOL), drop)
    world.carry()
    own = town.signed_in("mei").get("/api/today")[1]
    assert [(park["drops"], park["drops_mine"]) for park in own["parks"]] == [(1, 1)]
    status, seen = acting(town.signed_in("chan"), mei, "GET", "/api/today")
    assert (status, seen["points"], seen["captured_today"]) == (200, own["points"], 1)
    assert [park["drops_mine"] for park in seen["parks"]] == [0]
    _, park = acting(town.signed_in("chan"), mei, "GET", "/api/parks/hong-kong-park")
    assert [each["mine"] for each in park["drops"]] == [False]


def test_a_carer_sees_what_the_link_goes_as_far_as(town: Town) -> None:
    mei, lam = town.person("mei"), town.signed_in("lam")
    assert code(acting(lam, mei, "GET", "/api/today")) == "person.unknown"
    care(town.world, mei, town.person("lam"), "view-challenge")
    assert acting(lam, mei, "GET", "/api/today")[0] == 200
    assert code(acting(lam, mei, "POST", "/api/steps/files")) == "person.unknown"


@pytest.mark.parametrize("person", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_acting_for_somebody_who_is_not_there_and_one_who_is_not_mine_sound_alike(town: Town, person: str) -> None:
    ho = town.signed_in("ho")
    assert acting(ho, person, "GET", "/api/today") == acting(ho, town.person("mei"), "GET", "/api/today")


def test_what_is_not_listed_cannot_be_done_in_somebody_s_place(town: Town) -> None:
    chan = town.signed_in("chan")
    for method, path in (("PUT", "/api/profile/face"), ("GET", "/api/profile"), ("GET", "/api/family")):
        assert code(acting(chan, town.person("mei"), method, path)) == "access.acting"


def test_the_safety_switch_hides_the_school_from_a_carer(town: Town) -> None:
    mei, lam = town.person("mei"), town.person("lam")
    care(town.world, mei, lam, "view-challenge")
    seen = acting(town.signed_in("lam"), mei, "GET", "/api/today")[1]
    assert SCHOOL in str(seen)
    hide(town.world, mei, lam)
    status, seen = acting(town.signed_in("lam"), mei, "GET", "/api/today")
    assert status == 200
    assert SCHOOL not in str(seen)


def test_a_link_that_ended_or_has_not_begun_opens_nothing(town: Town) -> None:
    mei, ho = town.person("mei"), town.person("ho")
    care(town.world, mei, ho, "view-challenge", state="ended")
    care(town.world, mei, ho, "view-challenge", since=datetime(2027, 1, 1, tzinfo=UTC))
    assert code(acting(town.signed_in("ho"), mei, "GET", "/api/today")) == "person.unknown"


def test_a_guardian_from_whom_the_switch_hides_sees_no_school_makes_no_card_and_takes_no_copy(street: Street) -> None:
    now = at_age("15")
    with street.world.db.reading() as conn:
        person = access.subject(conn, now, RING, street.person)
        viewer = access.viewer(conn, now, RING, street.accounts["guardian"])
    assert person is not None
    assert viewer.person_id is not None
    hidden = replace(person, hidden_from=frozenset({viewer.person_id}))
    lost = {
        (resource, action)
        for resource, action in product(get_args(Resource), get_args(Action))
        if decide(viewer, None, person, resource, action) and not decide(viewer, None, hidden, resource, action)
    }
    assert lost == {("school", "read"), ("card", "change"), ("data", "read")}
