"""Garmin's FIT files: days that grow, walks of strides, and a container that is read as far as it goes."""

import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.contract import Sample
from integrations.fit import Message, messages
from tests.integrations import fit_made as made
from tests.integrations.files import counted, outcome, readings, table, whys, zipped

MORNING = made.seconds(datetime(2026, 11, 1, 1, tzinfo=UTC))  # nine o'clock in Hong Kong
ON = "2026-11-01"
WALK = made.file(made.owner() + made.walk(MORNING, 600, 500) + made.activity(MORNING + 600))


def monitoring(*readings: tuple[int, int, int], ahead: int = made.AHEAD) -> bytes:
    """A file of a day: seconds after nine, kind of activity, steps since midnight."""
    content = made.owner() + made.info(MORNING, ahead) + made.define(4, 55, {253: "u32", 5: "enum", 3: "u32"})
    for after, kind, steps in readings:
        content += made.data(4, [(MORNING + after, 4), (kind, 1), (steps, 4)])
    return made.file(content)


def test_the_fixtures_are_what_their_maker_makes(tmp_path: Path) -> None:
    made.write(tmp_path)
    kept = Path(__file__).parents[1] / "data" / "steps" / "garmin_fit"
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {
        each.name: each.read_bytes() for each in kept.iterdir()
    }


def test_a_day_is_the_last_count_of_each_kind_of_stepping() -> None:
    found = outcome(monitoring((0, 6, 900), (60, 1, 300), (120, 6, 1_000), (180, 2, 77_000)))
    assert counted(found) == {("Garmin", ON): 1_300}


def test_files_of_one_day_overlap_and_are_not_added() -> None:
    first, second = monitoring((0, 6, 900), (60, 6, 1_000)), monitoring((90, 6, 1_000), (3_600, 6, 1_400))
    assert counted(outcome(zipped({"a.fit": first, "b.fit": second}))) == {("Garmin", ON): 1_400}
    assert counted(outcome(second + first)) == {("Garmin", ON): 1_400}


def test_the_count_at_midnight_is_that_of_the_day_which_ended() -> None:
    midnight = 15 * 3600
    found = outcome(monitoring((0, 6, 900), (midnight, 6, 8_000), (midnight + 60, 6, 5)))
    assert counted(found) == {("Garmin", ON): 8_000, ("Garmin", "2026-11-02"): 5}


def test_the_local_day_is_that_of_the_watch() -> None:
    far = monitoring((15 * 3600 + 60, 6, 700), ahead=-5 * 3600)
    assert counted(outcome(far)) == {("Garmin", ON): 700}


def test_a_walk_is_two_steps_a_stride_where_the_watch_was() -> None:
    (found,) = readings("garmin_fit", WALK, ZoneInfo("Europe/London"))
    assert isinstance(found, Sample)
    assert (found.starts.isoformat(), found.ends.isoformat()) == (
        "2026-11-01T09:00:00+08:00",
        "2026-11-01T09:10:00+08:00",
    )
    assert (found.source, found.steps) == ("Garmin", 1_000)


def test_without_an_offset_it_is_the_person_s() -> None:
    alone = made.file(made.owner("Fenix\x075") + made.walk(MORNING, 600, 500))
    (found,) = readings("garmin_fit", alone)
    assert isinstance(found, Sample)
    assert (found.source, found.starts.isoformat()) == ("Garmin Fenix 5", "2026-11-01T09:00:00+08:00")


@pytest.mark.parametrize("sport", [2, 5, 10, 255])
def test_what_is_not_done_on_foot_has_no_steps(sport: int) -> None:
    assert whys(outcome(made.file(made.owner() + made.walk(MORNING, 600, 500, sport)))) == [(None, "no_steps")]


def test_a_walk_is_in_the_day_of_the_same_watch_and_not_added() -> None:
    found = outcome(zipped({"day.fit": monitoring((3_600, 6, 1_200)), "walk.fit": WALK}))
    assert counted(found) == {("Garmin", ON): 1_200}


