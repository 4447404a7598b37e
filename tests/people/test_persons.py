"""Persons: childhood ends at a Hong Kong midnight; nicknames are made of words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from challenges_app.people.persons.rules import ADJECTIVES, ANIMALS, family_name, in_hours, is_child, nickname
from challenges_app.settings import read
from tests.builders import KEYS, PEPPER


@pytest.mark.parametrize(
    ("born", "turns_16"),
    [
        (date(2010, 11, 21), datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
        (date(2012, 2, 29), datetime(2028, 2, 28, 16, 0, tzinfo=UTC)),
        (date(2009, 12, 31), datetime(2025, 12, 30, 16, 0, tzinfo=UTC)),
    ],
)
def test_childhood_ends_at_midnight_in_hong_kong(born: date, turns_16: datetime) -> None:
    assert is_child(born, turns_16 - timedelta(microseconds=1))
    assert not is_child(born, turns_16)


def test_one_born_on_a_leap_day_grows_up_on_the_first_of_march() -> None:
    born = date(2012, 2, 29)
    assert not is_child(born, datetime(2028, 2, 29, 0, 0, tzinfo=UTC))


@pytest.mark.parametrize(("hour_utc", "late"), [(13, False), (14, True), (21, True), (22, False)])
def test_the_curfew_runs_past_midnight(hour_utc: int, late: bool) -> None:
    curfew = read({"EPLUS_KEYS": KEYS, "EPLUS_PEPPER": PEPPER}).curfew
    assert curfew is not None
    assert in_hours(datetime(2026, 11, 21, hour_utc, 0, tzinfo=UTC), *curfew) is late


def test_a_nickname_reads_well_in_three_languages() -> None:
    assert nickname("laughing", "bulbul") == {
        "zh-Hant": "愛笑的紅耳鵯",
        "zh-Hans": "爱笑的红耳鹎",
        "en": "Laughing Bulbul",
    }
    assert family_name("steady", "turtle")["zh-Hant"] == "踏實的烏龜一家"


def test_every_pair_of_words_makes_a_nickname_of_its_own() -> None:
    made = [nickname(adjective, species)["zh-Hant"] for adjective in ADJECTIVES for species in ANIMALS]
    assert len(set(made)) == len(made)
