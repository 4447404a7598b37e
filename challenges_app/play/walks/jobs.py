"""What the worker does for walks: forget fingerprints of movement that are older than 30 days."""

from datetime import timedelta

from challenges_app.kit.services import Services
from challenges_app.play.walks import queries

MARKS_KEPT = timedelta(days=30)


def forget_marks(services: Services) -> int:
    """Delete marks that may no longer be kept; answers how many."""
    before = services.now() - MARKS_KEPT
    return services.db.write(lambda tx: queries.forget_marks(tx, before))
