"""Put together what the roads say of each tracker: its accounts, what came, what waits, and what is wrong."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from challenges_app.kit import outbox
from challenges_app.kit.refusals import refusal
from challenges_app.people.access.rules import Viewer
from challenges_app.play.arrivals import queries as arrivals
from challenges_app.play.connections import queries as connections
from challenges_app.play.connections.actions import LYING, TOPIC
from challenges_app.play.deliveries import queries as deliveries
from challenges_app.play.trackers import rules
from challenges_app.play.trackers.rules import Accounts, Came
from integrations.providers import providers

NOT_STAFF = refusal("trackers.not_for_you", 403)


def seen(conn: Connection, now: datetime, me: Viewer, registered: Collection[str]) -> dict[str, Any]:
    """How each tracker is doing, for staff; raises `trackers.not_for_you` for others."""
    if not me.staff:
        raise NOT_STAFF()
    return state(conn, now, registered)


def state(conn: Connection, now: datetime, registered: Collection[str]) -> dict[str, Any]:
    """How each tracker is doing that somebody uses or that is offered, the troubled first; None: not yet recognised."""
    accounts = {row.provider: _accounts(row) for row in connections.health(conn, *_marks(now))}
    came: dict[str | None, Came] = {}
    for row in (*arrivals.health(conn, now - rules.SPAN), *deliveries.health(conn, now - rules.SPAN)):
        more = Came(row.read, row.refused, row.waiting, row.since)
        came[row.provider] = came.get(row.provider, Came()).and_more(more)
    names = sorted({*accounts, *came, *registered}, key=lambda name: name or "")
    trackers = [_tracker(now, name, accounts.get(name), came.get(name, Came()), registered) for name in names]
    notices = outbox.waiting(conn, TOPIC) + outbox.waiting(conn, LYING)
    return {"trackers": sorted(trackers, key=lambda each: not each["troubles"]), "notices_waiting": notices}


def _marks(now: datetime) -> tuple[int, datetime, datetime]:
    return rules.FAILURES, now - rules.BEHIND, now - rules.SILENT


def _accounts(row: Row[*tuple[Any, ...]]) -> Accounts:
    return Accounts(*(getattr(row, name) for name in Accounts.__slots__))


def _tracker(
    now: datetime, name: str | None, accounts: Accounts | None, came: Came, registered: Collection[str]
) -> dict[str, Any]:
    known = providers().get(name) if name else None
    cloud = known is not None and "cloud" in known.CAPABILITIES.roads
    offered = name in registered
    held = accounts or Accounts()
    return {
        "provider": name,
        "accounts": asdict(held) if cloud and (accounts or offered) else None,
        "came": asdict(came),
        "troubles": rules.troubles(now, held, came, cloud=cloud, registered=offered),
    }
