"""Steps in a real browser: a pupil gives a file, watches it being read, and a classmate's board moves."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from challenges_app.kit import clock
from challenges_app.people.persons.rules import HONG_KONG
from tests.browser.conftest import NAMES, TAGS, Stage, sign_in
from tests.journeys.exports import export, zipped

TODAY = clock.now().astimezone(HONG_KONG).date()
TEN_DAYS = {TODAY - timedelta(days=number): {8: 3_000, 12: 300 * number, 18: 2_100} for number in range(1, 11)}


def speaks(page: Page, language: str) -> None:
    """Choose a language before signing in."""
    page.goto("/")
    page.get_by_role("button", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", TAGS[language])


def given(page: Page, content: bytes, name: str = "export.zip") -> None:
    """Choose a file on the page where files are given."""
    page.goto("/#/steps/add")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})


def test_a_file_is_given_read_and_seen_on_a_classmates_board(stage: Stage, device: Callable[..., Page]) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday() + 14)
    challenge = stage.world.walking(monday, 35)
    wing, mei = device(language="en"), device(language="en")
    for page in (wing, mei):
        speaks(page, "en")
    sign_in(wing, "wing")
    wing.goto("/#/board")
    wing.get_by_role("button", name="Walk every day").click()
    expect(wing.get_by_text("Nobody is on the board yet")).to_be_visible()
    sign_in(mei, "mei")
    given(mei, zipped(export(TEN_DAYS)))
    expect(mei.get_by_text("10 days").first).to_be_visible(timeout=20_000)
    # The board was empty; the button comes with its first points, without a reload.
    wing.get_by_role("button", name="See the top 10").click(timeout=10_000)
    expect(wing.get_by_test_id("board-row").first).to_contain_text("Laughing")
    yesterday = TODAY - timedelta(days=1)
    mei.goto(f"/#/steps/{yesterday}")
    expect(mei.get_by_role("img", name="Most between 08:00 and 09:00: 3,000 steps")).to_be_visible(timeout=5_000)
    assert challenge
