"""What the worker does for meetings: forgets the codes that are over."""

from challenges_app.kit.services import Services
from challenges_app.people.companions import queries as companions


def forget_codes(here: Services) -> int:
    """Delete the codes that are over; answers how many."""
    now = here.now()
    return here.db.write(lambda tx: companions.forget_codes(tx, now))
