"""Less motion: whoever asks for it sees nothing move, and the celebration is there at once as its last frame."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Stage, sign_in, staged, walk
from tests.browser.test_steps import today

SCREENS = ("today", "board", "me", "steps", "steps/add", "family", "companions", "account", "welcome")

# Every element, with what stands before and behind it, that would take time to change; and whatever is moving now.
MOVING = """() => {
  const takes = (times) => times.split(",").some((time) => parseFloat(time) > 0);
  const found = new Set(document.getAnimations().map((each) => each.animationName ?? each.transitionProperty));
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after", "::backdrop"]) {
      const style = getComputedStyle(element, part);
      const animated = style.animationName !== "none" && takes(style.animationDuration);
      if (!animated && !takes(style.transitionDuration)) continue;
      found.add(`${element.tagName} .${element.getAttribute("class")} ${part ?? ""}`);
    }
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One served world for all of these tests."""
    with staged(tmp_path_factory.mktemp("motion")) as stage:
        yield stage


def catch(page: Page, stage: Stage) -> None:
    """Walk to the drop and catch it."""
    page.get_by_role("button", name="開啟位置").click()
    walk(page, 150)
    page.locator(f"#drop-{stage.drop}").get_by_role("button", name="捕捉").click()
    expect(page.get_by_test_id("landed")).to_be_visible()


def test_nothing_moves_on_any_screen(stage: Stage, device: Callable[..., Page]) -> None:
    day = today()
    stage.world.walking(day - timedelta(days=day.weekday() + 14), 35)
    page = device(DESKTOP)
    page.goto("/")
    page.locator("form").wait_for()
    assert page.evaluate(MOVING) == []
    sign_in(page, "wing")
    for screen in (*SCREENS, f"steps/{day:%Y-%m}"):
        page.goto(f"/#/{screen}")
        page.locator("#content").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.evaluate(MOVING) == [], screen
    page.goto("/#/board")
    page.locator(".head .top button").click()
    page.get_by_role("dialog").wait_for()
    assert page.evaluate(MOVING) == []


def test_the_stamp_has_landed_at_once(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    sign_in(page, "mei")
    catch(page, stage)
    assert page.evaluate(MOVING) == []
    last = "getComputedStyle(document.querySelector('[data-testid=landed] .press'))"
    assert page.evaluate(f"[{last}.opacity, {last}.scale, {last}.rotate]") == ["1", "none", "-6deg"]
    expect(page.get_by_test_id("coins")).to_have_text("15", timeout=1_000)
    # The same stamp moves for everybody else: what is asserted above can fail.
    page.emulate_media(reduced_motion="no-preference")
    assert any(".press" in each for each in page.evaluate(MOVING))
