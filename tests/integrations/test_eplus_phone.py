"""Our own form of steps from a phone: columns of hours, samples and days, each wrong value at its own cost."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import DayCount, Sample
from integrations.providers import eplus_phone
from tests.integrations.bodies import bad, body, good, recognised
from tests.integrations.files import counted, days_of, outcome, readings

ON = "2026-11-22"
DAY = date(2026, 11, 22)
HK = timezone(timedelta(hours=8))
MIDNIGHT = int(datetime(2026, 11, 22, tzinfo=HK).timestamp())


def phone(name: object = "Pixel 8", offset: object = 480, **columns: object) -> dict[str, Any]:
    """A body of one source."""
    return {"eplus": 1, "sources": [{"name": name, "offset": offset, **columns}]}


def hours(**said: object) -> list[object]:
    """A day's hours, unknown but for those that are said, as in h7=312."""
    return [said.get(f"h{hour}") for hour in range(24)]


def samples(*said: tuple[object, object, object], since: object = MIDNIGHT) -> dict[str, object]:
    """Samples as three columns."""
    starts, lasts, steps = ([each[at] for each in said] for at in range(3))
    return {"from": since, "starts": starts, "lasts": lasts, "steps": steps}


@pytest.mark.parametrize("content", [b'{"eplus":1,"sources":[]}', b'\xef\xbb\xbf\n{ "eplus" : 1 }'])
def test_known_by_its_first_key_and_version(content: bytes) -> None:
    assert recognised(content) == ["eplus_phone"]


@pytest.mark.parametrize("content", [b'{"eplus":2}', b'{"eplus":10}', b'{"eplus":"1"}', b'{"sources":[],"eplus":1}'])
def test_other_versions_are_not_known(content: bytes) -> None:
    assert recognised(content) == []


def test_a_day_is_the_devices_own_total() -> None:
    assert good("eplus_phone", phone(days={ON: 8_123})) == [DayCount("Pixel 8", DAY, 8_123)]


def test_what_was_typed_in_stands_apart() -> None:
    found = days_of(outcome(body(phone(hours={ON: hours(h7=100)}, by_hand={ON: 500}))), ON)["Pixel 8"]
    assert (found.steps, found.by_hand) == (100, 500)


def test_an_hour_is_of_local_time_and_null_is_not_zero() -> None:
    found = good("eplus_phone", phone(hours={ON: hours(h7=0, h23=312)}))
    seven, last = datetime(2026, 11, 22, 7, tzinfo=HK), datetime(2026, 11, 22, 23, tzinfo=HK)
    hour = timedelta(hours=1)
    assert found == [Sample("Pixel 8", seven, seven + hour, 0), Sample("Pixel 8", last, last + hour, 312)]
    assert good("eplus_phone", phone(hours={ON: hours()})) == []


def test_samples_lie_in_the_local_day_of_the_offset() -> None:
    walk = samples((60, 120, 88), (23 * 3_600, 60, 104))
    assert days_of(outcome(body(phone(samples=walk))), ON)["Pixel 8"].hours == (88, *[0] * 22, 104)
    assert counted(outcome(body(phone(offset=0, samples=walk)))) == {
        ("Pixel 8", "2026-11-21"): 88,
        ("Pixel 8", ON): 104,
    }


def test_without_an_offset_the_time_is_the_persons_own() -> None:
    said = body(phone(offset=None, samples=samples((60, 120, 88)), hours={"2026-11-21": hours(h7=5)}))
    assert counted(outcome(said, ZoneInfo("Asia/Hong_Kong"))) == {("Pixel 8", ON): 88, ("Pixel 8", "2026-11-21"): 5}
    assert counted(outcome(said, ZoneInfo("Asia/Tokyo"))) == {("Pixel 8", ON): 88, ("Pixel 8", "2026-11-21"): 5}


def test_a_sample_while_clocks_are_put_back_lasts_as_long_as_it_did() -> None:
    since = int(datetime(2026, 10, 25, 0, 50, tzinfo=UTC).timestamp())
    said = body(phone(offset=None, samples=samples((0, 1_200, 88), since=since)))
    (found,) = readings("eplus_phone", said, ZoneInfo("Europe/Berlin"))
    assert isinstance(found, Sample)
    assert found.ends - found.starts == timedelta(minutes=20)
    assert (found.starts.timestamp(), found.starts.hour) == (since, 2)


def test_samples_of_a_day_that_has_hours_are_the_same_steps() -> None:
    walk = samples((8 * 3_600, 60, 100), (86_400 + 60, 60, 7))
    found = outcome(body(phone(samples=walk, hours={ON: hours(h8=100)})))
    assert counted(found) == {("Pixel 8", ON): 100, ("Pixel 8", "2026-11-23"): 7}


