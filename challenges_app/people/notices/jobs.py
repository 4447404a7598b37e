"""What the worker does for notices: forgets those that nobody has a list of."""

from datetime import timedelta

from challenges_app.kit.services import Services
from challenges_app.people.notices import queries

LINKS_LAST = timedelta(days=1)


def forget_links(here: Services) -> int:
    """Delete the notices to addresses without an account a day after they were made; answers how many."""
    before = here.now() - LINKS_LAST
    return here.db.write(lambda tx: queries.forget_addressed(tx, before))
