"""What is known of whoever asks, and how they are introduced to themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.engine import Connection, Row

from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language
from challenges_app.people.access.rules import (
    WEAK,
    Action,
    Context,
    Purpose,
    Resource,
    Role,
    Subject,
    Viewer,
    decide,
    roles_with,
)
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.care_links.rules import Scope, holds
from challenges_app.people.companions import actions as met
from challenges_app.people.companions import queries as companions
from challenges_app.people.consents import actions as consents
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.households import queries as households
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.organisations.rules import NEED_SECOND_FACTOR
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import family_name, is_child, nickname
from challenges_app.people.schools import queries as schools

UNKNOWN = refusal("person.unknown", 404)


def viewer(conn: Connection, now: datetime, ring: KeyRing, account_id: UUID, *, strong: bool = False) -> Viewer:
    """Everything that decides what an account may see, as it stands at a moment.

    `strong` when a second factor was proved on the device: without it some roles do not count.
    """
    person = person_rows.person_of(conn, account_id)
    home = households.household_of(conn, person.id) if person else None
    every = organisations.memberships(conn, account_id, now)
    held = [each for each in every if strong or each.role not in NEED_SECOND_FACTOR]
    own = belongs(conn, now, ring, person.id) if person else Belongs(False, None, None, None)
    return Viewer(
        account_id=account_id,
        person_id=person.id if person else None,
        child=own.child,
        household_id=own.household_id,
        class_id=own.class_id,
        school_id=own.school_id,
        teaches=frozenset(each.school_id for each in held if each.role == "teacher" and each.school_id),
        staff=any(each.role == "staff" for each in held),
        guardian=home is not None and home.role == "guardian",
        waiting_for_consent=person is not None and own.child and not consents.given(conn, person.id, "play"),
        held=frozenset(each.role for each in held),
        needs_factor=len(held) < len(every),
    )


def acting_for(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, resource: Resource, action: Action
) -> Viewer:
    """The viewer that somebody is while acting for a person; raises `person.unknown` where they may not.

    It has the person's own family, class and boards, and none of the roles of whoever acts.
    """
    person = require(conn, now, ring, me, resource, action, person_id)
    hidden = not decide(me, None, person, "school", "read")
    own = belongs(conn, now, ring, person_id)
    return Viewer(
        account_id=me.account_id,
        person_id=person_id,
        child=own.child,
        household_id=own.household_id,
        class_id=None if hidden else own.class_id,
        school_id=None if hidden else own.school_id,
        teaches=frozenset(),
        staff=False,
        guardian=False,
        waiting_for_consent=waits_for_consent(conn, now, ring, person_id),
        acting=me.person_id,
    )


def subject(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID) -> Subject | None:
    """What decides what others may do for a person; None for somebody who is not there."""
    return subjects(conn, now, ring, [person_id]).get(person_id)


def subjects(conn: Connection, now: datetime, ring: KeyRing, person_ids: Iterable[UUID]) -> dict[UUID, Subject]:
    """What decides what others may do for persons, by person; those who are not there are missing."""
    born = persons.born_on_of(conn, ring, person_ids)
    homes = households.households_of(conn, born)
    classes = schools.classes_of(conn, born, now)
    carers: dict[UUID, dict[UUID, frozenset[Scope]]] = {}
    for link in care_links.active(conn, born):
        if holds(link.since, link.until, born[link.person_id], now):
            carers.setdefault(link.person_id, {})[link.carer_id] = frozenset(link.scopes)
    friends, hidden = _grouped(met.pairs(conn, born)), _grouped(care_links.hidden_from(conn, born))
    return {
        each: Subject(
            person_id=each,
            child=is_child(born_on, now),
            household_id=homes[each].household_id if each in homes else None,
            guardian=each in homes and homes[each].role == "guardian",
            school_id=classes[each].school_id if each in classes else None,
            carers=carers.get(each, {}),
            companions=frozenset(friends.get(each, ())),
            hidden_from=frozenset(hidden.get(each, ())),
        )
        for each, born_on in born.items()
    }


def people_for(
    conn: Connection,
    now: datetime,
    ring: KeyRing,
    me: Viewer,
    resource: Resource,
    action: Action,
    purpose: Purpose = "personal",
) -> list[Subject]:
    """Everybody for whom somebody may see or change something, by the same table that decides for one of them.

    SQL finds those to whom a role of the table leads; how old they are is sealed, so that it is decided afterwards.
    """
    found = person_rows.among(conn, _led_to(now, me, roles_with(resource, action, purpose)))
    known = subjects(conn, now, ring, found)
    return [known[each] for each in found if each in known and decide(me, None, known[each], resource, action, purpose)]


def _led_to(now: datetime, me: Viewer, roles: frozenset[Role]) -> list[Select[UUID]]:
    """The persons to whom roles lead from somebody; at a counter a code leads there, so that none is listed."""
    selects: list[Select[UUID]] = []
    if me.person_id and "self" in roles:
        selects.append(person_rows.itself(me.person_id))
    if me.household_id and roles & {"guardian", "household"}:
        selects.append(households.member_ids(me.household_id))
    if me.person_id and "carer" in roles:
        selects.append(care_links.cared_for(me.person_id, now))
    if me.person_id and "companion" in roles:
        selects.append(companions.companions_of(me.person_id))
    if me.teaches and "teacher" in roles:
        selects.append(schools.pupil_ids(me.teaches, now))
    return selects


def _grouped(pairs: Iterable[Row[UUID, UUID] | tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return found


def require(
    conn: Connection,
    now: datetime,
    ring: KeyRing,
    me: Viewer,
    resource: Resource,
    action: Action,
    person_id: UUID,
    purpose: Purpose = "personal",
    context: Context = WEAK,
) -> Subject:
    """The person, if somebody may do this for them; raises `person.unknown`, the same for one who is not there."""
    found = subject(conn, now, ring, person_id)
    if found is None or not decide(me, None, found, resource, action, purpose, context):
        raise UNKNOWN()
    return found


def waits_for_consent(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID) -> bool:
    """Whether somebody is a child for whom no guardian has agreed, or not any more."""
    return person_id in waiting_for_consent(conn, now, ring, [person_id])


def waiting_for_consent(conn: Connection, now: datetime, ring: KeyRing, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some persons who are children for whom no guardian has agreed, or not any more."""
    asked = set(person_ids)
    without = asked - consent_rows.holding(conn, asked, "play")
    # Few are left by now, of whom it is worth unsealing how old they are.
    return {each for each, born in persons.born_on_of(conn, ring, without).items() if is_child(born, now)}


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whether somebody is a child, and their family, class and school, at a moment."""

    child: bool
    household_id: UUID | None
    class_id: UUID | None
    school_id: str | None


def belongs(conn: Connection, at: datetime, ring: KeyRing, person_id: UUID) -> Belongs:
    """What decides on which boards a person's points stand; somebody who is gone belongs nowhere."""
    born = persons.born_on(conn, ring, person_id)
    home = households.household_of(conn, person_id)
    in_class = schools.class_of(conn, person_id, at)
    return Belongs(
        child=born is not None and is_child(born, at),
        household_id=home.id if home else None,
        class_id=in_class.id if in_class else None,
        school_id=in_class.school_id if in_class else None,
    )


@dataclass(frozen=True, slots=True)
class Introduction:
    """How somebody is shown to themselves: names in three languages, in play names only."""

    name: Mapping[Language, str] | None
    avatar: str | None
    household: Mapping[Language, str] | None
    school: Mapping[Language, str] | None
    school_class: str | None


def introduce(conn: Connection, now: datetime, who: Viewer) -> Introduction:
    """The names that a person's own screen greets them with."""
    face = person_rows.faces(conn, [who.person_id]).get(who.person_id) if who.person_id else None
    home = households.names(conn, [who.household_id]).get(who.household_id) if who.household_id else None
    in_class = schools.class_of(conn, who.person_id, now) if who.person_id else None
    school_names = schools.names(conn, who.schools)
    return Introduction(
        name=nickname(*face) if face else None,
        avatar=face[1] if face else None,
        household=family_name(*home) if home else None,
        school=next(iter(school_names.values()), None),
        school_class=in_class.name if in_class else None,
    )
