"""Huawei's HiTrack files: rates that become steps, each for as long as it held."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Sample
from integrations.providers import huawei_hitrack
from tests.integrations.files import counted, outcome, part, readings, table, whys, zipped

BEGINS = 1_793_488_200_000  # 2026-11-01 07:10 in Hong Kong
ON = ("Huawei", "2026-11-01")


def rate(at_s: float, steps: object) -> str:
    """A line of so many seconds after the beginning."""
    return f"tp=s-r;k={BEGINS + round(at_s * 1000)};v={steps};"


def steps(*lines: str) -> list[tuple[float, int]]:
    """How long each stretch lasts, in seconds, and its steps."""
    found = readings("huawei_hitrack", table(*lines, ends="\n"))
    return [((each.ends - each.starts).total_seconds(), each.steps) for each in found if isinstance(each, Sample)]


def test_a_rate_a_minute_is_its_steps() -> None:
    assert steps(rate(0, 119), rate(60, 101)) == [(60, 119), (60, 101)]


def test_a_rate_every_five_seconds_is_a_twelfth_of_its_steps_and_nothing_is_lost_in_rounding() -> None:
    found = steps(*(rate(5 * at, 119) for at in range(24)), f"tp=h-r;k={BEGINS + 120_000};v=90;")
    assert {lasts for lasts, _ in found} == {5}
    assert sum(each for _, each in found) == 2 * 119


def test_a_pause_is_not_walked_through() -> None:
    assert steps(rate(0, 100), rate(600, 100)) == [(60, 100), (60, 100)]


@pytest.mark.parametrize(
    "ending", ["tp=h-r;k={};v=90;", "tp=alti;k={};v=5.7;", "tp=lbs;k=3;lat=22.3;lon=114.2;alt=1;t={};"]
)
def test_the_last_rate_holds_until_the_track_ends(ending: str) -> None:
    assert steps(rate(0, 90), ending.format(BEGINS + 20_000)) == [(20, 30)]


@pytest.mark.parametrize("k", [str(BEGINS), str(BEGINS // 1000), "1.7934882E12", "1.7934882E9"])
def test_seconds_and_milliseconds_are_told_apart(k: str) -> None:
    (found,) = readings("huawei_hitrack", f"tp=s-r;k={k};v=100;\n".encode())
    assert isinstance(found, Sample)
    assert (found.starts.isoformat(), found.ends - found.starts) == ("2026-11-01T07:10:00+08:00", timedelta(minutes=1))


def test_lines_that_are_no_good_are_told_with_their_number() -> None:
    lines = (
        rate(0, 100),
        "tp=s-r;k=2;v=100;",
        "tp=s-r;k=;v=;",
        rate(60, -5),
        rate(60, 99_999),
        rate(60, "1.2.3"),
        "rubbish",
    )
    found = outcome(table(*lines, ends="\n"))
    assert counted(found) == {ON: 100}
    said = [(2, "not_a_time"), (3, "damaged"), (4, "negative"), (5, "too_large"), (6, "not_a_number"), (7, "damaged")]
    assert whys(found) == said


def test_several_tracks_in_a_zip_are_one_person_s() -> None:
    packed = zipped(
        {"HiTrack_1": table(rate(0, 100)), "HiTrack_2": table("tp=h-r;k=5;v=1;", rate(3_600, 80)), "a.txt": b"x"}
    )
    assert counted(outcome(packed)) == {ON: 180}


def test_a_track_without_rates_says_that_it_has_no_steps() -> None:
    found = outcome(b"tp=lbs;k=0;lat=22.3;lon=114.2;alt=1;t=1.7934882E9;\n")
    assert (found.provider, whys(found)) == ("huawei_hitrack", [(None, "no_steps")])
    assert not huawei_hitrack.recognises(part(b"http=lbs;k=0;\n"))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 250)), min_size=1, max_size=60))
def test_the_sum_of_the_steps_is_the_rates_times_their_time(rates: list[tuple[int, int]]) -> None:
    at, lines, walked = 0, [], 0.0
    for number, (gap, value) in enumerate(rates):
        lines.append(rate(at, value))
        walked += value * (min(gap, 60) if number < len(rates) - 1 else 60) / 60
        at += gap
    assert abs(sum(each for _, each in steps(*lines)) - walked) <= 0.5 + 1e-6
