/** Where what was refused can be put right: refusals that say so have a way there beside them. */
import type { WordKey } from "../words/words.svelte";

export type Way = { href: string; word: WordKey };

const SECURITY: Way = { href: "#/security", word: "way.security" };
const HOME: Way = { href: "#/", word: "way.home" };
const WAYS: Record<string, Way> = {
  "factor.prove_first": SECURITY,
  "identity.not_strong": SECURITY,
  "organisation.not_strong": SECURITY,
  "departure.last_guardian": { href: "#/family", word: "way.family" },
  "departure.last_admin": { href: "#/organisations", word: "way.organisations" },
  "access.not_for_you": HOME,
  "http.not_found": HOME,
};

/** The way on from a refusal of this code, if there is one and the reader is not there already. */
export function wayFrom(code: string, here: string): Way | null {
  const way = WAYS[code];
  return way && way.href !== here ? way : null;
}
