"""What the worker does for families: tells of the hand-over at 16, and forgets old invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.services import Services
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.family.rules import hands_over_on
from challenges_app.people.households import queries as households
from challenges_app.people.notices.actions import tell
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import nickname

MOST = 500  # persons looked at in one go; a date of birth can only be compared once it is unsealed


def tell_of_hand_over(here: Services) -> int:
    """Tell those who turn 16 within 30 days, and their guardians, each once; answers how many turn 16."""
    now, after, count = here.now(), None, 0
    while True:
        with here.db.reading() as conn:
            rows = households.guarded_after(conn, after, MOST)
            born = persons.born_on_of(conn, here.ring, [row.person_id for row in rows])
        if not rows:
            return count
        for row in rows:
            on = hands_over_on(born[row.person_id], now) if row.person_id in born else None
            if on:
                here.db.write(lambda tx, row=row, on=on: _tell(tx, here, now, row.person_id, row.household_id, f"{on}"))  # type: ignore[misc]
                count += 1
        after = rows[-1].person_id


def forget_invites(here: Services) -> int:
    """Delete the invitations that are over; answers how many."""
    now = here.now()
    return here.db.write(lambda tx: households.forget_invites(tx, now))


def _tell(tx: Tx, here: Services, now: datetime, person_id: UUID, household_id: UUID, on: str) -> None:
    face = person_rows.faces(tx.conn, [person_id])[person_id]
    for reader, account_id in _readers(tx.conn, person_id, household_id):
        to = accounts.reader(tx.conn, here.ring, account_id)
        key = f"hand-over:{person_id.hex}:{account_id.hex}"
        if reader == person_id:
            tell(tx, now, here.ring, key, to, "hand-over.young", on=on)
        else:
            tell(tx, now, here.ring, key, to, "hand-over.guardian", on=on, name=nickname(*face)[to.language])


def _readers(conn: Connection, person_id: UUID, household_id: UUID) -> list[tuple[UUID, UUID]]:
    """The young person and the guardians who have accounts: persons with their accounts."""
    rows = households.members(conn, household_id)
    told = [row.person_id for row in rows if row.role == "guardian" or row.person_id == person_id]
    return list(person_rows.accounts_of(conn, told).items())
