"""What a position may be, and what is refused at once."""

from datetime import UTC, datetime
from math import inf, nan

import pytest

from geo.fix import Fix, FixError

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_fix_may_come_without_accuracy_and_speed() -> None:
    fix = Fix(NOON, 22.28, 114.16)
    assert (fix.accuracy_m, fix.speed_mps, fix.is_coarse) == (None, None, False)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("lat", (90.1, 114.16, 8.0, 1.0)),
        ("lat", (nan, 114.16, 8.0, 1.0)),
        ("lon", (22.28, -180.5, 8.0, 1.0)),
        ("lon", (22.28, inf, 8.0, 1.0)),
        ("accuracy_m", (22.28, 114.16, -1.0, 1.0)),
        ("accuracy_m", (22.28, 114.16, nan, 1.0)),
        ("accuracy_m", (22.28, 114.16, inf, 1.0)),
        ("speed_mps", (22.28, 114.16, 8.0, -0.1)),
    ],
)
def test_what_cannot_be_is_refused_by_name(field: str, values: tuple[float, float, float, float]) -> None:
    with pytest.raises(FixError) as refused:
        Fix(NOON, *values)
    assert refused.value.field == field


def test_a_time_without_an_offset_is_no_moment() -> None:
    with pytest.raises(FixError, match="no offset"):
        Fix(NOON.replace(tzinfo=None), 22.28, 114.16)


def test_a_hundred_metres_are_good_enough_and_more_are_coarse() -> None:
    assert not Fix(NOON, 22.28, 114.16, 100.0).is_coarse
    assert Fix(NOON, 22.28, 114.16, 100.1).is_coarse
