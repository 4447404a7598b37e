/** Which tabs somebody has, by what they do here; the first is where they land after signing in. */

export type TabName = "today" | "parks" | "board" | "boards" | "classes" | "counter" | "organisations" | "me";
/** Roles that are work. */
export type WorkRole = "counter" | "clinician" | "booth" | "admin" | "teacher" | "staff";
/** What is known of whoever is signed in, as far as the shell depends on it. */
type Reader = { roles: string[]; name: unknown; waiting_for_consent: boolean };

/** Roles that are work, and what each works with, the most pressing first. Whoever has several has the tabs of all. */
const WORK: [role: WorkRole, tabs: TabName[]][] = [
  ["counter", ["counter"]],
  ["clinician", ["organisations"]],
  ["booth", ["organisations"]],
  ["admin", ["organisations"]],
  ["teacher", ["classes", "board"]],
  ["staff", ["boards"]],
];
const PLAY: TabName[] = ["today", "parks", "board"];
/** More do not fit on a phone, and large type has three; what falls out, in this order, is still reached from Me and from Today. */
const MOST = 5;
const LARGE = 3;
const FALLS_OUT: TabName[] = ["organisations", "parks"];
const LARGE_FALLS_OUT: TabName[] = ["organisations", "board", "boards", "parks", "classes", "counter"];

/** The tabs of a reader, at least two; of the board and the boards, which are one screen, there is one. */
export function tabsOf({ roles, name, waiting_for_consent: waits }: Reader, large = false): TabName[] {
  const plays = !!name || waits;
  // Whoever runs an organisation beside playing comes to play; their rooms are under Me.
  const work = WORK.filter(([role]) => roles.includes(role) && !(role === "admin" && plays)).flatMap(([, tabs]) => tabs);
  const wanted = [...new Set([...work, ...(plays || !work.length ? PLAY : [])])];
  const boards = wanted.find((tab) => tab === "board" || tab === "boards");
  const kept = wanted.filter((tab) => (tab !== "board" && tab !== "boards") || tab === boards);
  return fitting(kept, large);
}

/** Which of somebody's roles are work. */
export const workOf = (roles: string[]): WorkRole[] => WORK.map(([role]) => role).filter((role) => roles.includes(role));

/** As which of their roles somebody is in the room of a tab. */
export function rolesAt(roles: string[], room: string | null): WorkRole[] {
  return WORK.filter(([role, tabs]) => roles.includes(role) && tabs.some((tab) => tab === room)).map(([role]) => role);
}

/** The tabs of somebody in whose place one acts: what can be done there is to look at their play. */
export const actingTabs = (large: boolean): TabName[] => fitting(PLAY, large);

function fitting(kept: TabName[], large: boolean): TabName[] {
  const few = (large ? LARGE_FALLS_OUT : FALLS_OUT).filter((tab) => kept.includes(tab));
  const out = few.slice(0, Math.max(0, kept.length + 1 - (large ? LARGE : MOST)));
  return [...kept.filter((tab) => !out.includes(tab)), "me"];
}

/** The address of a tab. */
export const hrefOf = (tab: TabName): string => `#/${tab === "boards" ? "board" : tab}`;

/** Which tab is lit: a room that is a tab lights its own, any other that of its screen; none if that is no tab. */
export function litTab(tabs: TabName[], tab: "today" | "parks" | "board" | "me", room: string | null): TabName | undefined {
  return tabs.find((each) => each === room) ?? tabs.find((each) => each === tab || (tab === "board" && each === "boards"));
}
