"""What is known of whoever asks, and how they are introduced to themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language
from challenges_app.people.access.rules import Action, Subject, Viewer, decide
from challenges_app.people.consents import actions as consents
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.households import queries as households
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import family_name, is_child, nickname
from challenges_app.people.schools import queries as schools

UNKNOWN = refusal("person.unknown", 404)


def viewer(conn: Connection, now: datetime, ring: KeyRing, account_id: UUID) -> Viewer:
    """Everything that decides what an account may see, as it stands at a moment."""
    person = person_rows.person_of(conn, account_id)
    home = households.household_of(conn, person.id) if person else None
    held = organisations.memberships(conn, account_id, now)
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
    )


def subject(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID) -> Subject | None:
    """What decides what others may do for a person; None for somebody who is not there."""
    if person_rows.born_on_sealed(conn, person_id) is None:
        return None
    home = households.household_of(conn, person_id)
    own = belongs(conn, now, ring, person_id)
    guardian = home is not None and home.role == "guardian"
    return Subject(person_id, own.child, own.household_id, guardian, own.school_id)


def require(conn: Connection, now: datetime, ring: KeyRing, who: Viewer, action: Action, person_id: UUID) -> Subject:
    """The person, if somebody may do this for them; raises `person.unknown`, the same for one who is not there."""
    found = subject(conn, now, ring, person_id)
    if found is None or not decide(who, action, found):
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
    sealed = person_rows.born_on_sealed(conn, person_id)
    home = households.household_of(conn, person_id)
    in_class = schools.class_of(conn, person_id, at)
    return Belongs(
        child=is_child(persons.born_on(ring, person_id, sealed), at) if sealed else False,
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
