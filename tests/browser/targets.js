/* Answers the controls that a finger can miss: less than `least` CSS pixels wide or high where they take a press. */
(least) => {
  const CONTROLS =
    "button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=switch], [role=tab], [role=checkbox], [role=radio], [role=menuitem], [role=option]";
  const scene = document.querySelector("dialog[open]") ?? document.body;
  const found = [];
  for (const control of scene.querySelectorAll(CONTROLS)) {
    if (!isShown(control) || isInSentence(control)) continue;
    const { width, height } = control.getBoundingClientRect();
    if (width >= least && height >= least) continue;
    const [across, down] = pressed(control);
    if (across < least - 1 || down < least - 1) found.push(`${described(control)} takes a press in ${across} by ${down} px`);
  }
  return found;

  function isShown(control) {
    if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: false }) || control.closest("[inert], [aria-hidden=true]")) return false;
    const { width, height, bottom } = control.getBoundingClientRect();
    // A link that skips to the content is above the page until it has the focus.
    return width > 1 && height > 1 && bottom + scrollY > 0;
  }

  /** WCAG 2.5.5: a link among the words of a sentence is as high as its line. */
  function isInSentence(control) {
    if (control.tagName !== "A" || getComputedStyle(control).display !== "inline") return false;
    return [...control.parentElement.childNodes].some((node) => node !== control && node.textContent.trim());
  }

  /** How far a press to the four sides of the middle still reaches the control, or its label. */
  function pressed(control) {
    control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = control.getBoundingClientRect();
    const labels = [...(control.labels ?? [])];
    const takes = (x, y) => {
      const hit = document.elementFromPoint(x, y);
      return !!hit && [control, ...labels].some((each) => each.contains(hit));
    };
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    const label = labels.find((each) => each.contains(control)) ?? labels[0];
    const own = [Math.round(box.width), Math.round(box.height)];
    const wide = label?.getBoundingClientRect();
    if (wide && wide.width >= least && wide.height >= least) return [wide.width, wide.height];
    if (!takes(...middle)) return own;
    const far = (dx, dy) => {
      let steps = 0;
      while (steps < least && takes(middle[0] + dx * (steps + 1), middle[1] + dy * (steps + 1))) steps += 1;
      return steps;
    };
    return [far(-1, 0) + far(1, 0) + 1, far(0, -1) + far(0, 1) + 1];
  }

  function described(control) {
    const name = (control.getAttribute("aria-label") ?? control.innerText ?? "").trim().replaceAll(/\s+/g, " ");
    return `<${control.tagName.toLowerCase()} class="${control.getAttribute("class") ?? ""}"> “${name.slice(0, 40)}”`;
  }
}
