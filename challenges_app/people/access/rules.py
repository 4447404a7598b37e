"""Which route is open to whom, and what may be done for whom: what is not in these tables is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from challenges_app.people.care_links.rules import Scope
from challenges_app.people.organisations.rules import Role as OrganisationRole

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
    "phones.push": "anyone",  # with a key of its own
    "sign_ups.sign_up": "anyone",
    "sign_ups.finish_sign_up": "anyone",
    "sign_ups.forgot_password": "anyone",
    "sign_ups.reset_password": "anyone",
    "sessions.sign_in_by_card": "anyone",
    "sessions.second_step": "anyone",
    "sessions.ask_passkey": "anyone",
    "sessions.sign_in_by_passkey": "anyone",
    "sessions.ask_own_passkey": "signed_in",
    "sessions.prove_again": "signed_in",
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
    "profile.choose_credentials": "signed_in",
    "profile.new_face": "player",
    "factors.factors": "signed_in",
    "factors.make_app": "signed_in",
    "factors.confirm_app": "signed_in",
    "factors.remove_app": "signed_in",
    "factors.ask_for_passkey": "signed_in",
    "factors.add_passkey": "signed_in",
    "factors.remove_passkey": "signed_in",
    "factors.make_recovery_codes": "signed_in",
    "post.choice": "signed_in",
    "post.choose": "signed_in",
    "post.unread": "signed_in",
    "post.push": "signed_in",
    "post.subscribe": "signed_in",
    "post.unsubscribe": "signed_in",
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
    "identity.identity": "person",
    "identity.make_code": "person",
    "identity.go_to_iam_smart": "person",
    "identity.come_back": "anyone",
    "identity.look": "signed_in",
    "identity.check": "signed_in",
    "memberships.organisations": "signed_in",
    "memberships.organisation": "signed_in",
    "memberships.invite": "signed_in",
    "memberships.end_invite": "signed_in",
    "memberships.join": "signed_in",
    "memberships.end_member": "signed_in",
    "memberships.leave": "signed_in",
    "classes.classes": "signed_in",
    "classes.add_class": "signed_in",
    "classes.one_class": "signed_in",
    "classes.make_code": "signed_in",
    "classes.end_code": "signed_in",
    "classes.make_cards": "signed_in",
    "classes.end_pupil": "signed_in",
    "classes.join": "anyone",
    "readings.readings": "signed_in",
    "readings.enter": "signed_in",
    "meeting.make_code": "player",
    "meeting.meet": "player",
    "meeting.companions": "person",
    "meeting.agree": "person",
    "meeting.end": "person",
    "meeting.child_companions": "person",
    "meeting.agree_for_child": "person",
    "meeting.end_for_child": "person",
    "carers.care": "person",
    "carers.offer": "person",
    "carers.take_back": "person",
    "carers.accept": "person",
    "carers.renew": "person",
    "carers.end": "person",
    "carers.hide": "person",
    "carers.show": "person",
    "departure.retention": "anyone",
    "departure.people": "signed_in",
    "departure.export": "signed_in",
    "departure.export_child": "person",
    "departure.ask": "person",
    "departure.keep": "person",
    "departure.ask_for_child": "person",
    "departure.keep_child": "person",
    "today.today": "signed_in",
    "today.parks": "signed_in",
    "today.park": "signed_in",
    "walks.fixes": "player",
    "captures.capture": "player",
    "activity.day": "player",
    "activity.month": "player",
    "deliveries.give": "player",
    "deliveries.deliveries": "player",
    "deliveries.delivery": "player",
    "deliveries.cancel": "player",
    "deliveries.forget_file": "player",
    "deliveries.remove_source": "player",
    "appeals.appeals": "player",
    "appeals.ask": "player",
    "appeals.take_back": "player",
    "appeals.waiting": "signed_in",  # staff
    "appeals.decide": "signed_in",  # staff
    "trackers.trackers": "signed_in",  # staff
    "phones.phones": "player",
    "phones.add_phone": "player",
    "phones.remove_phone": "player",
    "connections.connections": "player",
    "connections.go": "player",
    "connections.come_back": "anyone",
    "connections.sync": "player",
    "connections.end": "player",
    "connections.hear": "anyone",  # at a secret address, or signed
    "boards.board": "signed_in",
    "boards.my_place": "signed_in",
}

# Routes about a named person: what is done there, and for what. The gate decides it before the door, by MAY below; a
# route that names a person and is not here is closed.
ABOUT: dict[str, tuple["Resource", "Action", "Purpose"]] = {
    "family.give_consent": ("consent", "change", "personal"),
    "family.withdraw_consent": ("consent", "change", "personal"),
    "family.make_card": ("card", "change", "personal"),
    "family.change_face": ("face", "change", "personal"),
    "family.leave": ("household", "change", "personal"),
    "classes.end_pupil": ("roster", "change", "school"),
    "carers.hide": ("care_link", "change", "personal"),
    "carers.show": ("care_link", "change", "personal"),
    "meeting.child_companions": ("companion", "read", "personal"),
    "meeting.agree_for_child": ("companion", "change", "personal"),
    "meeting.end_for_child": ("companion", "change", "personal"),
    "departure.export_child": ("data", "read", "personal"),
    "departure.ask_for_child": ("data", "change", "personal"),
    "departure.keep_child": ("data", "change", "personal"),
}

# What can be done in somebody's place, and what that is; every other route is closed while one acts for another.
ACTING: dict[str, tuple["Resource", "Action"]] = {
    "today.today": ("play", "read"),
    "today.parks": ("play", "read"),
    "today.park": ("play", "read"),
    "activity.day": ("play", "read"),
    "activity.month": ("play", "read"),
    "boards.board": ("play", "read"),
    "boards.my_place": ("play", "read"),
    "deliveries.give": ("play", "change"),
    "deliveries.deliveries": ("play", "read"),
    "deliveries.delivery": ("play", "read"),
    "deliveries.cancel": ("play", "change"),
    "deliveries.forget_file": ("play", "change"),
    "appeals.appeals": ("play", "read"),
    "appeals.ask": ("play", "change"),
    "appeals.take_back": ("play", "change"),
    "phones.phones": ("play", "read"),
    "phones.add_phone": ("play", "change"),
    "phones.remove_phone": ("play", "change"),
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
    held: frozenset[OrganisationRole] = frozenset()  # roles in organisations that count on this device
    needs_factor: bool = False  # holds a role that does not count until a second factor was proved
    acting: UUID | None = None  # the person who acts in place of this one

    @property
    def roles(self) -> list[str]:
        """The roles by which the screens greet somebody."""
        held = {
            "pupil": self.school_id is not None,
            "parent": self.guardian,
            "teacher": bool(self.teaches),
            "staff": self.staff,
            **{role: role in self.held for role in ("clinician", "booth", "counter", "admin", "member")},
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
    carers: Mapping[UUID, frozenset[Scope]] = field(default_factory=dict)  # whose links hold now, and how far they go
    companions: frozenset[UUID] = frozenset()
    hidden_from: frozenset[UUID] = frozenset()  # by the safety switch


@dataclass(frozen=True, slots=True)
class Context:
    """What else is known of the moment: whether a second factor was proved on the device not long ago."""

    strong: bool = False


WEAK = Context()
Role = Literal["self", "guardian", "household", "carer", "companion", "teacher", "counter", "stranger"]
# face: nickname and picture; school: which one; consent: that a child plays; card: to sign in with; enrolment: in a
# class; household: who is in it; roster: a class's list; play: parks, steps, points; companion: friends; care_link: who
# acts for somebody; data: everything as a file, and its erasure; identity: the number of an identity card;
# reading: what a pupil's pedometer showed on a day.
Resource = Literal[
    "face", "school", "consent", "card", "enrolment", "household", "roster", "play", "companion", "care_link", "data",
    "identity", "reading",
]  # fmt: skip
Action = Literal["read", "change"]
Purpose = Literal["personal", "school", "counter"]  # what the door at which somebody asks is for
Age = Literal["any", "child", "grown"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What else must hold for a role to allow something."""

    age: Age = "any"  # of the person
    purpose: Purpose = "personal"
    scope: Scope | None = None  # of the care link
    hideable: bool = False  # closed to somebody from whom the safety switch hides it
    strong: bool = False


