"""The catalogue of screens is whole: every address that the web app knows occurs in it."""

import re
from pathlib import Path

import pytest

from tests.browser.screens import SCREENS

ADDRESS = Path(__file__).parents[2] / "webapp" / "src" / "state" / "address.ts"
LISTS = ("TABS", "ROOMS", "PAGES", "FORMS")


def listed(name: str) -> list[str]:
    """The members of one of the lists of address.ts."""
    found = re.search(rf"const {name} = \[(.*?)\] as const", ADDRESS.read_text("utf-8"), re.DOTALL)
    assert found, f"address.ts has no list {name} any more: tell this test how addresses are made now"
    return re.findall(r'"([^"]+)"', found[1])


def addresses() -> list[str]:
    """The beginnings of all addresses: members of lists, links by their purpose, and names that are compared."""
    named = re.findall(r'name === "([^"]+)"', ADDRESS.read_text("utf-8"))
    links = [f"link/{purpose}" for purpose in listed("PURPOSES")]
    return sorted({*(each for name in LISTS for each in listed(name)), *links, *named} - {"link"})


def test_every_address_is_walked() -> None:
    walked = [screen.address for screen in SCREENS if screen.address is not None]
    missing = [each for each in addresses() if not any(f"{path}/".startswith(f"{each}/") for path in walked)]
    assert not missing, f"tests/browser/screens.py has no screen for {', '.join(missing)}: nobody would look at them"


@pytest.mark.parametrize("view", ["steps/{day}", "steps/{month}", "steps/add", "steps/phones"])
def test_each_view_of_steps_is_walked(view: str) -> None:
    assert any(screen.address == view for screen in SCREENS)


def test_each_screen_has_a_name_of_its_own_and_says_what_it_is_for() -> None:
    names = [screen.name for screen in SCREENS]
    assert sorted(set(names)) == sorted(names)
    assert [screen.name for screen in SCREENS if not screen.says.strip().endswith((".", "…", "?"))] == []
