"""A town in which notices are pushed, and what its people are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from challenges_app.kit import outbox
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.accounts.queries import set_language
from challenges_app.people.notices.actions import To, tell
from challenges_app.people.notices.rules import TOPICS, Kind
from challenges_app.people.notices.tables import Notice, PushSubscription
from challenges_app.people.persons.rules import HONG_KONG
from tests.builders import RING, World
from tests.people.doors import Browser, Clock, Town
from tests.pushing import SETTING, PushBrowser, PushService

NIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=HONG_KONG)
EIGHT = datetime(2026, 11, 22, 8, 0, tzinfo=HONG_KONG)
CALM: Kind = "hand-over.young"  # a kind that can wait until the morning


def town_on(url: str) -> Town:
    """A town with push, in which mei lives, who has an address."""
    clock = Clock()
    town = Town(World.on(url, clock, push=SETTING), clock)
    town.world.person("mei")
    town.world.write(lambda tx: accounts.verify_email(tx, RING, town.account("mei"), "mei@example.hk"))
    town.world.here.db.write(lambda tx: set_language(tx, town.account("mei"), "en"))
    return town


def subscribed(town: Town, service: PushService, at: PushBrowser, name: str = "mei") -> Browser:
    """A browser in which somebody is signed in, and that takes their notices; of its own coming all were told."""
    browser = town.signed_in(name)
    assert browser.post("/api/push/subscriptions", at.subscription) == (200, push_state(town, on=True))
    town.post()
    service.handed.clear()
    return browser


def push_state(town: Town, *, on: bool) -> dict[str, Any]:
    """What the page is told about push."""
    push = town.world.here.push
    return {"public_key": push.public_key if push else None, "on": on}


def told(town: Town, key: str = "one", kind: Kind = CALM, name: str = "mei") -> None:
    """Tell somebody something."""
    to, now = To("zh-Hant", town.account(name)), town.clock()
    town.world.write(lambda tx: tell(tx, now, RING, key, to, kind, on="2026-12-01"))


def waiting(town: Town) -> int:
    """How many steps along roads are not done yet."""
    with town.world.db.reading() as conn:
        return sum(outbox.waiting(conn, topic) for topic in TOPICS)


def subscriptions(town: Town) -> list[Any]:
    """All browsers that take notices."""
    with town.world.db.reading() as conn:
        return list(conn.execute(PushSubscription.__table__.select()))


def ids(town: Town) -> set[UUID]:
    """The ids of all notices."""
    with town.world.db.reading() as conn:
        return set(conn.execute(Notice.__table__.select().with_only_columns(Notice.id)).scalars())
