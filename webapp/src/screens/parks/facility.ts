/** What there is in a park, in the reader's words; the source names it in English only. */
import { t, words, type WordKey } from "../../words/words.svelte";

/** The words for a facility, or null where the source uses a word that is not among ours. */
export function facilityName(english: string): string | null {
  const key = `facility.${english.toLowerCase().replaceAll("’", "'").replace(/[^a-z0-9]+/g, "_")}`;
  return key in words.catalogue ? t(key as WordKey) : null;
}
