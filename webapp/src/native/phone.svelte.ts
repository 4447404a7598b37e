/** This phone, inside the app: set up once, it sends its week whenever the app is opened. */
import { addPhone, phones, removePhone } from "../api/phones";
import { acting } from "../state/acting.svelte";
import { session } from "../state/session.svelte";
import { send, type Kept, type Outcome } from "./sending";
import { health, phoneName } from "./shell";
import type { Week } from "./week";

const KEPT = "eplus.this-phone";
const PUSH = "/api/device/steps";
const PAUSE_MS = 10 * 60_000; // between two openings that send

function read(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

async function push(key: string, body: Week): Promise<number> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${key}` };
  return (await fetch(PUSH, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" })).status;
}

class ThisPhone {
  kept = $state.raw<Kept | null>(read());
  outcome = $state<Outcome | null>(null);
  #watched = false;

  /** Sends now, and whenever the app comes to the front again. */
  watch(): void {
    void this.#opened();
    if (this.#watched) return;
    this.#watched = true;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.#opened();
    });
  }

  async #opened(): Promise<void> {
    // In somebody's place the page asks for their phones, and this is none of them.
    if (session.status !== "in" || acting.who || !this.kept || Date.now() - this.kept.sentAt < PAUSE_MS) return;
    await this.send();
  }

  /** Sends the week, and remembers what became of it. */
  async send(): Promise<void> {
    const [kept, store] = [this.kept, health()];
    if (!kept || !store) return;
    const mine = async (): Promise<string[]> => (await phones()).phones.map(({ id }) => id);
    this.outcome = await send(kept, { health: store, mine, push, now: () => new Date() });
    if (this.outcome === "sent") this.#keep({ ...kept, sentAt: Date.now() });
  }

  /** Asks the phone's owner for leave to read steps, then the server for a key; no leave, no key. */
  async setUp(): Promise<void> {
    const allowed = await health()?.requestAuthorization({ read: ["steps"] }).catch(() => null);
    if (!allowed?.readAuthorized.includes("steps")) {
      this.outcome = "not_allowed";
      return;
    }
    const { phone, key } = await addPhone(phoneName());
    this.#keep({ id: phone.id, key, name: phone.name, sentAt: 0 });
    await this.send();
  }

  /** Sends no more: the key is taken away, and forgotten here. */
  async stop(): Promise<void> {
    if (this.kept) await removePhone(this.kept.id);
    this.#keep(null);
    this.outcome = null;
  }

  #keep(kept: Kept | null): void {
    this.kept = kept;
    try {
      if (kept) localStorage.setItem(KEPT, JSON.stringify(kept));
      else localStorage.removeItem(KEPT);
    } catch {
      // Where storage is refused, the phone sends until the app is closed.
    }
  }
}

export const thisPhone = new ThisPhone();
