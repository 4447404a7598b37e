"""What is done about carers: offer, accept, renew and end care, and turn the safety switch."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection, Row

from challenges_app.kit.codes import fresh_code, plain_code
from challenges_app.kit.db import Tx
from challenges_app.kit.refusals import refusal
from challenges_app.kit.seals import KeyRing
from challenges_app.kit.words import Language, say
from challenges_app.people.access import actions as access
from challenges_app.people.access.rules import Action, Subject, Viewer, decide, roles_for
from challenges_app.people.accounts import actions as accounts
from challenges_app.people.care_links import queries
from challenges_app.people.care_links.rules import (
    OFFER_LASTS,
    Evidence,
    Kind,
    OfferedScope,
    completed,
    ends_after,
    standing,
)
from challenges_app.people.households import queries as households
from challenges_app.people.notices.actions import tell
from challenges_app.people.notices.rules import Kind as NoticeKind
from challenges_app.people.persons import actions as persons
from challenges_app.people.persons import queries as person_rows
from challenges_app.people.persons.rules import nickname

TOO_YOUNG = refusal("care.too_young", 403)
CODE_WRONG = refusal("care.code_wrong", 404)
UNKNOWN = refusal("care.unknown", 404)
OFFER_UNKNOWN = refusal("care.offer_unknown", 404)
OWN_OFFER = refusal("care.own_offer", 409)
UNTIL_WRONG = refusal("care.until_wrong", 422)

ACTS: dict[str, Action] = {"view": "read", "manage": "change"}  # what a carer may do, in the table of rights


def care_of(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> dict[str, Any]:
    """Who looks after the viewer and their children, with open offers, and for whom the viewer cares."""
    mine = sorted(
        access.people_for(conn, now, ring, me, "care_link", "read"), key=lambda each: each.person_id != me.person_id
    )
    return {
        "looked_after": [_looked_after(conn, now, ring, me, each) for each in mine],
        "caring": _caring(conn, now, ring, me),
        "may_accept": not me.child,
    }


def _looked_after(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person: Subject) -> dict[str, Any]:
    person_id, decides = person.person_id, decide(me, None, person, "care_link", "change")
    born_on = persons.born_on_of(conn, ring, [person_id])[person_id]
    links = {link.carer_id: told for link in queries.active(conn, [person_id]) if (told := _terms(link, born_on, now))}
    guardians = guardians_of(conn, person) if person.child else set()
    switch = {carer: set_by for (_, carer), set_by in queries.switches(conn, [person_id]).items()} if decides else {}
    # Whoever looks is not listed, so that nothing differs for somebody from whom something is hidden.
    others = [each for each in (*links, *sorted((guardians | switch.keys()) - links.keys())) if each != me.person_id]
    faces = person_rows.faces(conn, [person_id, *others])

    def may(each: UUID) -> list[str]:
        offered = {
            "renew": each in links and links[each]["state"] == "paused" and person_id == me.person_id,
            "end": each in links,
            "hide": each not in switch,
            "show": each in switch and may_show(conn, me, person, switch[each]),
        }
        return [act for act, holds in offered.items() if holds and decides]

    return {
        **_named(person_id, faces[person_id]),
        "me": person_id == me.person_id,
        "may_offer": decides,
        "carers": [
            {
                **_named(each, faces[each]),
                "link": links.get(each),
                "guardian": each in guardians,
                "hidden": each in switch if decides else None,
                "may": may(each),
            }
            for each in others
        ],
        "offers": [open_offer(row._asdict()) for row in queries.offers(conn, [person_id], now)] if decides else [],
    }


def _caring(conn: Connection, now: datetime, ring: KeyRing, me: Viewer) -> list[dict[str, Any]]:
    """Children of the viewer's household, then those who gave the viewer a link, also one that rests."""
    rows = {link.person_id: link for link in queries.of_carer(conn, me.person_id)} if me.person_id else {}
    seen = [each.person_id for each in access.people_for(conn, now, ring, me, "play", "read")]
    known = access.subjects(conn, now, ring, dict.fromkeys([*seen, *rows]))
    born, faces = persons.born_on_of(conn, ring, known), person_rows.faces(conn, known)
    waiting = access.waiting_for_consent(conn, now, ring, known)
    found = []
    for each, person in known.items():
        link = _terms(rows[each], born[each], now) if each in rows else None
        may = [act for act, action in ACTS.items() if each not in waiting and decide(me, None, person, "play", action)]
        if each != me.person_id and (link or each in seen):
            guardian = "guardian" in roles_for(me, person)
            told = {"link": link, "guardian": guardian, "waiting_for_consent": each in waiting, "may": may}
            found.append({**_named(each, faces[each]), **told})
    return sorted(found, key=lambda each: not each["guardian"])


def _named(person_id: UUID, face: tuple[str, str]) -> dict[str, Any]:
    return {"person_id": person_id, "name": nickname(*face), "avatar": face[1]}


