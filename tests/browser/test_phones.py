"""Phones that send steps, in a real browser: a key is made, used over HTTP, seen to arrive, and taken away."""

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import NAMES, Stage, looks_right, sign_in
from tests.browser.test_steps import today


def pushed(stage: Stage, path: str, bearer: str, body: Any) -> int:
    """The status of what is answered to a phone that pushes."""
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=20)
    headers = {"Content-Type": "application/json", "Authorization": bearer}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_a_phone_is_added_heard_and_removed(stage: Stage, device: Callable[..., Page]) -> None:
    page, day = device(language="en"), today()
    page.goto("/")
    page.get_by_role("button", name=NAMES["en"]).click()
    sign_in(page, "mei")
    page.goto("/#/steps")
    page.get_by_role("link", name="Phones that send steps").click()
    page.get_by_role("button", name="Add a phone").click()
    expect(page.get_by_role("heading", name="What does your phone have?")).to_be_focused()
    page.get_by_role("button", name="iPhone with Shortcuts").click()
    expect(page.get_by_label("Name of the phone")).to_have_value("iPhone")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="The key of iPhone")).to_be_focused()
    address, bearer = (page.get_by_test_id(each).inner_text() for each in ("address", "bearer"))
    expect(page.get_by_text("Waiting for the first push")).to_be_visible()
    looks_right(page)
    path = urlsplit(address).path
    assert pushed(stage, path, bearer, {"date": f"{day}", "steps": "8,123", "tz": "Asia/Hong_Kong"}) == 202
    expect(page.get_by_test_id("arrival")).to_contain_text("Arrived at", timeout=30_000)
    page.get_by_role("link", name="See today's steps").click()
    expect(page.get_by_test_id("steps")).to_contain_text("8,123")
    page.goto("/#/steps/phones")
    expect(page.get_by_test_id("phone")).to_contain_text("Apple Shortcuts")
    expect(page.get_by_text(bearer)).to_have_count(0)
    page.get_by_role("button", name="Remove iPhone").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No phone sends steps yet")).to_be_visible()
    assert pushed(stage, path, bearer, {"date": f"{day}", "steps": 9_000, "tz": "Asia/Hong_Kong"}) == 401


def test_a_key_is_carried_to_another_device_and_leaves_no_trace_in_its_address(
    stage: Stage, device: Callable[..., Page]
) -> None:
    page, key = device(language="en"), "eplus_" + "k" * 43
    page.goto("/")
    page.get_by_role("button", name=NAMES["en"]).click()
    sign_in(page, "wing")
    page.goto(f"/#/phone-key/{key}")
    expect(page.get_by_test_id("bearer")).to_have_text(f"Bearer {key}")
    expect(page.get_by_test_id("address")).to_have_text(f"{stage.url}/api/device/steps")
    assert page.url.endswith("/#/steps/phones")
    page.get_by_role("button", name="Android with HC Webhook").click()
    expect(page.get_by_role("heading", name="Set it up")).to_be_visible()
