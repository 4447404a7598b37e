"""How a group's efforts become one number to rank by."""

from typing import Literal, assert_never

Measure = Literal["total", "mean", "share"]

# Groups with fewer players are hidden: the sum of one is that one's own.
SHOWN_FROM = {"household": 2, "class": 5, "school": 5}


def value(measure: Measure, points: int, reached: int, enrolled: int) -> float:
    """Points; points per enrolled member; or the share (0 to 1) of enrolled members who reached the goal.

    Members who reached the goal and then left still count, so the divisor is never less than their number.
    """
    match measure:
        case "total":
            return points
        case "mean":
            return points / max(enrolled, 1)
        case "share":
            return reached / max(enrolled, reached, 1)
        case _:
            assert_never(measure)
