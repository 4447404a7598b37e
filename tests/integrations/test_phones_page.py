"""The page for whoever builds something that pushes: its examples are read as it says."""

import re
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from integrations.days import Days
from integrations.reading import known, take

PAGE = Path(__file__).parents[2] / "docs" / "phones.md"
EXAMPLES = re.findall(r"\(`(\w+)`\).*?```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
HONG_KONG = timezone(timedelta(hours=8))


def test_the_page_has_an_example_of_each_form() -> None:
    assert [name for name, _ in EXAMPLES] == ["shortcut", "health_auto_export", "hc_webhook", "eplus_phone"]


@pytest.mark.parametrize(("name", "body"), EXAMPLES)
def test_an_example_is_known_and_read_without_a_problem(name: str, body: str) -> None:
    assert known(body.encode()) == name
    outcome = take(body.encode(), HONG_KONG, Days(unnamed="Phone"))
    assert (outcome.provider, list(outcome.problems)) == (name, [])
    assert outcome.readings
