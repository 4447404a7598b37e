"""Steps in a real browser: a pupil gives a file, watches it being read, and a classmate's board moves."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from challenges_app.kit import clock
from challenges_app.people.persons.rules import HONG_KONG
from tests.browser.conftest import NAMES, TAGS, Stage, sign_in
from tests.journeys.exports import export, zipped


def today() -> date:
    """The day in Hong Kong now; asked for by each test, since a run may go on past midnight there."""
    return clock.now().astimezone(HONG_KONG).date()


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
    day = today()
    ten_days = {day - timedelta(days=ago): {8: 3_000, 12: 300 * ago, 18: 2_100} for ago in range(1, 11)}
    challenge = stage.world.walking(day - timedelta(days=day.weekday() + 14), 35)
    wing, mei = device(language="en"), device(language="en")
    for page in (wing, mei):
        speaks(page, "en")
    sign_in(wing, "wing")
    wing.goto("/#/board")
    wing.get_by_role("button", name="Walk every day").click()
    expect(wing.get_by_text("Nobody is on the board yet")).to_be_visible()
    sign_in(mei, "mei")
    given(mei, zipped(export(ten_days)))
    expect(mei.get_by_text("10 days").first).to_be_visible(timeout=20_000)
    # The board was empty; the button comes with its first points, without a reload.
    wing.get_by_role("button", name="See the top 10").click(timeout=10_000)
    expect(wing.get_by_test_id("board-row").first).to_contain_text("Laughing")
    mei.goto(f"/#/steps/{day - timedelta(days=1)}")
    expect(mei.get_by_role("img", name="Most between 08:00 and 09:00: 3,000 steps")).to_be_visible(timeout=5_000)
    assert challenge
