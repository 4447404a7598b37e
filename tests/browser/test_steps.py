"""Steps in a real browser: a pupil gives a file, watches it being read, and a classmate's board moves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from challenges_app.kit import clock
from challenges_app.people.persons.rules import HONG_KONG
from tests.browser.conftest import DESKTOP, PHONE, SHOTS, Stage, looks_right, sign_in
from tests.browser.test_screens import NAMES, TAGS
from tests.journeys.exports import export, zipped

SIZES = {"phone": PHONE, "desktop": DESKTOP}
LOOKS = [("zh-Hant", "light"), ("zh-Hans", "light"), ("en", "light"), ("zh-Hant", "dark")]
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_screens_of_steps(stage: Stage, device: Callable[..., Page], language: str, size: str, scheme: str) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday() + 14)
    stage.world.walking(monday, 35)
    page = device(SIZES[size], language, scheme)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    speaks(page, language)
    sign_in(page, "mei")
    for name, address in (("empty", "steps"), ("add", "steps/add")):
        page.goto(f"/#/{address}")
        _keep(page, f"steps-{name}", size, language, scheme)
    given(page, zipped(export(TEN_DAYS)))
    page.locator("#content .notice.mine").wait_for(timeout=20_000)
    _keep(page, "steps-given", size, language, scheme)
    yesterday = TODAY - timedelta(days=1)
    for name, address in (("day", f"steps/{yesterday}"), ("month", f"steps/{yesterday:%Y-%m}"), ("today", "today")):
        page.goto(f"/#/{address}")
        _keep(page, f"steps-{name}", size, language, scheme)
    assert complaints == []


def _keep(page: Page, *names: str) -> None:
    page.locator("#content").wait_for()
    page.wait_for_load_state("networkidle")
    looks_right(page)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{'-'.join(names)}.png", full_page=True)
