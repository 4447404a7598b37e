"""Jumps, as a conversation: which are dropped, which are believed, and which are held against somebody."""

import math

import pytest

from geo.reach import Placed, Point, Reach, placed


class Phone:
    """A phone that reports where it is, in metres; `error` is what it claims."""

    def __init__(self) -> None:
        self.reach = Reach()
        self.now = 0.0
        self.charges: list[str] = []
        self.sure = False

    def reports(self, east: float, *, after: float = 1, north: float = 0, error: float = 8) -> bool:
        """Whether this report is used."""
        self.now += after
        point: Point = (self.now, east, north, error)
        found: Placed = placed(self.reach, point)
        self.reach = found.reach
        self.charges += [found.charge] if found.charge else []
        self.sure = self.sure or found.sure
        return found.used

    def walks(self, start: float, seconds: int, *, pace: float = 1.2, every: float = 1) -> bool:
        """Whether all reports of a walk eastwards are used."""
        return all([self.reports(start + pace * every * turn, after=every) for turn in range(int(seconds / every))])


def walking() -> Phone:
    phone = Phone()
    assert phone.walks(0, 60)
    return phone


@pytest.mark.parametrize("metres", [30, 60, 90, 5000])
def test_a_jump_of_one_second_that_returns_is_dropped_and_forgiven(metres: float) -> None:
    phone = walking()
    assert not phone.reports(72 + metres)
    assert phone.walks(73, 60)
    assert phone.charges == []


def test_a_jump_of_three_seconds_that_returns_is_dropped_and_forgiven() -> None:
    phone = walking()
    assert not any([phone.reports(east) for east in (140, 141, 142)])
    assert phone.walks(75, 60)
    assert phone.charges == []


def test_settling_seventy_metres_away_is_believed_after_a_while_and_forgiven() -> None:
    phone = walking()
    used = [phone.reports(145 + turn) for turn in range(12)]
    assert used.index(True) == 8
    assert all(used[8:])
    assert phone.charges == []


def test_settling_again_and_again_is_not() -> None:
    phone = walking()
    for turn in range(8):
        phone.walks(100 if turn % 2 else 0, 30)
    assert set(phone.charges) == {"teleport"}
    assert not phone.sure


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_a_jump_of_two_kilometres_that_stays_is_impossible(every: int) -> None:
    phone = Phone()
    phone.walks(0, 120, every=every)
    phone.walks(2144, 120, every=every)
    assert phone.charges == ["teleport"]
    assert phone.sure


def test_a_jump_of_two_hundred_metres_that_stays_is_doubtful() -> None:
    phone = walking()
    phone.walks(272, 60)
    assert phone.charges == ["teleport"]
    assert not phone.sure


def test_three_hundred_metres_in_ten_seconds_need_more_than_a_car() -> None:
    phone = Phone()
    phone.walks(0, 120, every=10)
    phone.walks(450, 120, every=10)
    assert phone.charges == ["teleport"]


def test_a_bus_starts_rides_and_stops_without_a_word() -> None:
    phone, east, speed = walking(), 72.0, 0.0
    for second in range(90):
        speed = min(speed + 1.2, 16) if second < 70 else max(0.0, speed - 1.5)
        east += speed
        assert phone.reports(east)
    assert phone.charges == []


def test_a_train_that_is_seen_every_ten_seconds_is_no_teleport() -> None:
    phone, east, speed = walking(), 72.0, 0.0
    for _ in range(30):
        speed = min(speed + 10, 35)
        east += 10 * speed
        phone.reports(east, after=10, error=30)
    assert phone.charges == []


def test_eight_minutes_underground_explain_five_kilometres() -> None:
    phone = walking()
    assert phone.reports(5000, after=480)
    assert phone.walks(5001, 60)
    assert phone.charges == []


def test_after_a_gap_a_remembered_place_may_come_first() -> None:
    phone = walking()
    phone.reports(72, after=480)
    phone.walks(5000, 60)
    assert phone.charges == []


def test_at_the_start_a_remembered_place_may_come_first() -> None:
    phone = Phone()
    for _ in range(3):
        phone.reports(0, error=10)
    phone.walks(5000, 60)
    assert phone.charges == []


def test_after_a_gap_nobody_is_forgiven_what_the_gap_does_not_explain() -> None:
    phone = walking()
    phone.reports(72, after=40)
    phone.walks(9000, 60)
    assert phone.charges == ["teleport"]


def test_who_claims_four_hundred_metres_may_be_off_by_as_much() -> None:
    phone = walking()
    phone.reports(400, error=95)
    phone.walks(75, 60)
    for turn in range(12):
        phone.reports(250 + turn, error=90)
    assert phone.charges == []


@pytest.mark.parametrize("every", [1, 5, 10])
def test_places_without_any_way_between_them_are_random(every: int) -> None:
    phone = Phone()
    for turn in range(40):
        phone.reports(150 * math.sin(turn * 2.4), north=150 * math.cos(turn * 4.1), after=every)
    assert "random_points" in phone.charges


def test_nothing_is_reached_at_two_hundred_kilometres_an_hour_for_half_a_minute() -> None:
    phone = walking()
    for second in range(60):
        phone.reports(200 + 60 * second)
    assert "too_fast" in phone.charges


def test_the_tail_stays_short() -> None:
    often, seldom = Phone(), Phone()
    often.walks(0, 600)
    seldom.walks(0, 3000, every=30)
    assert len(often.reach.tail) == 40
    assert len(seldom.reach.tail) == 11
