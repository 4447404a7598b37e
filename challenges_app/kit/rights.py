"""What happens to the rows of a table when a person asks for their data or leaves; every table says it."""

from typing import Any, Literal

OnErasure = Literal["delete", "unlink", "keep"]


def personal(by: str | tuple[str, ...], on_erasure: OnErasure, why: str = "") -> dict[str, Any]:
    """The table holds data of persons, found through one or several columns `by`; it goes into their export.

    `unlink` and `keep` need the reason why the rows stay.
    """
    if on_erasure != "delete" and not why:
        raise ValueError("rows that outlive a person need a reason")
    return {"rights": {"by": (by,) if isinstance(by, str) else by, "on_erasure": on_erasure, "why": why}}


def exempt(why: str) -> dict[str, Any]:
    """The table holds nothing about a person, for the reason given."""
    return {"rights": {"by": (), "on_erasure": "keep", "why": why}}