def test_a_wrong_checksum_is_told_and_what_was_read_is_kept() -> None:
    found = outcome(WALK[:-1] + bytes([WALK[-1] ^ 1]))
    assert (counted(found), whys(found)) == ({("Garmin", ON): 1_000}, [(None, "damaged")])


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    found = outcome(monitoring((0, 6, 900), (60, 6, 1_000))[:-8])
    assert (counted(found), whys(found)) == ({("Garmin", ON): 900}, [(None, "ends_early")])


def test_a_file_that_claims_to_be_huge_ends_where_it_ends() -> None:
    found = outcome(made.file(made.owner() + made.walk(MORNING, 600, 500), size=4_000_000_000))
    assert (counted(found), whys(found)) == ({("Garmin", ON): 1_000}, [(None, "ends_early")])


def test_a_file_that_claims_to_be_shorter_is_read_that_far() -> None:
    walk = made.owner() + made.walk(MORNING, 600, 500)
    found = outcome(made.file(walk + made.walk(MORNING + 900, 600, 300), size=len(walk)))
    assert counted(found) == {("Garmin", ON): 1_000}
    assert whys(found)[0] == (None, "damaged")


def test_damage_costs_the_rest_of_its_own_file_only() -> None:
    broken = made.file(made.owner() + made.walk(MORNING, 600, 500) + b"\x0f" + made.walk(MORNING + 900, 600, 7))
    found = outcome(broken + made.file(made.owner() + made.walk(MORNING + 1_800, 600, 600)))
    assert (counted(found), whys(found)) == ({("Garmin", ON): 2_200}, [(None, "damaged")])


def test_fields_of_other_developers_are_passed_over() -> None:
    fields: dict[int, str | int] = {253: "u32", 5: "enum", 3: "u32"}
    records = made.define(4, 55, fields, others=bytes([2, 5])) + made.data(
        4, [(MORNING, 4), (6, 1), (42, 4), b"1234567"]
    )
    assert counted(outcome(made.file(records))) == {("Garmin", ON): 42}


def test_a_time_of_five_bits_follows_the_one_before() -> None:
    records = made.define(0, 20, {253: "u32"}) + made.data(0, [(1_000, 4)])
    records += made.define(1, 55, {3: "u32"})
    for five_bits in (1_005, 1_030, 1_040):
        records += bytes([0x80 | 1 << 5 | five_bits & 0x1F]) + (7).to_bytes(4, "little")
    found = [each for each in _messages(made.file(records)) if isinstance(each, Message)]
    assert [each.fields for each in found] == [{3: 7, 253: at} for at in (1_005, 1_030, 1_040)]


def test_values_that_say_that_they_are_none_are_none() -> None:
    records = made.define(1, 55, {3: "u32", 5: "enum", 9: "u16"}) + made.data(1, [(0xFFFFFFFF, 4), (0xFF, 1), (0, 2)])
    assert [each for each in _messages(made.file(records)) if each] == [Message(55, {9: 0})]


@pytest.mark.parametrize("other", [b"", b"....FIT", table("date,steps", "2026-11-01,5"), b"\x0e\0\0\0\0\0\0\0.FI"])
def test_what_has_no_mark_is_somebody_else_s(other: bytes) -> None:
    assert outcome(other).provider != "garmin_fit"


@given(order=st.booleans(), value=st.integers(0, 0xFFFFFFFE), header=st.sampled_from([12, 14, 20]))
def test_both_byte_orders_and_every_header_say_the_same(order: bool, value: int, header: int) -> None:
    records = made.define(3, 55, {3: "u32", 5: "enum"}, big=order) + made.data(3, [(value, 4), (6, 1)], big=order)
    assert [each for each in _messages(made.file(records, header=header)) if each] == [Message(55, {3: value, 5: 6})]


def _messages(content: bytes) -> list[object]:
    return list(messages(io.BytesIO(content), {55: frozenset({3, 5, 9})}))