# What somebody may do for a person to whom they stand in a role. The powers over a person end at 16; whom the household
# keeps stays the guardians' matter.
MAY: Mapping[tuple[Role, Resource, Action], Rule] = {
    ("self", "face", "read"): Rule(),
    ("self", "school", "read"): Rule(),
    ("self", "enrolment", "change"): Rule(),
    ("self", "household", "change"): Rule("grown"),
    ("self", "play", "read"): Rule(),
    ("self", "play", "change"): Rule(),
    ("self", "companion", "read"): Rule(),
    ("self", "companion", "change"): Rule("grown"),
    ("self", "care_link", "read"): Rule(),
    ("self", "care_link", "change"): Rule("grown"),
    ("self", "identity", "change"): Rule("grown"),
    ("self", "data", "read"): Rule("grown"),
    ("self", "data", "change"): Rule("grown"),
    ("guardian", "face", "read"): Rule(),
    ("guardian", "face", "change"): Rule("child"),
    ("guardian", "school", "read"): Rule("child", hideable=True),
    ("guardian", "consent", "change"): Rule("child"),
    ("guardian", "card", "change"): Rule("child", hideable=True),  # a card signs in to what is hidden
    ("guardian", "enrolment", "change"): Rule("child"),
    ("guardian", "household", "change"): Rule(),
    ("guardian", "play", "read"): Rule("child"),
    ("guardian", "play", "change"): Rule("child"),
    ("guardian", "companion", "read"): Rule("child"),
    ("guardian", "companion", "change"): Rule("child"),
    ("guardian", "care_link", "read"): Rule("child"),
    ("guardian", "care_link", "change"): Rule("child"),
    ("guardian", "data", "read"): Rule("child", hideable=True),  # the school is in it
    ("guardian", "data", "change"): Rule("child"),
    ("household", "face", "read"): Rule(),
    ("carer", "face", "read"): Rule(),
    ("carer", "school", "read"): Rule(scope="view-challenge", hideable=True),
    ("carer", "play", "read"): Rule(scope="view-challenge"),
    ("carer", "play", "change"): Rule(scope="manage-challenge"),
    ("companion", "face", "read"): Rule(),
    ("teacher", "face", "read"): Rule(purpose="school"),
    ("teacher", "school", "read"): Rule(purpose="school"),
    ("teacher", "roster", "read"): Rule(purpose="school"),
    ("teacher", "roster", "change"): Rule(purpose="school"),
    ("teacher", "reading", "read"): Rule(purpose="school"),
    ("teacher", "reading", "change"): Rule(purpose="school"),
    ("teacher", "card", "change"): Rule("child", purpose="school"),
    ("counter", "identity", "change"): Rule("grown", purpose="counter", strong=True),
}


