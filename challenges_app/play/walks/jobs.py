"""What the worker does for walks: forget fingerprints of movement that are older than 30 days."""

from challenges_app.kit.services import Services
from challenges_app.people.departure.rules import MARKS_LAST
from challenges_app.play.walks import queries


def forget_marks(services: Services) -> int:
    """Delete marks that may no longer be kept; answers how many."""
    before = services.now() - MARKS_LAST
    return services.db.write(lambda tx: queries.forget_marks(tx, before))
