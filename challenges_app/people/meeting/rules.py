"""Decisions about meeting: what a shown code says, and who has still to agree."""

from typing import Literal

# self: somebody who met as a child and is 16 by now; other: the other side, whoever agrees there.
WaitsFor = Literal["guardian", "self", "other"]


def meet_link(address: str, code: str) -> str:
    """What a shown code says: our page with the code behind a #, where no server's log sees it."""
    return f"{address}/#/meet/{code}"


def waits_for(*, agreed: bool, other_agreed: bool, child: bool) -> WaitsFor | None:
    """Who has to agree before two are companions, as one of them is told; their own side comes first."""
    if not agreed:
        return "guardian" if child else "self"
    return None if other_agreed else "other"
