"""What is looked at on every screen: nothing sideways, nothing that axe finds, nothing too small for a finger."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "webapp" / "node_modules" / "axe-core" / "axe.min.js"
TARGETS = Path(__file__).with_name("targets.js")
LEAST_PX = 44
MOST_NODES = 4  # of one rule on one screen; more would say the same
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What can differ between two themes of one page.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async (only) => {
  const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"], elementRef: false });
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ target, html, any, all, none }) => ({
      target: target.join(" "), html: html.slice(0, 160), why: [...any, ...all, ...none][0]?.message ?? "",
    })),
  }));
}"""
SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > wide + 0.5)
    .slice(0, 3)
    .map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute("class") ?? ""}`);
}"""


def axe(page: Page, rules: Sequence[str] = ()) -> Iterator[str]:
    """What axe-core finds on the page as it stands: by all rules that concern us, or by those that are named.

    The program is evaluated by the debugger, so that the page's own rules on scripts stay as they are.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_program())
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found: list[dict[str, Any]] = page.evaluate(RUN, only)
    for each in found:
        for node in each["nodes"][:MOST_NODES]:
            yield f"axe {each['id']}: {node['target']} — {node['why'] or each['help']} — {node['html']}"


def sideways(page: Page) -> Iterator[str]:
    """What sticks out of the page, so that it would have to be moved sideways."""
    found: list[str] = page.evaluate(SIDEWAYS)
    if found:
        yield f"sideways at {page.evaluate('innerWidth')} px: {', '.join(found)}"


def too_small(page: Page) -> Iterator[str]:
    """Controls that take a press in less than 44 by 44 pixels."""
    found: list[str] = page.evaluate(f"({TARGETS.read_text('utf-8')})({LEAST_PX})")
    yield from (f"target: {each}" for each in found)


def unsaid(page: Page) -> Iterator[str]:
    """Places of a text that nothing was put into."""
    text = page.locator("body").inner_text()
    yield from (f"says {each!r}" for each in ("undefined", "NaN", "[object") if each in text)


@cache
def _program() -> str:
    return AXE.read_text("utf-8")
