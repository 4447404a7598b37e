/** What the hash of the address says: which tab, and which screen within it or before it; nothing is kept elsewhere. */

export const TABS = ["today", "parks", "board", "me"] as const;
export type Tab = (typeof TABS)[number];
/** A day or month of null is the present one. */
export type StepsPlace = { view: "day"; on: string | null } | { view: "month"; month: string } | { view: "add" | "phones" } | { view: "connections"; outcome: string };
/** The screens that belong to Me; the address may say more behind the name, as `#/classes/<id>`. */
export const ROOMS = [
  "family",
  "account",
  "notices",
  "classes",
  "identity",
  "counter",
  "appeals",
  "trackers",
  "organisations",
  "security",
  "carers",
  "companions",
  "data",
  "privacy",
  "welcome",
  "institutions",
  "rules",
  "accessibility",
  "missing",
] as const;
/** Rooms that are open to everybody, in the order in which the foot of the page names them. */
export const PAGES = ["welcome", "institutions", "rules", "privacy", "accessibility"] as const;
export type Page = (typeof PAGES)[number];
export type Room = (typeof ROOMS)[number];
const FORMS = ["sign-up", "forgotten"] as const;
const PURPOSES = ["sign-up", "password", "email"] as const;
/** The ways in: a form, a mailed link, a printed card, or a class's code (maybe empty). `secret` must not stay in the address. */
export type Gate =
  | { view: (typeof FORMS)[number] }
  | { view: "link"; purpose: (typeof PURPOSES)[number]; secret: string }
  | { view: "card" | "join"; secret: string };
export type Address = {
  home: boolean;
  tab: Tab;
  steps: StepsPlace | null;
  room: Room | null;
  inner: string;
  /** What is looked at of it, as the readings of a class. */
  part: string;
  gate: Gate | null;
  code: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}-\d{2}$/;

/** The public page that a room is, if it is one. */
export const pageOf = (room: Room | null): Page | null => PAGES.find((page) => page === room) ?? null;

/** Reads `#/steps/2026-11-21` and its like; nothing is home, and what names no screen is said to be missing. */
export function readAddress(hash: string): Address {
  const [name, inner, last] = hash.replace(/^#\/?/, "").split("/");
  const plain: Address = { home: !name, tab: "today", steps: null, room: null, inner: "", part: "", gate: null, code: "" };
  if (name === "steps") return { ...plain, steps: stepsPlace(inner ?? "", last ?? "") };
  // The key of a phone, carried there as a picture: it is shown there once, to be copied.
  if (name === "phone-key") return { ...plain, steps: { view: "phones" }, code: inner ?? "" };
  if (name === "parks") return { ...plain, tab: "parks", inner: inner ?? "" };
  // The code of somebody to meet must not stay in the address either; it is used once whoever scanned it is signed in.
  if (name === "meet") return { ...plain, tab: "me", room: "companions", code: inner ?? "" };
  if (name === "counter") return { ...plain, tab: "me", room: "counter", code: inner ?? "" };
  const room = ROOMS.find((each) => each === name);
  if (room) return { ...plain, tab: "me", room, inner: inner ?? "", part: last ?? "" };
  const tab = TABS.find((each) => each === name);
  const gate = gateOf(name, inner ?? "", last ?? "");
  if (name && !tab && !gate) return { ...plain, tab: "me", room: "missing" };
  return { ...plain, tab: tab ?? "today", gate };
}

/** The link to a place within steps. */
export function stepsHref(place: StepsPlace): string {
  const inner = place.view === "day" ? place.on : place.view === "month" ? place.month : place.view;
  return inner ? `#/steps/${inner}` : "#/steps";
}

function gateOf(name: string | undefined, inner: string, last: string): Gate | null {
  const form = FORMS.find((each) => each === name);
  if (form) return { view: form };
  const purpose = PURPOSES.find((each) => each === inner);
  if (name === "link" && purpose && last) return { view: "link", purpose, secret: last };
  if (name === "join") return { view: "join", secret: inner };
  return name === "card" && inner ? { view: "card", secret: inner } : null;
}

function stepsPlace(inner: string, last: string): StepsPlace {
  if (inner === "connections") return { view: inner, outcome: last };
  if (inner === "add" || inner === "phones") return { view: inner };
  if (MONTH.test(inner) && isDay(`${inner}-01`)) return { view: "month", month: inner };
  return { view: "day", on: DAY.test(inner) && isDay(inner) ? inner : null };
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
