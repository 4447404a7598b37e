"""What the worker does for boards: carry waiting events, many at a time."""

import structlog

from challenges_app.kit.services import Services
from challenges_app.play.standings import actions

log = structlog.get_logger()

MOST = 200  # events in one transaction: enough to be quick, few enough that other writers wait only milliseconds


def project(services: Services) -> int:
    """Carry what waits; when a batch fails, one by one, so that only the bad event stays behind."""
    now = services.now()
    try:
        return services.db.write(lambda tx: actions.project(tx, now, services.pulse, MOST))
    except Exception:  # whatever it was, the careful way names the event and logs the reason
        return services.db.write(lambda tx: actions.project_carefully(tx, now, services.pulse))


def check(services: Services) -> int:
    """Prove the standings against the ledger; answers the number of differences, each of which is logged."""
    with services.db.reading() as conn:
        found = actions.differences(conn)
    for difference in found:
        log.error("standing differs from the ledger", difference=difference)
    return len(found)
