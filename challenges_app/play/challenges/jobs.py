"""What the worker does for challenges: places today's and tomorrow's drops."""

from datetime import timedelta

from challenges_app.kit.services import Services
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.challenges import actions, queries
from challenges_app.play.parks.queries import catalogue


def place_drops(services: Services) -> int:
    """Place the drops of every running challenge for two days; what is there already stays. Answers the challenges."""
    now = services.now()
    today = now.astimezone(HONG_KONG).date()
    parks = catalogue(services.settings.parks).parks
    with services.db.reading() as conn:
        designated = {row.id: queries.park_ids(conn, row.id) for row in queries.running(conn, now)}
    for challenge_id, park_ids in designated.items():
        played = [parks[each] for each in park_ids if each in parks and parks[each].confirmed]
        for on in (today, today + timedelta(days=1)):
            services.db.write(lambda tx, on=on, c=challenge_id, p=played: actions.place_drops(tx, c, p, on))  # type: ignore[misc]
    return len(designated)
