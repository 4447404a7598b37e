"""The gate in front of every door: finds out who asks, and lets nobody through a route that is not open to them."""

from uuid import UUID

from flask import g, request

from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import NOT_SIGNED_IN, Who, maybe_who, set_who, who
from challenges_app.people.access import actions
from challenges_app.people.access.rules import ROUTES, Viewer, may_enter, needs_consent
from challenges_app.people.accounts import queries as accounts
from challenges_app.people.accounts.rules import digest

COOKIE = "__Host-session"
RATE = "600 per minute"  # of one account, on all its devices
NOT_FOR_YOU = refusal("access.not_for_you", 403)
CONSENT_MISSING = refusal("consent.missing", 403)


def guard() -> None:
    """Runs before every request; raises `session.none`, `access.not_for_you` or `consent.missing`."""
    set_who(find_who(services(), request.cookies.get(COOKIE)))
    endpoint = request.endpoint
    if endpoint is None or ROUTES.get(endpoint) == "anyone":
        return  # no such address: answered with 404 later
    asking = maybe_who()
    signed_in = asking is not None
    if asking is not None:
        services().limits.take("requests", asking.account_id.hex, RATE)
    if not may_enter(endpoint, signed_in=signed_in, plays=signed_in and the_viewer().person_id is not None):
        raise NOT_FOR_YOU() if signed_in else NOT_SIGNED_IN()
    if needs_consent(endpoint) and the_viewer().waiting_for_consent:
        raise CONSENT_MISSING()


def find_who(here: Services, session_id: str | None) -> Who | None:
    """The account behind a session cookie, if it is still good."""
    if not session_id:
        return None
    key = digest(session_id)
    with here.db.reading() as conn:
        account_id = accounts.account_of(conn, key, here.now())
    return Who(account_id, key) if account_id else None


def the_person() -> UUID:
    """The person who asks, behind routes that are open to persons or players only."""
    person_id = the_viewer().person_id
    assert person_id is not None  # noqa: S101 - the gate lets only people through who can play
    return person_id


def the_viewer() -> Viewer:
    """What is known of whoever asks, looked up once a request."""
    if "viewer" not in g:
        here = services()
        with here.db.reading() as conn:
            g.viewer = actions.viewer(conn, here.now(), here.ring, who().account_id)
    found: Viewer = g.viewer
    return found
