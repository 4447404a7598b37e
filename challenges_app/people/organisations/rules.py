"""Decisions about organisations: which kinds there are, which roles they give, and which need a second factor."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Literal, get_args

Kind = Literal["school", "department", "workplace", "clinic", "care_team", "centre"]
# admin: gives others their roles; counter: checks identity cards; booth: measures at an event; member: works there.
Role = Literal["admin", "teacher", "staff", "clinician", "booth", "counter", "member"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ROLES: tuple[Role, ...] = get_args(Role)
# Roles that do not count on a device on which no second factor was proved.
NEED_SECOND_FACTOR: frozenset[str] = frozenset({"staff", "clinician", "counter"})
# Roles for which whoever joins gives the number of their registration with a board or council.
NEED_REGISTRATION: frozenset[str] = frozenset({"clinician"})
INVITE_LASTS = timedelta(days=7)

# The roles that an organisation's admin gives, and no others.
GIVES: Mapping[Kind, tuple[Role, ...]] = {
    "school": ("teacher", "admin", "member"),
    "department": ("staff", "admin", "counter"),
    "clinic": ("clinician", "counter", "admin", "member"),
    "care_team": ("booth", "counter", "admin"),
    "workplace": ("member", "admin"),
    "centre": ("booth", "counter", "admin"),
}


def may_give(held: Collection[str], kind: Kind, role: str) -> bool:
    """Whether somebody who holds roles in an organisation of a kind may give a role there."""
    return "admin" in held and role in GIVES[kind]


def needs_factor_to_give(kind: Kind, role: str) -> bool:
    """Whether an admin without a second factor may not give a role: one that needs it, or leads to one that does."""
    return role in NEED_SECOND_FACTOR or (role == "admin" and not NEED_SECOND_FACTOR.isdisjoint(GIVES[kind]))


def leaves_admin(role: str, admins: int) -> bool:
    """Whether an organisation still has an admin when one of its holders of a role goes."""
    return role != "admin" or admins > 1
