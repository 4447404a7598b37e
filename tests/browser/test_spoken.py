"""What is read out of a live board: one's own change, once, politely, and at most one in twenty seconds."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Page, expect

from challenges_app.kit import clock
from tests.browser.conftest import FIXES, SCHOOL, Stage, sign_in, walk
from tests.walking import Walk

# Everything that the page says in its live region, in the order in which it says it.
LISTEN = """() => {
  const region = document.querySelector("[aria-live=polite].vh");
  window.spoken = [];
  new MutationObserver(() => window.spoken.push(region.textContent.trim()))
    .observe(region, {childList: true, characterData: true, subtree: true});
}"""


def drops(stage: Stage, count: int) -> list[UUID]:
    """Finds within reach of where the walk ends."""
    last = Walk.until(clock.now(), FIXES).last
    spots = [(last["lat"] + 0.0001 * number, last["lon"] + 0.0001) for number in range(count)]
    return [stage.world.drop(place=spot) for spot in spots]


def catch(page: Page, drop: UUID) -> None:
    """Catch a find that is in reach."""
    row = page.locator(f"#drop-{drop}")
    row.get_by_role("button", name="捕捉").click()
    expect(row.get_by_text("已計入")).to_be_visible(timeout=5_000)


def spoken(page: Page) -> list[str]:
    """What was said about places."""
    return [said for said in page.evaluate("window.spoken") if said]


def test_only_ones_own_change_is_read_out_and_seldom(stage: Stage, device: Callable[..., Page]) -> None:
    first, second, third = drops(stage, 3)
    world = stage.world
    classmate = world.player(world.person(face=("kind", "frog")), child=True, school_id=SCHOOL)
    for drop in (second, third):
        world.take(classmate, drop)
    world.carry()
    board, wing = device(), device()
    board.clock.install()
    sign_in(board, "wing")
    board.goto("/#/board")
    # Nobody's place is known before one has points; the first is one's own change, too.
    board.get_by_role("button", name="看前 10 名").click()
    expect(board.get_by_test_id("board-row").first).to_be_visible()
    board.evaluate(LISTEN)
    # The board's time stands still from here, so that its twenty seconds pass when the test says so.
    start = clock.now()
    board.clock.set_fixed_time(start)
    sign_in(wing, "wing")
    wing.get_by_role("button", name="開啟位置").click()
    walk(wing)

    catch(wing, first)
    expect(board.get_by_test_id("my-place")).to_be_visible(timeout=5_000)
    own = board.get_by_test_id("board-row").filter(has_text="好奇的")
    expect(own.first).to_contain_text("10 分")
    assert len(spoken(board)) == 1

    # A classmate's change moves a row, and nothing is said.
    world.take(classmate, first)
    frog = board.get_by_test_id("board-row").filter(has_text="蛙")
    expect(frog.last).to_contain_text("30 分", timeout=10_000)
    assert len(spoken(board)) == 1

    # One's next change comes too soon; what is said after twenty seconds is the latest.
    for drop, points in ((second, "20 分"), (third, "30 分")):
        catch(wing, drop)
        expect(own.first).to_contain_text(points, timeout=5_000)
    assert len(spoken(board)) == 1
    board.clock.set_fixed_time(start + timedelta(seconds=21))
    board.clock.fast_forward(21_000)
    board.wait_for_function("window.spoken.filter(Boolean).length > 1")
    assert len(spoken(board)) == 2
    assert "30 分" in spoken(board)[-1]