def roles_for(account: Viewer, person: Subject) -> frozenset[Role]:
    """How somebody stands to a person; nobody is a guardian of themselves, of another guardian, or as a child."""
    if account.person_id == person.person_id:
        return frozenset({"self"})
    at_home = account.household_id is not None and account.household_id == person.household_id
    found: dict[Role, bool] = {
        "household": at_home,
        "guardian": at_home and account.guardian and not account.child and not person.guardian,
        "carer": account.person_id in person.carers and not account.child,
        "companion": account.person_id in person.companions,
        "teacher": person.school_id in account.teaches,
        "counter": "counter" in account.held,
    }
    return frozenset(each for each, yes in found.items() if yes) or frozenset({"stranger"})


def decide(
    account: Viewer,
    acting_role: Role | None,
    person: Subject,
    resource: Resource,
    action: Action,
    purpose: Purpose = "personal",
    context: Context = WEAK,
) -> bool:
    """Whether somebody may see or change something of a person; None: in any role that they have.

    What is not in the table is denied.
    """
    roles = roles_for(account, person)
    asked = roles if acting_role is None else roles & {acting_role}
    found = ((role, MAY.get((role, resource, action))) for role in asked)
    return any(rule is not None and _holds(rule, account, person, purpose, context) for _, rule in found)


def _holds(rule: Rule, account: Viewer, person: Subject, purpose: Purpose, context: Context) -> bool:
    me = account.person_id
    return (
        rule.age in ("any", "child" if person.child else "grown")
        and rule.purpose == purpose
        and (rule.scope is None or (me is not None and rule.scope in person.carers.get(me, frozenset())))
        and not (rule.hideable and me in person.hidden_from)
        and (context.strong or not rule.strong)
    )


def roles_with(resource: Resource, action: Action, purpose: Purpose) -> frozenset[Role]:
    """The roles to whom the table may allow something: where lists are looked for, before each of them is decided."""
    return frozenset(
        role for (role, what, how), rule in MAY.items() if (what, how, rule.purpose) == (resource, action, purpose)
    )


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
