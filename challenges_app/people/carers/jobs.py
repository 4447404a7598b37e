"""What the worker does for carers: ends what is over, tells of links that rest, and forgets old offers."""

from uuid import UUID

from sqlalchemy.engine import Row

from challenges_app.kit.services import Services
from challenges_app.people.access import actions as access
from challenges_app.people.care_links import queries
from challenges_app.people.care_links.rules import standing
from challenges_app.people.carers.actions import end_and_tell, tell_both
from challenges_app.people.persons import actions as persons

MOST = 500  # links looked at in one go; a date of birth can only be compared once it is unsealed


def end_past(here: Services) -> int:
    """End the links whose time is over, and tell both sides; answers how many."""
    now, count = here.now(), 0
    while True:
        with here.db.reading() as conn:
            rows = queries.past_end(conn, now, MOST)
        if not rows:
            return count
        for row in rows:
            count += here.db.write(lambda tx, row=row: end_and_tell(tx, now, here.ring, row))  # type: ignore[misc]


def tell_of_rest(here: Services) -> int:
    """Tell those who turned 16 and their carers, each once, that a link rests until it is renewed; answers how many."""
    now, after, count = here.now(), None, 0
    while True:
        with here.db.reading() as conn:
            rows = queries.from_guardians(conn, after, MOST)
            born = persons.born_on_of(conn, here.ring, [row.person_id for row in rows])
        if not rows:
            return count
        for row in rows:
            if standing(row.since, row.until, born[row.person_id], now) == "paused":
                _tell(here, row)
                count += 1
        after = rows[-1].id


def forget_offers(here: Services) -> int:
    """Delete the offers that are over; answers how many."""
    now = here.now()
    return here.db.write(lambda tx: queries.forget_offers(tx, now))


def _tell(here: Services, link: Row[UUID]) -> None:
    now = here.now()
    with here.db.reading() as conn:
        person = access.subject(conn, now, here.ring, link.person_id)
    if person:
        about = (person, link.carer_id, link.id, link.scopes)
        here.db.write(lambda tx: tell_both(tx, now, here.ring, "care.rests", *about))
