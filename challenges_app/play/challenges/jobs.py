"""What the worker does for challenges: places today's and tomorrow's drops."""

from datetime import date, timedelta
from itertools import islice

from challenges_app.kit.services import Services
from challenges_app.people.persons.rules import HONG_KONG
from challenges_app.play.challenges import queries
from challenges_app.play.challenges.rules import drops_of
from challenges_app.play.parks.queries import catalogue
from geo.parks.park import Park

AT_ONCE = 200  # rows in one transaction, so that players hardly wait


def place_drops(services: Services) -> int:
    """Place the drops of every running challenge for two days where there are none; answers how many were placed."""
    now = services.now()
    today = now.astimezone(HONG_KONG).date()
    with services.db.reading() as conn:
        running = [row.id for row in queries.running(conn, now)]
    return sum(_place(services, each, on) for each in running for on in (today, today + timedelta(days=1)))


def _place(services: Services, challenge_id: str, on: date) -> int:
    # The places are worked out before the store is held: it takes seconds for the whole city.
    rows = drops_of(challenge_id, _parks_without(services, challenge_id, on), on)
    placed = 0
    while batch := list(islice(rows, AT_ONCE)):
        services.db.write(lambda tx, batch=batch: queries.add_drops(tx, batch))  # type: ignore[misc]
        placed += len(batch)
    return placed


def _parks_without(services: Services, challenge_id: str, on: date) -> list[Park]:
    parks = catalogue(services.settings.parks).parks
    with services.db.reading() as conn:
        designated, there = queries.park_ids(conn, challenge_id), queries.drop_counts(conn, challenge_id, on)
    return [parks[each] for each in designated if each in parks and parks[each].confirmed and each not in there]