def _terms(link: Row[Any], born_on: date, now: datetime) -> dict[str, Any] | None:
    """An active link as it is listed; None when its time is over."""
    stands = standing(link.since, link.until, born_on, now)
    if stands == "over":
        return None
    own = ("id", "kind", "scopes", "since", "until", "used_at")
    return {"state": stands, **{each: getattr(link, each) for each in own}}


def offer(
    tx: Tx,
    now: datetime,
    ring: KeyRing,
    me: Viewer,
    person_id: UUID | None,
    kind: Kind,
    scopes: Iterable[OfferedScope],
    last_on: date | None,
) -> dict[str, Any]:
    """Make a code by which one person takes on the care of the viewer or of their child; it is told once.

    Raises `care.too_young`, `care.until_wrong`, and `person.unknown` for somebody who is not theirs to decide for.
    """
    own = _grown(me)
    person = access.require(tx.conn, now, ring, me, "care_link", "change", person_id or own)
    until = ends_after(last_on, now) if last_on else None
    if last_on and until is None:
        raise UNTIL_WRONG()
    code = fresh_code()
    ends_at = min(now + OFFER_LASTS, until) if until else now + OFFER_LASTS
    row = {"code_index": _index(ring, code), "person_id": person.person_id, "made_by": own, "kind": kind}
    row |= {"scopes": completed(scopes), "until": until, "ends_at": ends_at}
    queries.add_offer(tx, row)
    return {**open_offer(row), "code": code}


def open_offer(row: Mapping[str, Any]) -> dict[str, Any]:
    """An offer as it is listed, from its row."""
    return {"id": row["code_index"].hex(), **{each: row[each] for each in ("kind", "scopes", "until", "ends_at")}}


def take_back(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, offer_id: str) -> None:
    """Take an offer back; raises `care.offer_unknown`, the same for somebody else's."""
    try:
        index = bytes.fromhex(offer_id)
    except ValueError:
        raise OFFER_UNKNOWN() from None
    found = queries.offer(tx.conn, index)
    mine = found is not None and _may_decide(tx.conn, now, ring, me, found.person_id)
    if not mine or not queries.end_offer(tx, index):
        raise OFFER_UNKNOWN()


def accept(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, code: str) -> None:
    """Take on the care that a code offers; the pair's link before, if any, ends with that, and both sides are told.

    Raises `care.too_young`, `care.own_offer` and `care.code_wrong`.
    """
    carer_id = _grown(me)
    found = queries.take_offer(tx, _index(ring, code), now)
    if found is None:
        raise CODE_WRONG()
    if carer_id in (found.person_id, found.made_by):
        raise OWN_OFFER()
    person_rows.hold(tx, found.person_id)
    person = _still_offered(tx.conn, now, ring, found)
    if found.made_by in person.hidden_from:
        # Nobody comes to know through a carer of their choosing what is hidden from themselves.
        set_by = queries.switches(tx.conn, [person.person_id])[person.person_id, found.made_by]
        _hide(tx, now, person, carer_id, set_by)
    evidence: Evidence = "both-sides" if found.made_by == person.person_id else "guardian"
    _link(tx, now, ring, person, carer_id, found, evidence)


def renew(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, link_id: UUID) -> None:
    """Go on, from 16 on, with a link that a guardian had made; both sides are told. Raises `care.unknown`."""
    found = queries.active_link(tx.conn, link_id)
    if found is None or found.person_id != me.person_id:
        raise UNKNOWN()
    person_rows.hold(tx, found.person_id)
    person = access.require(tx.conn, now, ring, me, "care_link", "read", found.person_id)
    born_on = persons.born_on(tx.conn, ring, found.person_id)
    assert born_on is not None  # noqa: S101 - `require` has found the person
    # What was ended or renewed a moment ago was ended under the same hold, so that it is looked up again.
    still = queries.active_link(tx.conn, link_id)
    if still is None or standing(still.since, still.until, born_on, now) != "paused":
        raise UNKNOWN()
    _link(tx, now, ring, person, still.carer_id, still, "both-sides")


def end(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, link_id: UUID) -> None:
    """End a link at once, from either side, and tell both; raises `care.unknown`, the same for somebody else's."""
    found = queries.active_link(tx.conn, link_id)
    if found is None:
        raise UNKNOWN()
    mine = found.carer_id == me.person_id or _may_decide(tx.conn, now, ring, me, found.person_id)
    if not mine or not end_and_tell(tx, now, ring, found):
        raise UNKNOWN()


def end_and_tell(tx: Tx, now: datetime, ring: KeyRing, link: Row[Any]) -> bool:
    """End a link and tell both sides; False when it was ended meanwhile."""
    if not queries.end_link(tx, link.id, now):
        return False
    person = access.subject(tx.conn, now, ring, link.person_id)
    if person:
        tell_both(tx, now, ring, "care.ended", person, link.carer_id, link.id, link.scopes)
    return True


def hide(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, carer_id: UUID) -> None:
    """Turn the safety switch on against a carer, or another guardian of the household; they are not told.

    Raises `person.unknown` for a person or carer who is not theirs to decide about, nobody against themselves.
    """
    person = access.require(tx.conn, now, ring, me, "care_link", "change", person_id)
    if carer_id == me.person_id or carer_id not in around(tx.conn, person):
        raise access.UNKNOWN()
    _hide(tx, now, person, carer_id, me.person_id)


