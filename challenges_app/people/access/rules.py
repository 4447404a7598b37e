"""Which route is open to whom: a route that is not in this table is closed."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Open = Literal["anyone", "signed_in", "player"]

ROUTES: dict[str, Open] = {
    "health": "anyone",
    "page": "anyone",
    "file": "anyone",
    "openapi.spec": "anyone",
    "sessions.read_session": "anyone",
    "sessions.sign_in": "anyone",
    "sessions.sign_out": "anyone",
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

    @property
    def roles(self) -> list[str]:
        """The roles by which the screens greet somebody."""
        held = {
            "pupil": self.school_id is not None,
            "parent": self.guardian,
            "teacher": bool(self.teaches),
            "staff": self.staff,
        }
        return [role for role, yes in held.items() if yes] or ["adult"]

    @property
    def schools(self) -> frozenset[str]:
        """The schools that somebody belongs to, as pupil or teacher."""
        return self.teaches | ({self.school_id} if self.school_id else set())


def may_enter(endpoint: str, *, signed_in: bool, plays: bool) -> bool:
    """Whether a route is open; unknown routes are not."""
    needs = ROUTES.get(endpoint)
    return needs == "anyone" or (needs == "signed_in" and signed_in) or (needs == "player" and signed_in and plays)
