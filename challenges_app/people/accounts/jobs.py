"""What the worker does for accounts."""

from challenges_app.kit.services import Services
from challenges_app.people.accounts import queries
from challenges_app.people.accounts.rules import DEVICE_LASTS


def forget_devices(services: Services) -> int:
    """Forget the browsers in which nobody has signed in for 400 days; answers how many."""
    before = services.now() - DEVICE_LASTS
    return services.db.write(lambda tx: queries.forget_devices(tx, before))


def forget_sessions(services: Services) -> int:
    """Delete the sessions that are over; answers how many."""
    now = services.now()
    return services.db.write(lambda tx: queries.end_expired(tx, now))
