"""Apple's export, as an iPhone writes it and as it arrives: whole, broken, cut short, in other languages."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.contract import Problem
from integrations.merge import merge
from integrations.providers import apple_health
from integrations.reading import Outcome
from tests.integrations.files import (
    APPLE,
    HONG_KONG,
    TRUTH,
    counted,
    days_of,
    export,
    outcome,
    part,
    record,
    whys,
    zipped,
)

LATER = date(2026, 11, 22)
PHONE, WATCH = "Mei's iPhone", "Mei's Watch"
# Longer than what a provider sees before it opens a file, as Apple's own is.
LONG_TYPE = "<!DOCTYPE HealthData [\n" + "<!ELEMENT Record ((MetadataEntry|Other)*)>\n" * 200 + "]>\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def minute(at: int, steps: object = 10, source: str = "iPhone") -> str:
    """A record of one minute on 1 November."""
    hour, minutes = divmod(at, 60)
    return record(
        f"2026-11-01 {hour:02}:{minutes:02}:00 +0800", f"2026-11-01 {hour:02}:{minutes:02}:59 +0800", steps, source
    )


def test_the_example_gives_exactly_its_truth() -> None:
    found = outcome(APPLE.read_bytes())
    assert found.provider == "apple_health"
    seen = {}
    for on in sorted({on for _, on, _ in found.days}):
        said = days_of(found, on.isoformat())
        day = merge(said, on, LATER)
        seen[on.isoformat()] = {
            "steps": day.steps,
            "iphone": said[PHONE].steps or 0,
            "watch": (WATCH in said and said[WATCH].steps) or 0,
            "wrong_sum": sum(day.said.values()),
            "by_hand": sum(each.by_hand for each in said.values()),
        }
    assert seen == TRUTH


def test_the_unreadable_record_of_the_example_is_a_problem_with_its_line() -> None:
    found = outcome(APPLE.read_bytes())
    (problem,) = found.problems
    assert problem.why == "not_a_time"
    assert problem.line is not None
    assert f'startDate="{problem.seen}"' in APPLE.read_text("utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize("name", ["apple_health_export/export.xml", "apple_health_export/匯出.xml", "导出.xml"])
def test_the_zip_and_the_file_in_it_are_the_same_in_every_language(name: str) -> None:
    route = b'<?xml version="1.0"?><gpx><trk><trkpt lat="22.3" lon="114.2"/></trk></gpx>'
    cda = b'<?xml version="1.0"?><ClinicalDocument/>'
    packed = zipped({name: APPLE.read_bytes(), "workout-routes/route_2024.gpx": route, "export_cda.xml": cda})
    alone, inside = outcome(APPLE.read_bytes()), outcome(packed)
    assert (inside.provider, inside.days, inside.problems) == (alone.provider, alone.days, alone.problems)


@pytest.mark.parametrize("head", [XML, "", XML + LONG_TYPE, XML + "<!DOCTYPE HealthData>\n", "\ufeff" + XML])
def test_recognised_by_its_root_or_document_type(head: str) -> None:
    content = export(minute(0), head=head)
    assert apple_health.recognises(part(content, "anything.txt"))
    assert counted(outcome(content)) == {("iPhone", "2026-11-01"): 10}


@pytest.mark.parametrize("content", [b"", b"<gpx/>", b"<ClinicalDocument/>", b"HealthData", b"date,steps\n", bytes(99)])
def test_other_files_are_not_ours(content: bytes) -> None:
    assert not apple_health.recognises(part(content, "export.xml"))


def test_what_was_typed_in_stands_apart() -> None:
    typed = record("2026-11-01 09:00:00 +0800", "2026-11-01 09:10:00 +0800", 5_000, by_hand=True)
    said = days_of(outcome(export(minute(0), typed, minute(1))), "2026-11-01")["iPhone"]
    assert (said.steps, said.by_hand) == (20, 5_000)


def test_both_days_of_a_record_over_midnight_add_up() -> None:
    over = record("2026-11-01 23:50:00 +0800", "2026-11-02 00:10:00 +0800", 1_001)
    days = counted(outcome(export(over)))
    assert sorted(days) == [("iPhone", "2026-11-01"), ("iPhone", "2026-11-02")]
    assert sorted(steps or 0 for steps in days.values()) == [500, 501]


def test_the_day_is_that_of_the_offset_in_the_record() -> None:
    abroad = record("2026-11-01 23:30:00 -0500", "2026-11-01 23:40:00 -0500", 70)
    assert counted(outcome(export(abroad))) == {("iPhone", "2026-11-01"): 70}


def test_times_without_an_offset_are_of_the_asked_zone() -> None:
    plain = export(record("2026-11-01 23:55:00", "2026-11-01 23:59:00", 70))
    for zone in (HONG_KONG, ZoneInfo("America/New_York")):
        assert counted(outcome(plain, zone)) == {("iPhone", "2026-11-01"): 70}


def test_counts_with_a_point_are_counts() -> None:
    assert counted(outcome(export(minute(0, "12.0"), minute(1, "0")))) == {("iPhone", "2026-11-01"): 12}


@pytest.mark.parametrize("value", ["", "nan", "inf", "-inf", "many", "1e999"])
def test_values_that_are_no_numbers_are_problems(value: str) -> None:
    found = outcome(export(minute(0), minute(1, value), minute(2)))
    assert found.problems == [Problem(4, "not_a_number", value)]
    assert counted(found) == {("iPhone", "2026-11-01"): 20}


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        ("soon", "2026-11-01 07:10:00 +0800", "not_a_time"),
        ("2026-11-01 07:00:00 +0800", "2026-11-01 06:00:00 +0800", "ends_before"),
        ("2026-11-01 07:00:00 +0800", "2026-11-09 07:00:00 +0800", "too_long"),
        ("0001-01-01 00:00:00 +0800", "0001-01-01 00:01:00 +0800", "not_a_date"),
    ],
)
def test_times_that_cannot_be_are_problems(starts: str, ends: str, why: str) -> None:
    found = outcome(export(minute(0), record(starts, ends, 5)))
    assert [each.why for each in found.problems] == [why]
    assert counted(found) == {("iPhone", "2026-11-01"): 10}


def broken_in_the_middle(damage: str, rows: int = 10) -> Outcome:
    """An export with damage after so many records, and as many after it."""
    records = [minute(at) for at in range(2 * rows)]
    return outcome(export(*records[:rows], damage + "\n", *records[rows:]))


@pytest.mark.parametrize(
    "damage",
    ["<Record type=", "</Nobody>", "<Record & />", "\x01\x02", "<", "&nothing;", "<a><b></a>", "<Record a='1' a='2'/>"],
)
@pytest.mark.parametrize("rows", [10, 700])
def test_broken_xml_in_the_middle_costs_no_record_after_it_and_names_the_line(damage: str, rows: int) -> None:
    found = broken_in_the_middle(damage, rows)
    assert counted(found)["iPhone", "2026-11-01"] == 2 * rows * 10
    assert whys(found)[0] in [(rows + 3, "damaged"), (rows + 4, "damaged")]


def test_lines_after_damage_are_still_those_of_the_file() -> None:
    content = export(*[minute(at) for at in range(5)], "<broken\n", minute(5), "&x;\n", minute(6, "many"))
    found = outcome(content)
    line = content.decode().splitlines().index(minute(6, "many").rstrip("\n")) + 1
    assert found.problems[-1] == Problem(line, "not_a_number", "many")
    assert counted(found) == {("iPhone", "2026-11-01"): 60}


def test_thousands_of_damages_end() -> None:
    found = outcome(export(*[minute(at % 1440) + "<\n" for at in range(5_000)]))
    assert 2_000 <= len(found.problems) + found.more_problems < 2_010


def test_a_truncated_export_keeps_what_came_and_says_that_it_ends_early() -> None:
    content = export(*[minute(at) for at in range(100)])
    found = outcome(content[: content.index(b"2026-11-01 01:00") + 5])
    assert counted(found) == {("iPhone", "2026-11-01"): 600}
    assert [each.why for each in found.problems] == ["ends_early"]


@pytest.mark.parametrize("inside", ["<!ATTLIST Record x", "]]", "<!ELEMENT HealthData (Me", '<!ATTLIST A b CDATA "'])
def test_the_broken_document_type_of_ios_16_does_no_harm(inside: str) -> None:
    head = f"{XML}<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 12 -->\n{inside}\n]>\n"
    found = outcome(export(minute(0), minute(1, "many"), head=head))
    assert counted(found) == {("iPhone", "2026-11-01"): 10}
    assert whys(found) == [(8, "not_a_number")]


def test_entities_never_grow() -> None:
    lines = "".join(f'<!ENTITY l{n + 1} "&l{n};&l{n};&l{n};&l{n};&l{n};&l{n};&l{n};&l{n};">' for n in range(20))
    head = f'{XML}<!DOCTYPE HealthData [<!ENTITY l0 "laugh">{lines}]>\n'
    found = outcome(export(minute(0), minute(1, source="&l20;"), minute(2), head=head))
    assert counted(found) == {("iPhone", "2026-11-01"): 20}
    assert [each.why for each in found.problems] == ["damaged"]


def test_entities_hidden_from_the_scissors_are_refused() -> None:
    head = f'{XML}<!DOCTYPE HealthData [<!ENTITY a "{"x" * 300_000}"> <!ENTITY b "&a;&a;">]>\n'
    assert whys(outcome(export(minute(0), head=head))) == [(None, "bomb")]


def test_document_types_without_end_take_no_time() -> None:
    found = outcome(b"<!DOCTYPE HealthData [" * 100_000)
    assert found.provider == "apple_health"
    assert found.days == []
    assert found.problems


def test_two_bytes_for_each_letter() -> None:
    text = export(minute(0), minute(1), head='<?xml version="1.0" encoding="UTF-16"?>\n').decode()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = "\ufeff" if encoding != "utf-16" else ""
        assert counted(outcome((mark + text).encode(encoding))) == {("iPhone", "2026-11-01"): 20}


@pytest.mark.parametrize("encoding", ["utg-8", "big5", "zlib", "idna", "x" * 60])
def test_an_encoding_that_nobody_knows_costs_no_record(encoding: str) -> None:
    found = outcome(export(minute(0), minute(1), head=f'<?xml version="1.0" encoding="{encoding}"?>\n'))
    assert counted(found) == {("iPhone", "2026-11-01"): 20}
    assert {each.why for each in found.problems} <= {"damaged"}


def test_a_tag_without_end_is_given_up_and_not_kept() -> None:
    found = outcome(export(minute(0), '<Record x="' + "y" * 3_000_000, "\n", minute(1)))
    assert counted(found)["iPhone", "2026-11-01"] == 20
    assert found.problems[0].why == "damaged"


def test_names_of_sources_are_cut_to_what_a_screen_shows() -> None:
    ((source, _),) = counted(outcome(export(minute(0, source="x" * 5_000))))
    assert source == "x" * 100


def test_nothing_that_is_shown_commands_a_terminal() -> None:
    found = outcome(export(minute(0, source="Mei&#x9b;2J&#10;Watch"), minute(1, steps="&#x9b;31m")))
    ((source, _),) = counted(found)
    assert (source, found.problems[0].seen) == ("Mei 2J Watch", " 31m")


def test_an_export_without_steps_says_so() -> None:
    other = '<Record type="HKQuantityTypeIdentifierHeartRate" value="70"/>'
    assert whys(outcome(export(other))) == [(None, "no_steps")]


def test_a_day_is_the_same_however_often_its_records_come() -> None:
    records = [minute(at, at) for at in range(50)]
    once, often = outcome(export(*records)), outcome(export(*records, *reversed(records)))
    assert once.days == often.days
    assert counted(once) == {("iPhone", (date(2026, 10, 31) + timedelta(days=1)).isoformat()): sum(range(50))}
