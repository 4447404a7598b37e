"""What the worker does for identity: forgets the codes of counters that are over."""

from challenges_app.kit.services import Services
from challenges_app.people.identity import queries


def forget_counter_codes(here: Services) -> int:
    """Delete the counter codes that are over; answers how many."""
    now = here.now()
    return here.db.write(lambda tx: queries.forget_codes(tx, now))
