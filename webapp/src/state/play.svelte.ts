/** Today's parks, the park on the screen, and the person's own points and coins. */
import { park, today, type CaptureAnswer, type Drop, type Park, type ParkLine, type Today } from "../api/calls";
import { network } from "./network.svelte";
import { session } from "./session.svelte";

const OLD_MS = 300_000;

class Play {
  today = $state<Today | null>(null);
  park = $state<Park | null>(null);
  failure = $state<unknown>(null);
  parkFailure = $state<unknown>(null);
  chosen = $state<string | null>(null);

  line = $derived<ParkLine | null>(this.today?.parks.find(({ id }) => id === this.chosen) ?? this.today?.parks[0] ?? null);
  drops = $derived<Drop[]>(this.park && this.park.id === this.line?.id ? this.park.drops : []);

  #loadedAt = 0;

  constructor() {
    const old = (): boolean => !document.hidden && Date.now() - this.#loadedAt > OLD_MS;
    const look = (): void => void (old() && this.renew());
    document.addEventListener("visibilitychange", look);
    // Parks open and close, and days begin, while a page stays open.
    setInterval(look, OLD_MS);
  }

  async load(): Promise<void> {
    this.failure = null;
    this.#loadedAt = Date.now();
    try {
      this.today = await network.watch(today());
    } catch (error) {
      this.failure = error;
      session.noticed(error);
      return;
    }
    await this.loadPark();
  }

  /** Fetches again in the background; what is on the screen stays until the answer is here. */
  async renew(): Promise<void> {
    if (!this.today && !this.failure) return;
    this.#loadedAt = Date.now();
    try {
      this.today = await network.watch(today());
      this.failure = null;
      await this.loadPark();
    } catch (error) {
      session.noticed(error);
    }
  }

  async loadPark(): Promise<void> {
    const id = this.line?.id;
    if (!id) return;
    this.parkFailure = null;
    try {
      const loaded = await network.watch(park(id));
      if (this.line?.id === id) this.park = loaded;
    } catch (error) {
      this.parkFailure = error;
      session.noticed(error);
    }
  }

  async choose(id: string): Promise<void> {
    this.chosen = id;
    if (this.park?.id !== id) this.park = null;
    await this.loadPark();
  }

  /** Puts a counted capture into what is shown, without asking the server again. */
  count(answer: CaptureAnswer): void {
    if (this.today) {
      this.today.points = answer.points;
      this.today.coins = answer.coins;
      this.today.captured_today = answer.captured_today;
    }
    this.own(answer.capture.drop_id);
  }

  own(dropId: string): void {
    const drop = this.park?.drops.find(({ id }) => id === dropId);
    if (!drop || drop.mine) return;
    drop.mine = true;
    const line = this.today?.parks.find(({ id }) => id === this.park?.id);
    if (line) line.drops_mine += 1;
  }

  clear(): void {
    this.today = null;
    this.park = null;
    this.chosen = null;
    this.failure = null;
    this.parkFailure = null;
  }
}

export const play = new Play();
