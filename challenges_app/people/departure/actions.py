"""What is done when people ask what is known of them, or to be forgotten, and when nobody ever came for a child."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from challenges_app.kit import rights
from challenges_app.kit.db import Base, Tx
from challenges_app.kit.refusals import Refusal, refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Action, Viewer, decide
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.consents import queries as consent_rows
from challenges_app.people.departure import rules
from challenges_app.people.erasures import queries as erasures
from challenges_app.people.households import queries as households
from challenges_app.people.households.rules import may_go
from challenges_app.people.notices.actions import To, tell
from challenges_app.people.notices.rules import Kind
from challenges_app.people.organisations import queries as organisations
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import is_child, nickname
from challenges_app.people.schools import queries as schools

LAST_GUARDIAN = refusal("departure.last_guardian", 409)
LAST_ADMIN = refusal("departure.last_admin", 409)
NOT_ASKED = refusal("departure.not_asked", 409)
BY_GUARDIAN = refusal("departure.by_guardian", 403)

Obstacle = Literal["last_guardian", "last_admin"]
REFUSED: dict[Obstacle, Refusal] = {"last_guardian": LAST_GUARDIAN, "last_admin": LAST_ADMIN}


def people(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> list[dict[str, Any]]:
    """Everybody whose data the viewer may have, themselves first: their face, and when they are to be forgotten."""
    found = [each.person_id for each in access.people_for(conn, now, ring, me, "data", "read")]
    ids = sorted(found, key=lambda each: each != me.person_id)
    faces, leaving = person_rows.faces(conn, ids), erasures.erasures(conn, ids)
    return [
        {
            "person_id": each,
            "name": nickname(*faces[each]),
            "avatar": faces[each][1],
            "me": each == me.person_id,
            "erased_on": rules.day_of(leaving[each]) if each in leaving else None,
            "obstacle": obstacle(conn, now, ring, each),
        }
        for each in ids
    ]


def whose(
    conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID | None, action: Action
) -> tuple[str, UUID]:
    """The kind and id by which somebody's data is found: of a person, or None for the viewer's own.

    Raises `departure.by_guardian` for a child who asks for their own or somebody forgotten this moment, and
    `person.unknown`.
    """
    own = person_id is None
    person_id = person_id or me.person_id
    if person_id is None:
        return "account", me.account_id
    person = access.subject(conn, now, ring, person_id)
    if own and (person is None or not decide(me, "self", person, "data", action)):
        raise BY_GUARDIAN()
    if person is None or not decide(me, None, person, "data", action):
        raise access.UNKNOWN()
    return "person", person_id


def ask(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID | None) -> date:
    """Ask that somebody, or the viewer, be forgotten; answers the day. Asked again, the first day stays.

    Raises as `whose` does, `departure.last_guardian` and `departure.last_admin`.
    """
    _, who = whose(tx.conn, now, ring, me, person_id, "change")
    _hold(tx, who)
    if (why := obstacle(tx.conn, now, ring, who)) is not None:
        raise REFUSED[why]()
    due_at = rules.due_at(now)
    if erasures.add_erasure(tx, {"person_id": who, "asked_by": me.person_id, "asked_at": now, "due_at": due_at}):
        _tell(tx, now, ring, who, "erasure.asked", on=f"{rules.day_of(due_at)}")
    return rules.day_of(erasures.erasures(tx.conn, [who])[who])


def keep(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID | None) -> None:
    """Change one's mind before somebody is forgotten; raises as `whose` does, and `departure.not_asked`."""
    _, who = whose(tx.conn, now, ring, me, person_id, "change")
    if not erasures.take_back(tx, who):
        raise NOT_ASKED()
    _tell(tx, now, ring, who, "erasure.kept")


def obstacle(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID, *, due: bool = False) -> Obstacle | None:
    """Why somebody cannot be forgotten yet: others would be left alone.

    Until it is `due`, those who asked as well count as gone; then whoever is still there counts as there.
    """
    if _leaves_children(conn, now, ring, person_id, due=due):
        return "last_guardian"
    return "last_admin" if _leaves_organisation(conn, now, person_id, due=due) else None


def erase(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID) -> bool:
    """Forget somebody whose moment has come, all at once; False when they changed their mind, or are put off.

    Those who would leave others alone by now are put off by a day at a time, and told so once.
    """
    _hold(tx, person_id)
    taken = erasures.take(tx, person_id, now)
    if taken is None:
        return False
    if obstacle(tx.conn, now, ring, person_id, due=True):
        erasures.add_erasure(tx, {**taken._mapping, "person_id": person_id, "due_at": now + rules.PUT_OFF})
        if taken.due_at == rules.due_at(taken.asked_at):
            _tell(tx, now, ring, person_id, "erasure.put-off")
        return False
    told = _last_readers(tx.conn, ring, person_id)
    _forget(tx, person_id)
    for to in told:
        tell(tx, now, ring, uuid4().hex, to, "erasure.done", on=f"{rules.day_of(now)}")
    return True


