/** How it went at a vendor, as the address says it when one comes back. */
import type { WordKey } from "../../words/words.svelte";

type Told = { tone: "mine" | "wait" | "alert"; title: WordKey; text: WordKey };

const OUTCOMES: Record<string, Told> = {
  done: { tone: "mine", title: "connections.done", text: "connections.done_next" },
  declined: { tone: "wait", title: "connections.declined", text: "connections.declined_next" },
  taken: { tone: "alert", title: "connections.taken", text: "connections.taken_next" },
  refused: { tone: "alert", title: "connections.not_given", text: "connections.not_given_next" },
  over: { tone: "alert", title: "connections.over", text: "connections.over_next" },
};
const AWAY: Told = { tone: "alert", title: "connections.away", text: "connections.away_next" };

/** What is said of an outcome; nothing where there was none. */
export const toldOf = (outcome: string): Told | null => (outcome ? (OUTCOMES[outcome] ?? AWAY) : null);
