"""The gate in front of every door: finds out who asks, and lets nobody through a route that is not open to them."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask import Response, g, request
from sqlalchemy.engine import Connection

from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.services import Services, services
from challenges_app.kit.who import NOT_SIGNED_IN, Who, maybe_who, set_who, who
from challenges_app.people.access import actions
from challenges_app.people.access.rules import ABOUT, ACTING, ROUTES, Context, Viewer, may_enter, needs_consent
from challenges_app.people.accounts import queries as accounts
from challenges_app.people.accounts.actions import WRONG
from challenges_app.people.accounts.rules import (
    SESSION_LASTS,
    STRONG_LASTS,
    digest,
    new_session_id,
    password_fits,
)
from challenges_app.people.care_links import queries as care_links
from challenges_app.people.care_links.rules import hour_of

T = TypeVar("T")

COOKIE = "__Host-session"
ACTING_FOR = "X-Acting-For"  # the id of the person in whose place something is done
RATE = "600 per minute"  # of one account, on all its devices
NOT_FOR_YOU = refusal("access.not_for_you", 403)
CONSENT_MISSING = refusal("consent.missing", 403)
NOT_WHILE_ACTING = refusal("access.acting", 403)


def guard() -> None:
    """Runs before every request; raises `session.none`, `access.not_for_you`, `consent.missing` or `person.unknown`."""
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
    if (person_id := (request.view_args or {}).get("person_id")) is not None:
        _guard_person(endpoint, person_id)


def _guard_person(endpoint: str, person_id: UUID) -> None:
    """Let nobody through to a door about a person for whom they may not do what is done there."""
    here, me = services(), the_viewer()
    if (about := ABOUT.get(endpoint)) is None:
        raise actions.UNKNOWN()
    resource, action, purpose = about
    with here.db.reading() as conn:
        actions.require(conn, here.now(), here.ring, me, resource, action, person_id, purpose, Context(who().strong))


def find_who(here: Services, session_id: str | None) -> Who | None:
    """The account behind a session cookie, if it is still good."""
    if not session_id:
        return None
    key, now = digest(session_id), here.now()
    with here.db.reading() as conn:
        found = accounts.session_of(conn, key, now)
    if found is None:
        return None
    return Who(found.account_id, key, found.strong_at is not None and now < found.strong_at + STRONG_LASTS)


def put_cookie(answer: Response, session_id: str) -> None:
    """Have a browser keep the id of its session: for this host over TLS, and not for scripts."""
    answer.set_cookie(COOKIE, session_id, max_age=SESSION_LASTS, path="/", secure=True, httponly=True, samesite="Lax")


def strengthen(here: Services, proof: Callable[[Tx], T]) -> tuple[str, T]:
    """Note that a second factor was proved in the session that asks; answers the id under which it goes on.

    A fresh one: whoever has the old id has no part in what was proved. `proof` is done in the same transaction, and its
    answer handed on. Raises `session.none` when the session ended meanwhile.
    """
    me, now, session_id = who(), here.now(), new_session_id()

    def work(tx: Tx) -> T:
        answer = proof(tx)
        if not accounts.strengthen(tx, me.session, digest(session_id), now):
            raise NOT_SIGNED_IN()
        return answer

    answer = here.db.write(work)
    set_who(Who(me.account_id, digest(session_id), strong=True))
    return session_id, answer


def prove(account_id: UUID, password: str) -> None:
    """Raise `session.wrong` unless the password is the account's own; a stolen session must not take the account."""
    here = services()
    with here.limits.guess([("prove", account_id.hex, "10 per 5 minutes")], WRONG):
        with here.db.reading() as conn:
            password_hash = accounts.password_hash(conn, account_id)
        if not here.apart(password_fits, (password_hash, password)):
            raise WRONG()


def act(work: Callable[[Tx, Services, datetime, Viewer], T]) -> T:
    """One transaction, in which the reader is looked up anew: what they are may have changed since the gate."""
    here, asking = services(), who()
    now = here.now()
    return here.db.write(lambda tx: work(tx, here, now, viewer_now(here, tx.conn, asking)))


def viewer_now(here: Services, conn: Connection, who: Who) -> Viewer:
    """What is known of somebody at this moment, for a transaction that must not trust what the gate saw."""
    return actions.viewer(conn, here.now(), here.ring, who.account_id, strong=who.strong)


def the_person() -> UUID:
    """The person who asks, behind routes that are open to persons or players only."""
    person_id = the_viewer().person_id
    assert person_id is not None  # noqa: S101 - the gate lets only people through who can play
    return person_id


def the_viewer() -> Viewer:
    """What is known of whoever asks, or of the person for whom they act; looked up once a request.

    Raises `person.unknown` for somebody for whom they may not act, and `access.acting` where nobody may.
    """
    if "viewer" not in g:
        here = services()
        with here.db.reading() as conn:
            g.viewer = _instead(here, conn, viewer_now(here, conn, who()))
            unnoted = _unnoted(here, conn, g.viewer)
        if unnoted:
            here.db.write(lambda tx: care_links.note_use(tx, *unnoted))
    found: Viewer = g.viewer
    return found


def _unnoted(here: Services, conn: Connection, viewer: Viewer) -> tuple[UUID, UUID, datetime] | None:
    """Person, carer and hour of a care link that is used for the first time in an hour; else None."""
    if viewer.acting is None or viewer.person_id is None:
        return None
    used = (viewer.person_id, viewer.acting, hour_of(here.now()))
    return used if care_links.unused_since(conn, *used) else None


def _instead(here: Services, conn: Connection, me: Viewer) -> Viewer:
    """Whoever asks, or, where the request says so, the person for whom they act."""
    named = request.headers.get(ACTING_FOR)
    if named is None:
        return me
    if (what := ACTING.get(request.endpoint or "")) is None:
        raise NOT_WHILE_ACTING()
    try:
        person_id = UUID(named)
    except ValueError:
        raise actions.UNKNOWN() from None
    return actions.acting_for(conn, here.now(), here.ring, me, person_id, *what)