def unclaimed(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID | None = None) -> list[UUID]:
    """Children who joined by a class's code thirty days ago, whom no family took in and for whom nobody ever agreed.

    All of them, or one if it is one of them.
    """
    among = [schools.ever_enrolled(), *([person_rows.itself(person_id)] if person_id else [])]
    nobody = [households.settled(), consent_rows.ever_given()]
    found = person_rows.made_before(conn, now - rules.UNCLAIMED_LASTS, among, without=nobody)
    born = persons.born_on_of(conn, ring, found)
    return [each for each in found if is_child(born[each], now)]


def erase_unclaimed(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID) -> bool:
    """Forget a child for whom nobody came; False when somebody did meanwhile."""
    person_rows.hold(tx, person_id)
    if not unclaimed(tx.conn, now, ring, person_id):
        return False
    _forget(tx, person_id)
    return True


def _forget(tx: Tx, person_id: UUID) -> None:
    home = households.household_of(tx.conn, person_id)
    rights.erase(tx, Base.metadata, rights.somebody(tx.conn, Base.metadata, "person", person_id))
    if home:
        households.end_empty(tx, home.id)


def _hold(tx: Tx, person_id: UUID) -> None:
    """Keep others from changing a person and their household; in the order in which families do."""
    home = households.household_of(tx.conn, person_id)
    if home:
        households.hold(tx, home.id)
    person_rows.hold(tx, person_id)


def _leaves_children(conn: Connection, now: datetime, ring: KeyRing, person_id: UUID, *, due: bool) -> bool:
    home = households.household_of(conn, person_id)
    if home is None or home.role != "guardian":
        return False
    rows = households.members(conn, home.id)
    going = set() if due else set(erasures.erasures(conn, [row.person_id for row in rows]))
    stay = [row for row in rows if row.person_id != person_id and row.person_id not in going]
    born = persons.born_on_of(conn, ring, [row.person_id for row in stay])
    guardians = 1 + sum(row.role == "guardian" for row in stay)
    return not may_go(guardian=True, guardians=guardians, children=sum(is_child(on, now) for on in born.values()))


def _leaves_organisation(conn: Connection, now: datetime, person_id: UUID, *, due: bool) -> bool:
    account_id = person_rows.accounts_of(conn, [person_id]).get(person_id)
    if account_id is None:
        return False
    others = organisations.others_in_role(conn, account_id, "admin", now)
    every = {each for accounts_in in others.values() for each in accounts_in}
    going = set() if due else _going(conn, every)
    return any(not accounts_in - going for accounts_in in others.values())


def _going(conn: Connection, account_ids: set[UUID]) -> set[UUID]:
    """Those of some accounts whose persons asked to be forgotten."""
    person_of = {row.id: each for each in account_ids if (row := person_rows.person_of(conn, each))}
    return {person_of[each] for each in erasures.erasures(conn, person_of)}


def _tell(tx: Tx, now: datetime, ring: KeyRing, person_id: UUID, kind: Kind, **values: str) -> None:
    """Tell a person, and of a child its guardians, what becomes of their erasure."""
    face = person_rows.faces(tx.conn, [person_id])[person_id]
    for account_id in _readers(tx.conn, person_id).values():
        to = accounts.reader(tx.conn, ring, account_id)
        # Told once, since the row that says so is written or taken once.
        tell(tx, now, ring, uuid4().hex, to, kind, name=nickname(*face), **values)


def _readers(conn: Connection, person_id: UUID) -> dict[UUID, UUID]:
    """The accounts of a person and, unless they are one of them, of the guardians at home, by person."""
    home = households.household_of(conn, person_id)
    rows = households.members(conn, home.id) if home and home.role != "guardian" else []
    return person_rows.accounts_of(conn, [person_id, *(row.person_id for row in rows if row.role == "guardian")])


def _last_readers(conn: Connection, ring: KeyRing, person_id: UUID) -> list[To]:
    """Who is told in the end: the one who goes by their address alone, guardians as ever."""
    found = []
    for reader, account_id in _readers(conn, person_id).items():
        to = accounts.reader(conn, ring, account_id)
        found += [to if reader != person_id else To(to.language, None, to.address)]
    return [to for to in found if to.account_id or to.address]
