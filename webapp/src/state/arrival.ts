/** Where the focus goes when one screen takes another's place: to the new one's main part, so that it is not lost with the old. */

let known: Element | null = null;
let awaited = false;

/** Somebody moves on: the focus leaves the tabs, too, for the screen that comes. */
export function moveOn(): void {
  awaited = true;
}

function look(): void {
  const main = document.getElementById("content");
  if (!main) return;
  const held = document.activeElement;
  const lost = !held || held === document.body;
  // A page that was just opened leaves the focus alone, and what a new screen has brought it to, such as a sheet, keeps it.
  const takes = main === known ? awaited && lost : known && (lost || (awaited && !held.closest("#content, dialog[open]")));
  if (takes) main.focus({ preventScroll: true });
  if (takes || main !== known) awaited = false;
  known = main;
}

/** Watches for screens, which come as late as their scripts. */
export function watchArrivals(): void {
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
