"""A pupil walks into the park and captures; coins rise, and a classmate's board changes without a reload."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, sign_in, walk


def choose_park(page: Page) -> None:
    """Hong Kong Park is the only one here, so it is today's."""
    expect(page.get_by_text("香港公園").first).to_be_visible()


def test_a_capture_shows_on_another_browsers_board_within_two_seconds(
    stage: Stage, device: Callable[..., Page]
) -> None:
    mei, wing = device(), device()
    sign_in(wing, "wing")
    wing.get_by_role("link", name="榜").click()
    wing.get_by_role("button", name="看前 10 名").click()
    mei_there = wing.get_by_test_id("board-row").filter(has_text="愛笑的紅耳鵯")
    expect(mei_there).to_contain_text("20")

    sign_in(mei, "mei")
    choose_park(mei)
    expect(mei.get_by_test_id("coins")).to_have_text("10")
    mei.get_by_role("button", name="開啟位置").click()
    walk(mei)
    row = mei.locator(f"#drop-{stage.drop}")
    row.get_by_role("button", name="捕捉").click()
    expect(mei.get_by_test_id("coins")).to_have_text("15", timeout=5_000)
    expect(mei_there).to_contain_text("30", timeout=2_000)
