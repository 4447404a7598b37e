/** Whether the server can be reached, as far as this page knows. */
import { listen, Refused, Unanswered } from "../api/calls";

class Network {
  #device = $state(navigator.onLine);
  #missed = $state(false);
  /** When the answers were kept that are shown in place of fresh ones. */
  asOf = $state<string | null>(null);
  reachable = $derived(this.#device && !this.#missed);

  constructor() {
    listen((keptAt) => {
      this.asOf = keptAt;
      this.#missed = keptAt !== null;
    });
    addEventListener("online", () => {
      this.#device = true;
      this.#missed = false;
    });
    addEventListener("offline", () => {
      this.#device = false;
    });
  }

  /** Runs one call and remembers whether anything answered. */
  async watch<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.#missed = this.asOf !== null;
      return answer;
    } catch (error) {
      this.#missed = error instanceof Unanswered && error.status === 0;
      throw error;
    }
  }
}

export const network = new Network();

/** Why a call failed, as a key of the words, or the server's own sentence. */
export function why(error: unknown): { key: "error.network" | "error.server" } | { message: string } {
  if (error instanceof Refused) return { message: error.message };
  if (error instanceof Unanswered && error.status > 0) return { key: "error.server" };
  return { key: "error.network" };
}
