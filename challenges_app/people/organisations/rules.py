"""Decisions about organisations: which kinds there are, which roles they give, and which need a second factor."""

from typing import Literal

Kind = Literal["school", "department", "workplace", "clinic", "care_team", "centre"]
# admin: gives others their roles; counter: checks identity cards; booth: measures at an event; member: works there.
Role = Literal["admin", "teacher", "staff", "clinician", "booth", "counter", "member"]
# Roles that do not count on a device on which no second factor was proved.
NEED_SECOND_FACTOR: frozenset[str] = frozenset({"staff", "clinician"})
