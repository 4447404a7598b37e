"""Decisions about households: how long an invitation is open, and who may leave."""

from datetime import timedelta
from typing import Literal

Role = Literal["guardian", "member"]
INVITE_LASTS = timedelta(days=7)


def may_go(*, guardian: bool, guardians: int, children: int) -> bool:
    """Whether a member may go: not the only guardian of children, who would be left with nobody to agree for them."""
    return not guardian or guardians > 1 or children == 0
