"""Damaged files of steps, and files made to harm: none raises, none hangs, none takes much memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fuzz import harmful_files as harmful
from tests.fuzz.step_files import EXAMPLES, assert_survives, read_in_child

EACH = 200  # mutations of each example; the long fuzz goes on after them
MANY = 100_000  # records; the long fuzz has a million

REFUSED: dict[Callable[[], Iterator[bytes]], list[str]] = {
    harmful.high_ratio: ["bomb"],
    harmful.giant_directory: ["bomb"],
    harmful.overlapping: ["bomb"],
    harmful.nested: ["not_recognised"],
    harmful.unfinished_tag: ["damaged"],
    harmful.attributes_without_end: ["damaged"],
    harmful.tags_that_never_close: ["ends_early"],
    harmful.broken_records: ["damaged"],
    harmful.laughs: ["damaged"],
    harmful.hidden_laughs: ["bomb"],
    harmful.late_laughs: ["damaged"],
    harmful.foreign_entity: ["damaged"],
    harmful.one_row: ["damaged"],
    harmful.one_header: ["not_recognised"],
    harmful.quotes: ["damaged"],
    harmful.noise: ["columns", "damaged", "not_a_number"],
    harmful.endless_view: ["not_recognised"],
    harmful.endless_column: ["columns"],
    harmful.many_tables: ["too_much"],
    harmful.large_database: ["damaged"],
    harmful.huge_messages: ["ends_early"],
    harmful.tiny_messages: ["ends_early"],
    harmful.many_files: ["no_steps"],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_chance_makes_of_a_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    assert_survives(tmp_path, name, range(EACH))


@pytest.mark.parametrize("made", REFUSED, ids=lambda made: made.__name__)
def test_files_that_are_made_to_harm_do_none(made: Callable[[], Iterator[bytes]], tmp_path: Path) -> None:
    assert read_in_child(tmp_path, made()) == (0, REFUSED[made])


def test_sources_without_number_stop_at_fifty(tmp_path: Path) -> None:
    assert read_in_child(tmp_path, harmful.many_sources(MANY)) == (50, ["too_much"])


@pytest.mark.parametrize("made", [harmful.many_days, harmful.many_days_of_a_table], ids=lambda made: made.__name__)
def test_days_without_number_stop_at_a_few_lives(made: Callable[[int], Iterator[bytes]], tmp_path: Path) -> None:
    assert read_in_child(tmp_path, made(MANY)) == (40_001, ["too_much"])


def test_records_all_in_one_line_are_read(tmp_path: Path) -> None:
    assert read_in_child(tmp_path, harmful.one_line_of_records()) == (1, [])


def test_a_cell_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    assert read_in_child(tmp_path, harmful.one_quoted_cell()) == (1, ["damaged"])


@pytest.mark.parametrize("made", [harmful.endless_apps, harmful.one_track], ids=lambda made: made.__name__)
def test_the_good_beside_the_harmful_is_read(made: Callable[[], Iterator[bytes]], tmp_path: Path) -> None:
    days, whys = read_in_child(tmp_path, made())
    assert days == 1
    assert whys in ([], ["damaged"])


def test_a_table_that_goes_in_a_circle_is_left(tmp_path: Path) -> None:
    days, whys = read_in_child(tmp_path, harmful.table_that_bites_its_tail())
    assert (days, whys) == (0, ["damaged"])
