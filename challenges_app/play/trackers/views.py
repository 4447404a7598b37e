"""A door for staff: how each tracker is doing."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel

from challenges_app.kit.services import services
from challenges_app.people.access.views import the_viewer
from challenges_app.play.connections.calls import vendors
from challenges_app.play.trackers import actions
from challenges_app.play.trackers.rules import Trouble

blueprint = APIBlueprint("trackers", __name__, tag="Steps")


class AccountsNow(BaseModel):
    """Accounts at a vendor: `behind` were not asked in time, `synced_at` is of the one that waits longest."""

    on: int
    refused: int
    gone: int
    failing: int
    behind: int
    synced_at: datetime | None
    heard_at: datetime | None


class CameNow(BaseModel):
    """What came in the last 24 hours, and what waits to be read since when."""

    read: int
    refused: int
    waiting: int
    since: datetime | None


class TrackerNow(BaseModel):
    """A tracker (null: what nobody has recognised yet), its accounts if it has a cloud, and what is wrong."""

    provider: str | None
    accounts: AccountsNow | None
    came: CameNow
    troubles: list[Trouble]


class TrackersNow(BaseModel):
    """All trackers, the troubled first; `notices_waiting`: what vendors told that is not understood yet."""

    trackers: list[TrackerNow]
    notices_waiting: int


@blueprint.get("/api/staff/trackers")
@blueprint.output(TrackersNow)
@blueprint.doc(responses={403: "For staff"})
def trackers() -> dict[str, Any]:
    """For staff: how each tracker is doing; counts alone, of nobody in particular."""
    here, me = services(), the_viewer()
    registered = vendors(here.settings).clients
    with here.db.reading() as conn:
        return actions.seen(conn, here.now(), me, registered)
