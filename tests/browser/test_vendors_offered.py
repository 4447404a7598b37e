"""All vendors that can be offered, each with a card that says what to know before one goes there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from integrations.cloud import CloudProvider
from tests.browser.conftest import NAMES, PHONE, Stage, keep, sign_in, staged
from tests.integrations.flows import cloud, clouds


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The served world, registered with every vendor, with an adult in it."""
    with staged(tmp_path, EPLUS_TRACKERS=" ".join(map(registered, clouds()))) as made:
        made.world.player(made.world.person("ho"))
        yield made


def registered(name: str) -> str:
    """The setting of a vendor."""
    vendor: CloudProvider = cloud(name)
    return f"{name}?id=us&secret=known" + "".join(f"&{need}=x" for need in vendor.CLOUD.needs)


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans", "en"])
def test_every_vendor_has_a_card_and_who_is_refused_is_told_what_to_look_at(
    stage: Stage, device: Callable[..., Page], language: str
) -> None:
    page = device(PHONE, language)
    page.goto("/")
    page.get_by_role("button", name=NAMES[language]).click()
    sign_in(page, "ho")
    page.goto("/#/steps/connections/refused")
    expect(page.get_by_test_id("connection")).to_have_count(len(clouds()))
    shown = page.locator("#content").inner_text()
    for name in ("Suunto", "Oura", "Polar") if language == "en" else ("Google Health", "Withings"):
        assert name in shown
    assert "Health Kit" in shown
    keep(page, "vendors", language)
