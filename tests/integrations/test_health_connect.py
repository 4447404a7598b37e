"""Health Connect's database: apps side by side, columns of any version, and a database that is not let do anything."""

import io
from datetime import UTC, datetime

import pytest

from integrations.contract import Part, Problem, Reading, Sample
from integrations.providers import health_connect
from integrations.upload import Unreadable
from tests.integrations import health_made as made
from tests.integrations.files import counted, days_of, outcome, part, whys, zipped
from tests.integrations.health_made import PHONE, row

NINE = datetime(2026, 11, 1, 1, tzinfo=UTC)  # in Hong Kong
ON = "2026-11-01"
OLD = "CREATE TABLE steps_record_table (start_time INTEGER, end_time INTEGER, count INTEGER)"


def old(*rows: tuple[object, object, object]) -> bytes:
    """A database of no more than the needed columns."""
    return made.database(OLD, ("INSERT INTO steps_record_table VALUES (?, ?, ?)", rows))


def test_each_app_is_a_source_of_its_own() -> None:
    found = outcome(made.export([row(1, NINE, 10, 500), row(2, NINE, 10, 520)]))
    assert counted(found) == {("Pedometer", ON): 500, ("Watch of Ah Ming", ON): 520}


def test_two_apps_of_one_name_stay_two_and_one_without_a_name_is_its_package() -> None:
    apps = [(1, "org.a", "Steps"), (2, "org.b", "Steps"), (3, "org.c", None)]
    found = outcome(made.export([row(app, NINE, 10, app) for app in (1, 2, 3, 4)], apps))
    assert counted(found) == {("Steps", ON): 1, ("org.b", ON): 2, ("org.c", ON): 3, ("app 4", ON): 4}


def test_the_zip_and_the_database_in_it_are_the_same() -> None:
    content = made.fortnight()[0]
    alone, inside = outcome(content), outcome(zipped({"health_connect_export.db": content}))
    assert (inside.provider, inside.days, inside.problems) == ("health_connect", alone.days, [])


def test_the_local_day_is_that_of_each_row() -> None:
    late = datetime(2026, 11, 1, 20, tzinfo=UTC)
    found = outcome(made.export([row(1, late, 5, 10), row(1, late, 5, 20, ahead=-5 * 3600)]))
    assert counted(found) == {("Pedometer", "2026-11-02"): 10, ("Pedometer", ON): 20}


def test_an_offset_that_is_not_told_or_cannot_be_is_the_person_s() -> None:
    found = outcome(made.export([row(1, NINE, 5, 10, ahead=None), row(2, NINE, 5, 20, ahead=999_999)]))
    assert [day.hours.index(day.steps or 0) for _, _, day in found.days if day.hours] == [9, 9]


def test_typed_in_steps_are_kept_apart() -> None:
    found = outcome(made.export([row(1, NINE, 5, 10), row(1, NINE, 5, 3_000, method=3)]))
    day = days_of(found, ON)["Pedometer"]
    assert (day.steps, day.by_hand) == (10, 3_000)


def test_a_version_with_fewer_columns_and_no_apps_is_read() -> None:
    at = int(NINE.timestamp() * 1000)
    assert counted(outcome(old((at, at + 60_000, 77)))) == {("", ON): 77}


