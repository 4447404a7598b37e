"""What the worker does for accounts."""

from challenges_app.kit.services import Services
from challenges_app.people.accounts import queries


def forget_sessions(services: Services) -> int:
    """Delete the sessions that are over; answers how many."""
    now = services.now()
    return services.db.write(lambda tx: queries.end_expired(tx, now))