def show(tx: Tx, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID, carer_id: UUID) -> None:
    """Turn the safety switch off; raises `person.unknown`, as `hide` does, and where somebody else turned it on."""
    person = access.require(tx.conn, now, ring, me, "care_link", "change", person_id)
    if carer_id == me.person_id or carer_id not in around(tx.conn, person):
        raise access.UNKNOWN()
    switch = queries.switches(tx.conn, [person_id])
    if (person_id, carer_id) in switch:
        if not may_show(tx.conn, me, person, switch[person_id, carer_id]):
            raise access.UNKNOWN()
        queries.show(tx, person_id, carer_id)


def may_show(conn: Connection, me: Viewer, person: Subject, set_by: UUID | None) -> bool:
    """Whether somebody who may decide for a person may turn off a switch against another: the person, or who set it.

    One whose setter has gone is for any guardian from whom nothing is hidden: others could make way for a stranger.
    """
    if me.person_id in (person.person_id, set_by):
        return True
    return set_by not in guardians_of(conn, person) and me.person_id not in person.hidden_from


def around(conn: Connection, person: Subject) -> set[UUID]:
    """Against whom a person's safety switch may be turned: carers, guardians of the household, and where it is on."""
    carers = {link.carer_id for link in queries.active(conn, [person.person_id])}
    return (carers | guardians_of(conn, person) | person.hidden_from) - {person.person_id}


def guardians_of(conn: Connection, person: Subject) -> set[UUID]:
    """The guardians of a person's household."""
    rows = households.members(conn, person.household_id) if person.household_id else []
    return {row.person_id for row in rows if row.role == "guardian"}


def tell_both(
    tx: Tx,
    now: datetime,
    ring: KeyRing,
    kind: NoticeKind,
    person: Subject,
    carer_id: UUID,
    link_id: UUID,
    scopes: Iterable[str],
) -> None:
    """Tell the carer, the person, and a child's guardians what became of a link, each once and in their language."""
    faces = person_rows.faces(tx.conn, [person.person_id, carer_id])
    names = {each: nickname(*face) for each, face in faces.items()}
    readers = {carer_id, person.person_id} | (guardians_of(tx.conn, person) if person.child else set())
    for account_id in person_rows.accounts_of(tx.conn, readers).values():
        to = accounts.reader(tx.conn, ring, account_id)
        said = {"name": names[person.person_id][to.language], "carer": names[carer_id][to.language]}
        said["scopes"] = in_words(scopes, to.language)
        tell(tx, now, ring, f"{kind}:{link_id.hex}:{account_id.hex}", to, kind, **said)


def in_words(scopes: Iterable[str], language: Language) -> str:
    """Scopes as a reader understands them, one after the other."""
    return say("care.and", language).join(say(f"care.scope.{each}", language) for each in scopes)


def _link(
    tx: Tx, now: datetime, ring: KeyRing, person: Subject, carer_id: UUID, terms: Row[Any], evidence: Evidence
) -> None:
    """Make the one active link of a pair, in place of the one before; the caller holds the person."""
    link_id = uuid4()
    row = {"id": link_id, "person_id": person.person_id, "carer_id": carer_id, "kind": terms.kind}
    row |= {"scopes": terms.scopes, "state": "active", "evidence": evidence, "since": now, "until": terms.until}
    queries.end_pair(tx, person.person_id, carer_id, now)
    queries.add_link(tx, {**row, "ended_at": None, "used_at": None})
    tell_both(tx, now, ring, "care.begun", person, carer_id, link_id, terms.scopes)


def _still_offered(conn: Connection, now: datetime, ring: KeyRing, found: Row[Any]) -> Subject:
    """The person of an offer, if whoever made it may still decide for them; raises `care.code_wrong`."""
    person = access.subject(conn, now, ring, found.person_id)
    account_id = person_rows.accounts_of(conn, [found.made_by]).get(found.made_by)
    if person is None or account_id is None:
        raise CODE_WRONG()
    if not decide(access.viewer(conn, now, ring, account_id), None, person, "care_link", "change"):
        raise CODE_WRONG()
    return person


def _may_decide(conn: Connection, now: datetime, ring: KeyRing, me: Viewer, person_id: UUID) -> bool:
    person = access.subject(conn, now, ring, person_id)
    return person is not None and decide(me, None, person, "care_link", "change")


def _hide(tx: Tx, now: datetime, person: Subject, carer_id: UUID, by: UUID | None) -> None:
    queries.hide(tx, {"person_id": person.person_id, "carer_id": carer_id, "set_by": by, "since": now})


def _grown(me: Viewer) -> UUID:
    assert me.person_id is not None  # noqa: S101 - the gate lets only persons through
    if me.child:
        raise TOO_YOUNG()
    return me.person_id


def _index(ring: KeyRing, code: str) -> bytes:
    return ring.blind(plain_code(code), "care_offer", "code")
