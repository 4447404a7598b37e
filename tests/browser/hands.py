"""Somebody who uses the page by keyboard alone, and looks at each step whether they can see where they are."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# Before a name is given up: on a loaded machine what has it may come after many rounds of the page.
MOST_STEPS, PATIENCE_S = 160, 30

# Where the focus is: its name, its role, whether it can be seen, and whether anything lies over it.
HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const byId = (ids) => (ids ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const labels = [...(at.labels ?? [])];
  const name = at.ariaLabel ?? (byId(at.getAttribute("aria-labelledby")).trim()
    || labels.map((each) => each.textContent).join(" ") || at.textContent);
  // A tick or a file has its ring around its label.
  const shown = at.getBoundingClientRect().width > 4 ? at : (labels[0] ?? at);
  const ringed = [at, ...labels, at.parentElement].some((each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = shown.getClientRects()[0] ?? shown.getBoundingClientRect();
  const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
  const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const within = right > left && bottom > top;
  const free = within && !!hit && (at.contains(hit) || labels.some((each) => each.contains(hit)));
  return {
    name: name.replace(/\\s+/g, " ").trim(), tag: at.tagName.toLowerCase(), type: at.getAttribute("type"),
    main: at.id === "content", sheet: !!at.closest("dialog[open]"), ringed, free,
    over: free ? null : hit && `${hit.tagName} .${hit.getAttribute("class")}`,
    pressed: at.ariaPressed, checked: at.ariaChecked ?? at.checked ?? null,
  };
}"""


@dataclass
class Hands:
    """The keys of one page; nothing is clicked, and nothing is focused but by them."""

    page: Page

    def here(self) -> dict[str, Any]:
        """Where the focus is; it must be somewhere."""
        at = self._focus()
        assert at is not None, "nothing has the focus"
        return at

    def _focus(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.page.evaluate(HERE)
        return found

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into the field that has the focus."""
        self.page.keyboard.type(text)

    def step(self, key: str = "Tab") -> dict[str, Any] | None:
        """One step; whatever has the focus then is seen to have it, and lies under nothing."""
        self.press(key)
        at = self._focus()
        if at is not None and not at["main"]:
            assert at["ringed"], f"the focus cannot be seen on {at}"
            assert at["free"], f"something lies over {at}"
        return at

    def to(self, name: str, *, tag: str | None = None, back: bool = False) -> dict[str, Any]:
        """Go on to what has this name, or begins with it."""
        passed: list[str | None] = []
        until = time.monotonic() + PATIENCE_S
        while len(passed) < MOST_STEPS or time.monotonic() < until:
            at = self.step("Shift+Tab" if back else "Tab")
            if at and at["name"].startswith(name) and tag in (None, at["tag"]):
                return at
            passed.append(at and at["name"][:24])
        raise AssertionError(f"{name} was not reached, but {passed[:60]}")

    def choose(self, name: str, key: str = "Enter") -> None:
        """Go to what has this name and press it."""
        self.to(name)
        self.press(key)

    def write(self, name: str, text: str) -> None:
        """Go to a field and write into it."""
        self.to(name, tag="input")
        self.type(text)
