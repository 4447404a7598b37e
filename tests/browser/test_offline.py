"""Without a network: a capture made in the park waits, outlives a reload and counts once; nothing stays behind."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from challenges_app.app import web_folder
from challenges_app.kit import clock
from tests.browser.conftest import PHONE, SHOTS, Stage, looks_right, sign_in, walk
from tests.builders import World
from tests.running import environment, served

KEPT = """async () => {
  const names = await caches.keys();
  const paths = [];
  for (const name of names) {
    for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
  }
  return paths;
}"""
WAITING = """() => new Promise((go) => {
  const asked = indexedDB.open("eplus", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("waiting");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("waiting").objectStore("waiting").getAll();
    rows.onsuccess = () => { asked.result.close(); go(rows.result); };
  };
})"""


def kept(page: Page) -> list[str]:
    """The paths of all that is in the caches."""
    found: list[str] = page.evaluate(KEPT)
    return found


def waiting(page: Page) -> list[dict[str, Any]]:
    """What waits for the network in IndexedDB."""
    found: list[dict[str, Any]] = page.evaluate(WAITING)
    return found


def until(page: Page, met: Callable[[], bool]) -> None:
    """Give the page up to ten seconds."""
    for _ in range(100):
        if met():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to that")


def keeps_the_day(page: Page) -> None:
    """Until the service worker has the page and the pupil's day."""
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    until(page, lambda: {"/", "/api/session", "/api/today"} < set(kept(page)))
    until(page, lambda: any(path.startswith("/api/parks/") for path in kept(page)))


def test_a_capture_made_without_a_network_is_counted_once_when_it_is_back(
    stage: Stage, device: Callable[..., Page]
) -> None:
    wing, mei = device(), device()
    sign_in(wing, "wing")
    sign_in(mei, "mei")
    keeps_the_day(mei)
    mei.get_by_role("button", name="開啟位置").click()
    walk(mei)
    mei.context.set_offline(True)
    row = mei.locator(f"#drop-{stage.drop}")
    row.get_by_role("button", name="捕捉").click()
    expect(row.get_by_text("等候")).to_be_visible()
    expect(mei.get_by_test_id("coins")).to_have_text("10")
    until(mei, lambda: bool(waiting(mei)))

    mei.reload()
    expect(mei.get_by_text("香港公園").first).to_be_visible()
    expect(row.get_by_text("等候")).to_be_visible()
    expect(mei.get_by_text("沒有網絡。這是")).to_be_visible()
    looks_right(mei)
    SHOTS.mkdir(exist_ok=True)
    mei.screenshot(path=SHOTS / "offline-waiting.png")

    mei.context.set_offline(False)
    expect(mei.get_by_test_id("coins")).to_have_text("15", timeout=15_000)
    expect(row.get_by_text("已計入")).to_be_visible()
    expect(mei.get_by_text("沒有網絡。這是")).to_have_count(0)
    until(mei, lambda: not waiting(mei))
    mei.reload()
    expect(mei.get_by_test_id("coins")).to_have_text("15")
    wing.get_by_role("link", name="榜").click()
    wing.get_by_role("button", name="看前 10 名").click()
    expect(wing.get_by_test_id("board-row").filter(has_text="愛笑的紅耳鵯")).to_contain_text("30")


def test_the_page_opens_without_a_network_after_one_visit(device: Callable[..., Page]) -> None:
    page = device()
    page.goto("/")
    page.locator("input[name=name]").wait_for()
    until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("button", name="再試一次")).to_be_visible()  # who is signed in is not known
    page.context.set_offline(False)
    expect(page.locator("input[name=name]")).to_be_visible(timeout=15_000)


def test_signing_out_leaves_nothing_of_a_person(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    sign_in(page, "mei")
    keeps_the_day(page)
    page.get_by_role("button", name="開啟位置").click()
    walk(page)
    page.context.set_offline(True)
    page.locator(f"#drop-{stage.drop}").get_by_role("button", name="捕捉").click()
    until(page, lambda: bool(waiting(page)))
    page.context.set_offline(False)
    page.request.delete(f"{stage.url}/api/session")
    page.reload()
    page.locator("input[name=name]").wait_for()
    until(page, lambda: not waiting(page) and not any(path.startswith("/api/") for path in kept(page)))

    sign_in(page, "wing")
    keeps_the_day(page)
    page.goto("/#/me")
    page.get_by_role("button", name="登出").click()
    page.locator("input[name=name]").wait_for()
    until(page, lambda: not any(path.startswith("/api/") for path in kept(page)))
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_test_id("coins")).to_have_count(0)


def test_signing_out_of_a_page_that_its_worker_does_not_control_leaves_nothing(device: Callable[..., Page]) -> None:
    page = device()
    sign_in(page, "mei")
    keeps_the_day(page)
    page.context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    page.get_by_test_id("coins").wait_for()
    assert page.evaluate("navigator.serviceWorker.controller") is None
    until(page, lambda: "/api/today" in kept(page))
    page.goto("/#/me")
    page.get_by_role("button", name="登出").click()
    page.locator("input[name=name]").wait_for()
    until(page, lambda: not any(path.startswith("/api/") for path in kept(page)))


def test_a_new_version_waits_until_somebody_takes_it(browser: Browser, tmp_path: Path) -> None:
    url, web = f"sqlite:///{tmp_path / 'eplus.sqlite'}", tmp_path / "web"
    World.on(url, clock.now).db.close()
    shutil.copytree(web_folder(None), web, ignore=shutil.ignore_patterns("sw.js.*"))  # its packed copies
    with served(environment(url, EPLUS_WEB=str(web)), tmp_path) as port:
        context = browser.new_context(viewport=PHONE, locale="zh-HK", base_url=f"http://127.0.0.1:{port}")
        page = context.new_page()
        page.goto("/")
        until(page, lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
        coast = next((web / "assets").glob("*.pmtiles")).name
        page.evaluate(f"fetch('/assets/{coast}')")
        until(page, lambda: f"/assets/{coast}" in kept(page))
        worker = web / "sw.js"
        worker.write_text(worker.read_text("utf-8").replace('"version":"', '"version":"next'), "utf-8")
        page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        page.get_by_text("新版本已備妥").wait_for()
        looks_right(page)
        page.screenshot(path=SHOTS / "new-version.png")
        with page.expect_navigation():
            page.get_by_role("button", name="更新").click()
        page.locator("input[name=name]").wait_for()
        expect(page.get_by_text("新版本已備妥")).to_have_count(0)
        names: list[str] = page.evaluate("caches.keys()")
        assert [name[:10] for name in names if name.startswith("shell")] == ["shell-next"]
        assert f"/assets/{coast}" in kept(page), "the map that was opened before stays at hand"
        context.close()


def test_the_manifest_makes_the_page_installable(stage: Stage, device: Callable[..., Page]) -> None:
    page = device()
    page.goto("/")
    debugger = page.context.new_cdp_session(page)
    found = debugger.send("Page.getAppManifest")
    assert found["errors"] == []
    errors = [each["errorId"] for each in debugger.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert errors == ["in-incognito"]  # as every context of these tests is
    answer = page.request.get(f"{stage.url}/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
