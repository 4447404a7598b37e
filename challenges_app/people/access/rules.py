"""Which route is open to whom, and what may be done for whom: what is not in these tables is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

# person: signed in as a person; player: and, for a child, a guardian has agreed.
Open = Literal["anyone", "signed_in", "person", "player"]

ROUTES: dict[str, Open] = {
    "health": "anyone",
    "page": "anyone",
    "file": "anyone",
    "openapi.spec": "anyone",
    "sessions.read_session": "anyone",
    "sessions.sign_in": "anyone",
    "sessions.sign_out": "anyone",
    "sessions.sign_up": "anyone",
    "sessions.finish_sign_up": "anyone",
    "sessions.forgot_password": "anyone",
    "sessions.reset_password": "anyone",
    "sessions.sign_in_by_card": "anyone",
    "profile.profile": "signed_in",
    "profile.choose_language": "signed_in",
    "profile.change_email": "signed_in",
    "profile.verify_email": "signed_in",
    "profile.change_password": "signed_in",
    "profile.devices": "signed_in",
    "profile.sign_out_device": "signed_in",
    "profile.sign_out_others": "signed_in",
    "profile.told": "signed_in",
    "profile.read_all": "signed_in",
    "profile.new_face": "player",
    "family.family": "person",
    "family.make_family": "person",
    "family.add_child": "person",
    "family.claim_child": "person",
    "family.give_consent": "person",
    "family.withdraw_consent": "person",
    "family.make_card": "person",
    "family.change_face": "person",
    "family.invite": "person",
    "family.end_invite": "person",
    "family.join": "person",
    "family.leave": "person",
    "classes.classes": "signed_in",
    "classes.add_class": "signed_in",
    "classes.one_class": "signed_in",
    "classes.make_code": "signed_in",
    "classes.end_code": "signed_in",
    "classes.make_cards": "signed_in",
    "classes.end_pupil": "signed_in",
    "classes.join": "anyone",
    "today.today": "signed_in",
    "today.park": "signed_in",
    "walks.fixes": "player",
    "captures.capture": "player",
    "activity.day": "player",
    "activity.month": "player",
    "deliveries.give": "player",
    "deliveries.deliveries": "player",
    "deliveries.delivery": "player",
    "deliveries.cancel": "player",
    "deliveries.remove_source": "player",
    "boards.board": "signed_in",
    "boards.my_place": "signed_in",
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """What is known of whoever asks: enough to decide what they may see."""

    account_id: UUID
    person_id: UUID | None
    child: bool  # under 16 now
    household_id: UUID | None
    class_id: UUID | None
    school_id: str | None  # as a pupil
    teaches: frozenset[str]  # school ids
    staff: bool
    guardian: bool
    waiting_for_consent: bool  # a child for whom no guardian has agreed, or not any more

    @property
    def roles(self) -> list[str]:
        """The roles by which the screens greet somebody."""
        held = {
            "pupil": self.school_id is not None,
            "parent": self.guardian,
            "teacher": bool(self.teaches),
            "staff": self.staff,
        }
        return [role for role, yes in held.items() if yes] or ["child" if self.child else "adult"]

    @property
    def schools(self) -> frozenset[str]:
        """The schools that somebody belongs to, as pupil or teacher."""
        return self.teaches | ({self.school_id} if self.school_id else set())


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a person whom somebody wants to see or to act for."""

    person_id: UUID
    child: bool
    household_id: UUID | None
    guardian: bool
    school_id: str | None


Relation = Literal["self", "guardian", "household", "teacher", "stranger"]
# read_face: see nickname and picture; consent, card, face: act for somebody; enrol: put into a class;
# remove: take out of the household; roster: see on a class's list, and take out of the class.
Action = Literal["read_face", "consent", "card", "face", "enrol", "remove", "roster"]
Age = Literal["any", "child", "grown"]

# What somebody may do for a person to whom they stand in a relation, at which age of that person. The powers over a
# person end at 16; whom the household keeps stays the guardians' matter.
MAY: Mapping[tuple[Relation, Action], Age] = {
    ("self", "read_face"): "any",
    ("self", "enrol"): "any",
    ("self", "remove"): "grown",
    ("guardian", "read_face"): "any",
    ("guardian", "consent"): "child",
    ("guardian", "card"): "child",
    ("guardian", "face"): "child",
    ("guardian", "enrol"): "child",
    ("guardian", "remove"): "any",
    ("household", "read_face"): "any",
    ("teacher", "read_face"): "any",
    ("teacher", "roster"): "any",
    ("teacher", "card"): "child",
}


def relations(viewer: Viewer, person: Subject) -> frozenset[Relation]:
    """How somebody stands to a person; nobody is a guardian of themselves, of another guardian, or as a child."""
    if viewer.person_id == person.person_id:
        return frozenset({"self"})
    at_home = viewer.household_id is not None and viewer.household_id == person.household_id
    found: dict[Relation, bool] = {
        "household": at_home,
        "guardian": at_home and viewer.guardian and not viewer.child and not person.guardian,
        "teacher": person.school_id in viewer.teaches,
    }
    return frozenset(each for each, yes in found.items() if yes) or frozenset({"stranger"})


def may(relation: Relation, action: Action, *, child: bool) -> bool:
    """Whether a relation alone allows something for a person who is under 16, or not."""
    return MAY.get((relation, action)) in ("any", "child" if child else "grown")


def decide(viewer: Viewer, action: Action, person: Subject) -> bool:
    """Whether somebody may do something for a person, or see something of them."""
    return any(may(each, action, child=person.child) for each in relations(viewer, person))


def may_enter(endpoint: str, *, signed_in: bool, plays: bool) -> bool:
    """Whether a route is open to somebody who is signed in, or plays as a person; unknown routes are not."""
    needs = ROUTES.get(endpoint)
    return (
        needs == "anyone"
        or (needs == "signed_in" and signed_in)
        or (needs in ("person", "player") and signed_in and plays)
    )


def needs_consent(endpoint: str) -> bool:
    """Whether a route is closed to a child for whom no guardian has agreed."""
    return ROUTES.get(endpoint) == "player"
