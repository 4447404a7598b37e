"""Whole recordings: invented movement of every kind is found, honest walks of every kind are left in peace."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geo.fix import Fix
from geo.metric import moved
from geo.plausible import LEVELS, Level, Track, Verdict, judge
from geo.replay import replay
from tests.geo import honest, spoofs
from tests.geo.honest import HONG_KONG_PARK, dice
from tests.geo.places import central_parks

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SEEDS = range(6)


def judged(fixes: Iterable[Fix]) -> list[Verdict]:
    """What is thought at each fix, nobody being in a park."""
    track, found = Track(), []
    for fix in fixes:
        track, verdict = judge(track, fix)
        found.append(verdict)
    return found


def worst(verdicts: Sequence[Verdict]) -> Level:
    return max((verdict.level for verdict in verdicts), key=LEVELS.index)


def walk(seconds: int, start: datetime = NOON, place: tuple[float, float] = HONG_KONG_PARK) -> list[Fix]:
    """A plain honest walk."""
    chance = dice("plain")
    return honest.Phone(drift_m=3, drift_s=20).fixes(honest.strolled(chance, seconds, 1.2), chance, start, place)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", sorted(honest.KINDS))
def test_honest_walks_are_left_in_peace(kind: str, seed: int) -> None:
    found = replay(honest.KINDS[kind](dice((kind, seed))), central_parks())
    assert (found.verdict, found.reasons) == ("ok", ())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", sorted(spoofs.KINDS))
def test_invented_movement_is_found(kind: str, seed: int) -> None:
    build, reason = spoofs.KINDS[kind]
    found = replay(build(dice((kind, seed))), central_parks())
    assert found.verdict != "ok"
    assert reason in found.reasons


def test_only_jumps_and_copies_are_called_impossible() -> None:
    for kind in sorted(set(spoofs.KINDS) - {"teleport", "teleport_in"}):
        build, _ = spoofs.KINDS[kind]
        assert replay(build(dice((kind, 0))), central_parks()).verdict == "doubtful"


def test_a_coarse_fix_is_not_used_and_not_held_against_anybody() -> None:
    fixes = walk(60)
    far = moved(fixes[30].lat, fixes[30].lon, 800, 0)
    fixes[30] = replace(fixes[30], lat=far[0], lon=far[1], accuracy_m=900.0)
    verdicts = judged(fixes)
    assert [index for index, verdict in enumerate(verdicts) if not verdict.used] == [30]
    assert worst(verdicts) == "ok"


def test_a_glitch_is_not_used_and_not_held_against_anybody() -> None:
    fixes = walk(60)
    far = moved(fixes[30].lat, fixes[30].lon, 60, 60)
    fixes[30] = replace(fixes[30], lat=far[0], lon=far[1], accuracy_m=7.0)
    verdicts = judged(fixes)
    assert [index for index, verdict in enumerate(verdicts) if not verdict.used] == [30]
    assert worst(verdicts) == "ok"


def test_an_impossible_jump_is_remembered_for_ten_minutes() -> None:
    away = moved(*HONG_KONG_PARK, 3000, 0)
    fixes = walk(60) + walk(900, NOON + timedelta(seconds=61), away)
    levels = [verdict.level for verdict in judged(fixes)]
    first = levels.index("impossible")
    assert set(levels[:first]) == {"ok"}
    assert levels[first : first + 600] == ["impossible"] * 600
    assert levels[-1] == "ok"


def test_a_doubt_is_over_a_minute_after_its_cause() -> None:
    still = Fix(NOON, *HONG_KONG_PARK, 8.0)
    fixes = [replace(still, at=NOON + timedelta(seconds=turn)) for turn in range(60)]
    levels = [verdict.level for verdict in judged(fixes + walk(120, NOON + timedelta(seconds=60)))]
    assert levels[59] == "doubtful"
    assert set(levels[125:]) == {"ok"}


@pytest.mark.parametrize(("seconds", "level"), [(30, "ok"), (140, "ok"), (200, "doubtful")])
def test_after_a_walk_one_position_may_be_repeated_for_two_minutes(seconds: int, level: str) -> None:
    fixes = walk(60)
    fixes += [replace(fixes[-1], at=fixes[-1].at + timedelta(seconds=turn)) for turn in range(1, seconds)]
    assert worst(judged(fixes)) == level


@pytest.mark.parametrize(("seconds", "level"), [(45, "ok"), (60, "doubtful")])
def test_a_phone_that_has_never_moved_gets_less_time(seconds: int, level: str) -> None:
    still = Fix(NOON, *HONG_KONG_PARK, 8.0)
    assert worst(judged(replace(still, at=NOON + timedelta(seconds=turn)) for turn in range(seconds))) == level


def test_fixes_sent_twice_or_late_are_not_used_and_not_held_against_anybody() -> None:
    fixes = walk(120)
    verdicts = judged(fixes + fixes[60:] + fixes)
    assert not any(verdict.used for verdict in verdicts[len(fixes) :])
    assert worst(verdicts) == "ok"


def test_a_clock_set_back_by_an_hour_is_doubtful_and_then_forgotten() -> None:
    again = walk(300, NOON - timedelta(hours=1))
    verdicts = judged(walk(60) + again)
    assert "clock_backwards" in {reason for verdict in verdicts for reason in verdict.reasons}
    assert worst(verdicts) == "doubtful"
    assert (verdicts[-1].level, verdicts[-1].used) == ("ok", True)


def test_after_ten_minutes_of_silence_a_track_begins_anew() -> None:
    elsewhere = walk(60, NOON + timedelta(seconds=700), moved(*HONG_KONG_PARK, 30_000, 0))
    assert worst(judged(walk(60) + elsewhere)) == "ok"


def test_nothing_is_ever_found_in_the_first_half_minute_of_a_line() -> None:
    assert worst(judged(spoofs.drawn([(1.3 * t, 0.0) for t in range(30)], 1, 5.0))) == "ok"
