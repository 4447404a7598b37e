"""Doors: how somebody wants to be told, and whether this browser takes their notices."""

from datetime import time
from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from challenges_app.kit.push import Subscription, UnsafeEndpoint
from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import services
from challenges_app.kit.who import who
from challenges_app.people.accounts.rules import device_of
from challenges_app.people.notices import queries
from challenges_app.people.post import actions
from challenges_app.people.post.rules import Choice

PUSH_OFF = refusal("push.off", 409)
PUSH_UNKNOWN = refusal("push.unknown", 422)

blueprint = APIBlueprint("post", __name__, tag="Profile")


class QuietHours(BaseModel):
    """Two times of Hong Kong; they may lie on both sides of midnight."""

    begins: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])
    ends: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:00"])


class NoticeChoices(BaseModel):
    """How somebody wants to be told; `quiet` is null for never."""

    mail: bool
    quiet: QuietHours | None


class Unread(BaseModel):
    """How many notices the reader has not read."""

    count: int


class PushState(BaseModel):
    """The key with which a browser subscribes, null where there is no push; and whether this one takes the notices."""

    public_key: str | None
    on: bool


class PushKeys(BaseModel):
    """A browser's public key and shared secret, in base64url."""

    p256dh: str = Field(min_length=80, max_length=100)
    auth: str = Field(min_length=20, max_length=30)


class NewSubscription(BaseModel):
    """What a browser's push manager answers."""

    endpoint: str = Field(min_length=10, max_length=2000)
    keys: PushKeys


@blueprint.get("/api/profile/notices/choice")
@blueprint.output(NoticeChoices)
def choice() -> dict[str, Any]:
    """How the reader wants to be told."""
    with services().db.reading() as conn:
        return _choices(actions.choice_of(conn, who().account_id))


@blueprint.put("/api/profile/notices/choice")
@blueprint.input(NoticeChoices)
@blueprint.output(NoticeChoices)
@blueprint.doc(responses={422: "Quiet hours that end as they begin"})
def choose(json_data: NoticeChoices) -> dict[str, Any]:
    """Choose how to be told; what is urgent comes at once and by mail, whatever is chosen."""
    account_id, asked = who().account_id, json_data.quiet
    quiet = (time.fromisoformat(asked.begins), time.fromisoformat(asked.ends)) if asked else None
    chosen = Choice(json_data.mail, quiet)
    services().db.write(lambda tx: actions.choose(tx, account_id, chosen))
    return _choices(chosen)


@blueprint.get("/api/profile/notices/unread")
@blueprint.output(Unread)
def unread() -> dict[str, Any]:
    """How many notices wait to be read."""
    with services().db.reading() as conn:
        return {"count": queries.unread(conn, who().account_id)}


@blueprint.get("/api/push")
@blueprint.output(PushState)
def push() -> dict[str, Any]:
    """Whether there is push, and whether this browser takes the reader's notices."""
    return _push_state()


@blueprint.post("/api/push/subscriptions")
@blueprint.input(NewSubscription)
@blueprint.output(PushState)
@blueprint.doc(responses={409: "There is no push here", 422: "Not from a push service of a browser", 429: "Too many"})
def subscribe(json_data: NewSubscription) -> dict[str, Any]:
    """Have this browser take the reader's notices, and nobody else's any more; while the reader is signed in on it."""
    here, me, now = services(), who(), services().now()
    if here.push is None:
        raise PUSH_OFF()
    try:
        at = Subscription.read(json_data.endpoint, json_data.keys.p256dh, json_data.keys.auth)
        here.push.check(at.endpoint)
    except (ValueError, UnsafeEndpoint):
        raise PUSH_UNKNOWN() from None
    here.limits.take("push", me.account_id.hex, "30 per hour")
    device = device_of(request.user_agent.string)
    here.db.write(lambda tx: actions.subscribe(tx, now, here.ring, me.account_id, me.session, at, device))
    return _push_state()


@blueprint.delete("/api/push/subscriptions")
@blueprint.output({}, status_code=204)
def unsubscribe() -> tuple[str, int]:
    """Have this browser take the reader's notices no longer."""
    me = who()
    services().db.write(lambda tx: actions.unsubscribe(tx, me.account_id, me.session))
    return "", 204


def _push_state() -> dict[str, Any]:
    here, me = services(), who()
    with here.db.reading() as conn:
        on = actions.takes_notices(conn, me.account_id, me.session)
    return {"public_key": here.push.public_key if here.push else None, "on": on}


def _choices(choice: Choice) -> dict[str, Any]:
    quiet = choice.quiet
    return {
        "mail": choice.mail,
        "quiet": {"begins": f"{quiet[0]:%H:%M}", "ends": f"{quiet[1]:%H:%M}"} if quiet else None,
    }