def test_a_version_without_a_needed_column_is_told() -> None:
    content = made.database("CREATE TABLE steps_record_table (start_time INTEGER, count INTEGER)")
    assert whys(outcome(content)) == [(None, "columns")]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ((0, 1, 5), "not_a_date"), ((None, 1, 5), "not_a_time"), ((2**62, 1, 5), "not_a_time"),
        (("x", 1, 5), "not_a_time"), ((1_793_494_800_000, 1_793_494_700_000, 5), "ends_before"),
        ((1_793_494_800_000, 1_793_494_900_000, -5), "negative"), ((1, 1, "many"), "not_a_number"),
        ((1, 1, b"\xff\0"), "not_a_number"), ((1, 1, None), "not_a_number"), ((1, 1, 1e300), "not_a_number"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_good_is_told_with_its_number(cells: tuple[object, object, object], why: str) -> None:
    at = 1_793_494_800_000
    found = outcome(old((at, at + 60_000, 5), cells, (at + 60_000, at + 120_000, 6)))
    assert (counted(found), whys(found)) == ({("", ON): 11}, [(2, why)])


class Breaking(io.BytesIO):
    """A stream that turns out to be damaged when two thirds of it are out."""

    def read(self, size: int | None = -1) -> bytes:
        left = len(self.getvalue()) * 2 // 3 - self.tell()
        if left <= 0:
            raise Unreadable("damaged")
        return super().read(min(size or 0, left))


def test_a_stream_that_breaks_keeps_the_rows_before() -> None:
    content, found = made.fortnight()[0], list[Reading]()
    try:
        for batch in health_connect.read(part(content), Breaking(content), UTC):
            found += batch
    except Unreadable as broken:
        found.append(Problem(None, broken.why))
    assert found[-1] == Problem(None, "damaged")
    assert 100 < len([each for each in found if isinstance(each, Sample)]) < 400


def test_half_a_database_is_read_as_far_as_it_goes() -> None:
    content = made.fortnight()[0]
    found = outcome(content[: len(content) * 2 // 3])
    assert 100 < found.readings < 400
    assert len(found.problems) == 1


def test_a_page_that_is_overwritten_costs_what_comes_after_it() -> None:
    content = made.fortnight()[0]
    found = outcome(content[:-8_192] + b"\xa5" * 4_096 + content[-4_096:])
    assert found.readings > 100
    assert whys(found) == [(None, "damaged")]


def test_a_database_that_was_open_when_it_was_copied_is_read() -> None:
    content = bytearray(made.export([row(1, NINE, 10, 500)]))
    content[18:20] = b"\2\2"
    assert counted(outcome(bytes(content))) == {("Pedometer", ON): 500}


def test_other_databases_are_somebody_else_s() -> None:
    assert whys(outcome(made.database("CREATE TABLE photos (id INTEGER)"))) == [(None, "not_recognised")]
    assert not health_connect.recognises(part(b"SQLite format 3\0"))


def test_a_list_of_tables_longer_than_a_page_is_looked_through() -> None:
    many = [
        f"CREATE TABLE {chr(97 + at % 26)}{at}_record_table (uuid BLOB, epoch INTEGER, {'x' * 90} TEXT)"
        for at in range(80)
    ]
    at = int(NINE.timestamp() * 1000)
    steps = ("INSERT INTO steps_record_table VALUES (?, ?, ?)", [(at, at + 60_000, 9)])
    assert counted(outcome(made.database(*many, OLD, steps))) == {("", ON): 9}
    assert whys(outcome(made.database(*many))) == [(None, "not_recognised")]


@pytest.mark.parametrize(
    "instead",
    [
        "CREATE VIEW steps_record_table AS SELECT 1 AS start_time, 1 AS end_time, 1 AS count",
        "CREATE VIRTUAL TABLE steps_record_table USING fts5(start_time, end_time, count)",
    ],
)
def test_what_is_no_stored_table_is_not_asked(instead: str) -> None:
    assert whys(outcome(made.database(instead))) == [(None, "not_recognised")]


def test_columns_that_are_computed_are_not_there() -> None:
    computed = OLD.replace("count INTEGER", "count INTEGER GENERATED ALWAYS AS (abs(start_time)) VIRTUAL")
    assert whys(outcome(made.database(computed))) == [(None, "columns")]


class Endless(io.RawIOBase):
    """A stream of zeros without end."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray") -> int:  # type: ignore[override]
        return len(buffer)


def test_a_database_over_80_mb_is_too_much() -> None:
    batches = health_connect.read(Part("", 2**40, b""), io.BufferedReader(Endless()), UTC)
    assert [each for batch in batches for each in batch] == [Problem(None, "too_much")]


def test_the_phone_of_the_fixture_is_there() -> None:
    assert {source for source, _, _ in outcome(made.fortnight()[0]).days} == {PHONE[2], made.WATCH[2]}
