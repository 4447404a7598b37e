/** What the hash of the address says: which tab, and within steps which day, month or form; nothing is kept elsewhere. */

export const TABS = ["today", "board", "me"] as const;
export type Tab = (typeof TABS)[number];
/** A day or month of null is the present one. */
export type StepsPlace = { view: "day"; on: string | null } | { view: "month"; month: string } | { view: "add" };
export type Address = { tab: Tab; steps: StepsPlace | null };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;

/** Reads `#/steps/2026-11-21` and its like; whatever is unknown is today. */
export function readAddress(hash: string): Address {
  const [name, inner] = hash.replace(/^#\/?/, "").split("/");
  if (name === "steps") return { tab: "today", steps: stepsPlace(inner ?? "") };
  return { tab: TABS.find((tab) => tab === name) ?? "today", steps: null };
}

/** The link to a place within steps. */
export function stepsHref(place: StepsPlace): string {
  const inner = place.view === "day" ? place.on : place.view === "month" ? place.month : "add";
  return inner ? `#/steps/${inner}` : "#/steps";
}

function stepsPlace(inner: string): StepsPlace {
  if (inner === "add") return { view: "add" };
  if (MONTH.test(inner) && isDay(`${inner}-01`)) return { view: "month", month: inner };
  return { view: "day", on: DAY.test(inner) && isDay(inner) ? inner : null };
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
