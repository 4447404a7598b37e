"""Door: positions of a walk, a few at a time."""

from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from challenges_app.kit.http import body
from challenges_app.kit.services import services
from challenges_app.people.access.views import the_viewer
from challenges_app.play.players.actions import player_of
from challenges_app.play.walks import actions
from geo.fix import Fix

RATE = "120 per minute"  # batches, for one player; a phone sends twenty

blueprint = APIBlueprint("walks", __name__, tag="Walk")


class FixIn(BaseModel):
    """Where a phone says that it is (WGS84), and how sure it is."""

    fixed_at: AwareDatetime
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    accuracy_m: float | None = Field(default=None, ge=0, le=1e6)
    speed_mps: float | None = Field(default=None, ge=0, le=1e4)

    def fix(self) -> Fix:
        """The same for the pure rooms."""
        return Fix(self.fixed_at, self.lat, self.lon, self.accuracy_m, self.speed_mps)


class Fixes(BaseModel):
    """Fixes in the order in which they were made; their times tell those that were sent before."""

    fixes: list[FixIn] = Field(min_length=1, max_length=60)


class PresenceNow(BaseModel):
    """Whether somebody is in a park, and for how long."""

    state: Literal["outside", "maybe", "inside", "left"]
    park_id: str | None
    dwell_s: int


class Pause(BaseModel):
    """Why nothing can be captured here and now."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class WalkNow(BaseModel):
    """How the walk stands after these fixes."""

    presence: PresenceNow
    verdict: Literal["ok", "doubtful", "impossible"]
    reasons: list[str]
    pause: Pause | None


@blueprint.post("/api/fixes")
@blueprint.input(Fixes)
@blueprint.output(WalkNow)
@blueprint.doc(responses={409: "Fixes of another time", 429: "Too many"})
def fixes(json_data: Fixes) -> dict[str, Any]:
    """Go on with the walk; fixes that were sent before change nothing. Positions are not stored."""
    here, viewer = services(), the_viewer()
    now = here.now()
    player_id = player_of(here, now, viewer)
    here.limits.take("fixes", player_id.hex, RATE)
    walk = actions.follow(here, now, player_id, [each.fix() for each in json_data.fixes])
    told, refused = actions.describe(here, now, walk, viewer)
    return {**told, "pause": body(refused)["error"] if refused else None}