def test_a_total_beats_the_hours_of_its_day() -> None:
    assert counted(outcome(body(phone(days={ON: 900}, hours={ON: hours(h8=1_000)})))) == {("Pixel 8", ON): 900}


def test_sources_are_kept_apart() -> None:
    two = phone(days={ON: 5})["sources"] + phone("手錶", days={ON: 7})["sources"]
    assert counted(outcome(body({"eplus": 1, "sources": two}))) == {("Pixel 8", ON): 5, ("手錶", ON): 7}


def test_a_wrong_value_costs_itself_only() -> None:
    said = phone(
        days={"22 Nov": 5, ON: True, "2026-11-21": 7},
        hours={ON: hours(h7="5", h8=6, h9=-1), "2026-11-20": [1, 2]},
        samples=samples((0, 60, None), (-86_400, "60", 5), ([], 60, 5), (-80_000, 60, 8), (-70_000, 90_001, 8)),
    )
    assert bad("eplus_phone", said) == [
        (1, "not_a_date", "22 Nov"),
        (1, "not_a_number", ON),
        (1, "not_a_number", f"{ON} 7:00"),
        (1, "negative", "-1"),
        (1, "damaged", "hours 2026-11-20"),
        (1, "not_a_number", ""),
        (1, "not_a_time", "60"),
        (1, "not_a_time", ""),
        (1, "too_long", "2026-11-21 04:33:20+08:00"),
    ]
    assert [each.steps for each in good("eplus_phone", said)] == [7, 6, 8]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": [0], "lasts": [60], "steps": [1]},
        {"from": MIDNIGHT, "starts": [0, 60], "lasts": [60], "steps": [1]},
        {"from": MIDNIGHT, "starts": [0], "steps": [1]},
        {"from": MIDNIGHT, "starts": {"0": 1}, "lasts": [60], "steps": [1]},
        [0, 60, 1],
    ],
)
def test_samples_that_are_no_columns_cost_the_samples(wrong: object) -> None:
    said = phone(samples=wrong, days={ON: 5})
    assert bad("eplus_phone", said) == [(1, "damaged", "samples")]
    assert good("eplus_phone", said) == [DayCount("Pixel 8", DAY, 5)]


@pytest.mark.parametrize("key", ["days", "hours", "by_hand"])
def test_dates_that_are_no_object_cost_their_column(key: str) -> None:
    assert bad("eplus_phone", phone(**{key: [5]})) == [(1, "damaged", key)]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (5, (2, "damaged", "5")),
        ({"days": {ON: 1}}, (2, "damaged", "")),
        ({"name": 7, "days": {ON: 1}}, (2, "damaged", "7")),
        ({"name": "x", "offset": 1_440, "days": {ON: 1}}, (2, "not_a_time", "1440")),
        ({"name": "x", "offset": "+8", "days": {ON: 1}}, (2, "not_a_time", "+8")),
    ],
)
def test_a_wrong_source_costs_itself_only(source: object, why: tuple[int, str, str]) -> None:
    first, last = phone(days={ON: 5})["sources"][0], phone("Watch", days={ON: 6})["sources"][0]
    said = {"eplus": 1, "sources": [first, source, last]}
    assert bad("eplus_phone", said) == [why]
    assert len(good("eplus_phone", said)) == 2


@pytest.mark.parametrize("sources", [None, {}, "x"])
def test_a_body_without_sources_is_damaged(sources: object) -> None:
    assert bad("eplus_phone", {"eplus": 1, "sources": sources}) == [(None, "damaged", "")]


@pytest.mark.parametrize("since", [10**18, -(10**18), 1e300])
def test_times_beyond_the_calendar_are_problems(since: float) -> None:
    assert [each[:2] for each in bad("eplus_phone", phone(samples=samples((0, 60, 5), since=since)))] == [
        (1, "not_a_time")
    ]


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_dates(on: str) -> None:
    assert [each[:2] for each in bad("eplus_phone", phone(days={on: 1}, hours={on: hours(h23=1)}))] == [
        (1, "not_a_date")
    ] * 2


def test_the_form_is_documented_as_it_is_read() -> None:
    shown = (eplus_phone.__doc__ or "").partition("\n\n")[2].partition("\n\n")[0]
    shown = shown.replace("…, null, null", ", ".join(["0"] * 13 + ["null"] * 2))
    assert recognised(shown.encode()) == ["eplus_phone"]
    assert bad("eplus_phone", shown.encode()) == []
    assert counted(outcome(shown.encode())) == {("Pixel 8", ON): 8_123, ("Pixel 8", "2026-11-21"): None}
