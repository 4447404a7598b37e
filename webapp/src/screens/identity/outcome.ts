/** How the way to iAM Smart ended, as the address says it. */

const OUTCOMES = ["done", "declined", "over", "already", "number_taken", "too_young", "provider_away", "not_believed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Empty for an address that says nothing; whatever is unknown was not believed. */
export function outcomeOf(inner: string): Outcome | "" {
  if (!inner) return "";
  return OUTCOMES.find((each) => each === inner) ?? "not_believed";
}
