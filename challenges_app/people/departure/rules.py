"""Decisions about leaving, and how long everything about people is kept: the one table from which all are told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from challenges_app.people.accounts.rules import DEVICE_LASTS, LINK_LASTS, SESSION_LASTS
from challenges_app.people.care_links.rules import OFFER_LASTS
from challenges_app.people.households.rules import INVITE_LASTS
from challenges_app.people.persons.rules import HONG_KONG

CHANGE_OF_MIND = timedelta(days=7)  # before somebody who asked is forgotten
PUT_OFF = timedelta(days=1)  # when others would be left alone by it
UNCLAIMED_LASTS = timedelta(days=30)
NOTICES_LAST = timedelta(days=365)
LETTERS_LAST = timedelta(days=1)
# What play keeps; its jobs take their spans from here.
WALKS_LAST = timedelta(minutes=10)
MARKS_LAST = timedelta(days=30)
FILES_LAST = timedelta(days=30)
LEFT_BEHIND_LASTS = timedelta(hours=6)  # files that nothing needs, as a crash leaves them
ARRIVALS_LAST = timedelta(days=30)
PRINTS_LAST = timedelta(days=100)

FORGET = "forget what is over"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long one thing about people is kept; the words stand under `retention.<key>.what` and `.how_long`.

    `lasts` None: as long as the account, or for ever where `why` says so. `jobs` are the worker's that end it; the
    one called FORGET deletes `rows`: table, column of a moment, and how long after it.
    """

    key: str
    why: str
    lasts: timedelta | None = None
    jobs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, timedelta], ...] = ()


KEPT: tuple[Kept, ...] = (
    Kept("account", "to sign in, to be found by one's family, and to know who is a child"),
    Kept("factors", "to prove a second step"),
    Kept("identity", "so that one card belongs to one person"),
    Kept("consents", "to show what was agreed to, by whom, and until when"),
    Kept("steps", "to show them and to count them in challenges"),
    Kept(
        "appeals",
        "to show what was asked and answered",
        NOTICES_LAST,
        (FORGET,),
        (("step_appeal", "asked_at", NOTICES_LAST),),
    ),
    Kept("connections", "to fetch steps until they are disconnected; tokens are encrypted"),
    Kept("visits", "to show what was found, and to give each thing once"),
    Kept("file_digests", "so that the same file counts once, and its owner sees what was wrong with it"),
    Kept("ledger", "for ever, under a random id: the sums of families and schools stay right"),
    Kept("positions", "to know who is in a park; in memory only", WALKS_LAST),
    Kept("step_files", "to read them anew when a mistake is found", FILES_LAST, ("sweep files",)),
    Kept(
        "pushes",
        "to read them anew when a mistake is found, and to put stretches of one hour together",
        ARRIVALS_LAST,
        (FORGET,),
        (("step_arrival", "received_at", ARRIVALS_LAST), ("step_stretches", "changed_at", ARRIVALS_LAST)),
    ),
    Kept(
        "prints",
        "so that one device counts for one person a day",
        PRINTS_LAST,
        (FORGET,),
        (("step_print", "seen_at", PRINTS_LAST),),
    ),
    Kept("movement_marks", "to find a walk that is played back", MARKS_LAST, ("forget marks",)),
    Kept("sessions", "to stay signed in", SESSION_LASTS, ("forget sessions",)),
    Kept("known_devices", "to tell of a new one; the last one stays", DEVICE_LASTS, ("forget devices",)),
    Kept("links", "to prove an address or a second factor", max(LINK_LASTS.values()), ("forget sessions",)),
    Kept("sign_ups", "until the letter's link is followed", LINK_LASTS["sign-up"], ("forget sessions",)),
    Kept("letters", "so that a letter is sent once", LETTERS_LAST, ("forget links",)),
    Kept("notices", "to read them again", NOTICES_LAST, (FORGET,), (("notice", "made_at", NOTICES_LAST),)),
    Kept(
        "codes",
        "to join, to meet, to help and to be recognised",
        max(INVITE_LASTS, OFFER_LASTS),
        ("forget invites", "forget care offers", "forget meeting codes", "forget counter codes", FORGET),
        (("organisation_invite", "ends_at", timedelta(0)),),
    ),
    Kept("unclaimed", "until a guardian has had time to agree", UNCLAIMED_LASTS, ("erase unclaimed",)),
    Kept("erasures", "time for a change of mind", CHANGE_OF_MIND, ("erase",)),
)


def due_at(asked_at: datetime) -> datetime:
    """When somebody who asks is forgotten."""
    return asked_at + CHANGE_OF_MIND


def day_of(moment: datetime) -> date:
    """The day on which a moment is in Hong Kong."""
    return moment.astimezone(HONG_KONG).date()


def spans(lasts: timedelta | None) -> dict[str, int]:
    """A span in whole days, hours and minutes, each for itself, for the texts that name one of them."""
    whole = int(lasts.total_seconds()) if lasts else 0
    return {"days": whole // 86_400, "hours": whole // 3_600, "minutes": whole // 60}
