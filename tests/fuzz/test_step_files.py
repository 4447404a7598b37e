"""Ten thousand damaged files of steps, and harmful ones at full size: nothing raises, hangs, or takes much memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fuzz import harmful_files as harmful
from tests.fuzz.budget import scaled
from tests.fuzz.step_files import EXAMPLES, assert_survives, read_in_child

MUTATIONS = 10_000  # of all examples together
FIRST = 1_000  # the seeds before it are those of the short test
AT_ONCE = 200  # mutations in one child
MANY = 1_000_000


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_chance_makes_of_a_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    seeds = range(FIRST, FIRST + scaled(-(-MUTATIONS // len(EXAMPLES))))
    for at in range(0, len(seeds), AT_ONCE):
        assert_survives(tmp_path, name, seeds[at : at + AT_ONCE])


@pytest.mark.parametrize(
    ("made", "days"),
    [(harmful.many_sources, 50), (harmful.many_days, 40_001), (harmful.many_days_of_a_table, 40_001)],
    ids=["sources", "days", "days of a table"],
)
def test_a_million_sources_or_days(made: Callable[[int], Iterator[bytes]], days: int, tmp_path: Path) -> None:
    assert read_in_child(tmp_path, made(scaled(MANY))) == (days, ["too_much"])
