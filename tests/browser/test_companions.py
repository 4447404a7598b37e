"""Companions in real browsers: a code shown and scanned, guardians who agree, faces seen, and the end of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from challenges_app.kit import clock
from tests.browser.conftest import DESKTOP, PHONE, SHOTS, Stage, looks_right, sign_in
from tests.browser.test_steps import speaks

MADE = re.compile("/api/companions/code$")

# A camera that shows nothing, and a reader that finds in it whatever the test holds up.
CAMERA = """
window.held = [];
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  return canvas.captureStream();
};
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.held.map((rawValue) => ({rawValue})); }
};
"""


def families(stage: Stage) -> None:
    """Two children of ten, each with a mother; the children of the stage are classmates."""
    for mother, child, face in (("chan", "bo", ("brave", "kite")), ("ho", "kit", ("kind", "frog"))):
        born = clock.now().date() - timedelta(days=3700)
        stage.world.family(stage.world.person(mother), stage.world.person(child, born=born, face=face))


def open_companions(page: Page, name: str, language: str = "en") -> None:
    """Sign in and open one's companions."""
    speaks(page, language)
    sign_in(page, name)
    page.goto("/#/companions")
    page.get_by_test_id("companion").or_(page.locator(".empty")).first.wait_for()


def show(page: Page) -> dict[str, Any]:
    """Show one's code; answers what the page was told."""
    with page.expect_response(MADE) as made:
        page.get_by_role("button", name="Meet somebody").click()
    expect(page.get_by_role("dialog").get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    return dict(made.value.json())


def companion(page: Page) -> Locator:
    """The only companion in the list."""
    return page.get_by_test_id("companion")


@pytest.mark.parametrize("wide", [False, True])
def test_two_grown_ups_meet(stage: Stage, device: Callable[..., Page], wide: bool) -> None:
    for name, face in (("lam", ("early", "egret")), ("lee", ("wise", "turtle"))):
        stage.world.person(name, face=face)
    size = DESKTOP if wide else PHONE
    lam, lee = device(size, language="en"), device(size, language="en")
    open_companions(lam, "lam")
    expect(lam.get_by_text("No companions yet")).to_be_visible()
    looks_right(lam)
    shown = show(lam)
    expect(lam.get_by_test_id("meeting-code")).to_have_text(shown["code"])
    expect(lam.get_by_role("timer")).to_have_text(re.compile(r"^Works for 9:5\d$"))
    looks_right(lam)
    lam.screenshot(path=SHOTS / f"companion-code-{'wide' if wide else 'phone'}-en.png")

    speaks(lee, "en")
    lee.goto(f"/#/meet/{shown['code']}")
    expect(lee.get_by_text("Sign in first, then you can become companions.")).to_be_visible()
    assert shown["code"] not in lee.url
    lee.locator("input[name=name]").fill("lee")
    lee.locator("input[name=password]").fill("leelee")
    lee.locator("form button[type=submit]").click()
    asked = lee.get_by_role("dialog", name="Become companions?")
    expect(asked).to_be_visible()
    assert shown["code"] not in lee.url
    asked.get_by_role("button", name="Become companions").click()
    expect(companion(lee)).to_contain_text("Early Egret")
    expect(lee.get_by_role("status").get_by_text("You and Early Egret are companions now")).to_be_visible()
    expect(companion(lam)).to_contain_text("Clever Turtle")
    expect(lam.get_by_role("dialog")).to_have_count(0)
    lee.screenshot(path=SHOTS / f"companions-{'wide' if wide else 'phone'}-en.png", full_page=True)


def test_two_children_are_companions_once_both_guardians_agree(stage: Stage, device: Callable[..., Page]) -> None:
    families(stage)
    bo, kit, chan, ho = (device(language="en") for _ in range(4))
    open_companions(bo, "bo")
    shown = show(bo)
    open_companions(kit, "kit")
    kit.goto(f"/#/meet/{shown['code']}")
    kit.get_by_role("dialog").get_by_role("button", name="Become companions").click()
    expect(companion(kit)).to_contain_text("Somebody you met")
    expect(companion(kit)).to_contain_text("Waits for your guardian")
    expect(companion(bo)).to_contain_text("Waits for your guardian")

    for guardian, name, child, other in (
        (chan, "chan", "Brave Black Kite", "Kind Tree Frog"),
        (ho, "ho", "Kind Tree Frog", "Brave Black Kite"),
    ):
        speaks(guardian, "en")
        sign_in(guardian, name)
        guardian.goto("/#/notices")
        expect(guardian.get_by_text(re.compile("認識了新同伴"))).to_be_visible()  # in the language of the account
        guardian.goto("/#/family")
        guardian.get_by_role("link", name=re.compile(f"^Companions ?{child}$")).click()
        expect(guardian.get_by_role("heading", name=f"{child}'s companions")).to_be_visible()
        expect(companion(guardian)).to_contain_text(other)
        looks_right(guardian)
        companion(guardian).get_by_role("button", name=re.compile("^Agree")).click()
        guardian.get_by_role("dialog").get_by_role("button", name="Agree", exact=True).click()
        expect(guardian.get_by_role("dialog")).to_have_count(0)

    for page, other in ((bo, "Kind Tree Frog"), (kit, "Brave Black Kite")):
        page.reload()
        expect(companion(page)).to_contain_text(other)

    companion(kit).get_by_role("button", name=re.compile("^End it")).click()
    kit.get_by_role("dialog").get_by_role("button", name="End it").click()
    expect(companion(kit)).to_have_count(0)
    bo.reload()
    expect(bo.get_by_text("No companions yet")).to_be_visible()


def test_the_camera_of_the_page_reads_a_code_and_a_typed_one_does_too(
    stage: Stage, device: Callable[..., Page]
) -> None:
    for name in ("lam", "lee", "ng"):
        stage.world.person(name)
    lam, lee, ng = (device(language="en") for _ in range(3))
    lee.add_init_script(CAMERA)
    open_companions(lam, "lam")
    shown = show(lam)
    open_companions(lee, "lee")
    lee.get_by_role("button", name="Meet somebody").click()
    lee.get_by_role("button", name="Scan theirs").click()
    lee.get_by_role("button", name="Open the camera").click()
    lee.evaluate("window.held = ['https://example.org/another']")
    expect(lee.get_by_role("dialog").get_by_text("That is no companion's code")).to_be_visible()
    lee.evaluate("(link) => { window.held = [link]; }", shown["link"])
    lee.get_by_role("dialog", name="Become companions?").get_by_role("button", name="Become companions").click()
    expect(companion(lee)).to_be_visible()

    lam.reload()
    companion(lam).wait_for()
    shown = show(lam)
    open_companions(ng, "ng")
    ng.get_by_role("button", name="Meet somebody").click()
    ng.get_by_role("button", name="Scan theirs").click()
    expect(ng.get_by_text("Point the phone's own camera at their code")).to_be_visible()
    ng.get_by_label("Their code").fill("ACDE 3467")
    ng.get_by_role("button", name="Become companions").click()
    expect(ng.get_by_role("alert")).to_contain_text("Ask the other person to show it again")
    ng.get_by_label("Their code").fill(shown["code"].replace("-", " ").lower())
    ng.get_by_role("button", name="Become companions").click()
    expect(companion(ng)).to_be_visible()
