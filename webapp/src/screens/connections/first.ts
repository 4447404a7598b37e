/** What one should know before one goes to a vendor. */
import type { WordKey } from "../../words/words.svelte";

const FIRST: Record<string, WordKey> = {
  google_health: "connections.first_google",
  huawei_health: "connections.first_huawei",
  garmin_health: "connections.first_garmin",
};

/** What is said of a vendor before one connects; nothing of most. */
export const firstOf = (name: string): WordKey | null => FIRST[name] ?? null;
