/** Where the phone is, only while the person has switched it on; positions go to the server in small batches. */
import { sendFixes, Unanswered, type Fix, type FixesAnswer } from "../api/calls";
import { network } from "../state/network.svelte";
import { session } from "../state/session.svelte";

type Status = "off" | "asking" | "on" | "denied" | "unavailable" | "insecure" | "unsupported" | "hidden";

const POST_EVERY_MS = 3_000;
const MOST_IN_BATCH = 60;
const HIDDEN_FOR_MS = 120_000;
const STALE_BATCH_MS = 60_000;

class Whereabouts {
  status = $state<Status>("off");
  fix = $state.raw<Fix | null>(null);
  heading = $state<number | null>(null);
  answer = $state.raw<FixesAnswer | null>(null);
  running = $derived(this.status === "on" || this.status === "asking");

  #watch: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #queue: Fix[] = [];
  #unsent: { fixes: Fix[]; since: number } | null = null;
  #posting: Promise<void> | null = null;
  #hiddenSince = 0;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#visibility());
  }

  start(): void {
    if (this.running) return;
    if (!window.isSecureContext) {
      this.status = "insecure";
      return;
    }
    if (!("geolocation" in navigator)) {
      this.status = "unsupported";
      return;
    }
    this.status = "asking";
    this.#watch = navigator.geolocation.watchPosition(
      (position) => this.#take(position),
      (error) => this.#lost(error),
      { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 },
    );
    this.#timer = setInterval(() => void this.flush(), POST_EVERY_MS);
  }

  stop(status: Status = "off"): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    clearInterval(this.#timer);
    clearTimeout(this.#hiding);
    this.#watch = null;
    this.#queue = [];
    this.#unsent = null;
    this.fix = null;
    this.heading = null;
    this.answer = null;
    this.status = status;
  }

  /** Sends what has been gathered; callers may wait so that the server knows the latest place first. */
  async flush(): Promise<void> {
    if (this.#posting) await this.#posting;
    if (!this.#queue.length && !this.#unsent) return;
    this.#posting = this.#post();
    await this.#posting;
    this.#posting = null;
  }

  /** What has been gathered and not been acknowledged, oldest first. */
  unsent(): Fix[] {
    return [...(this.#unsent?.fixes ?? []), ...this.#queue].slice(-MOST_IN_BATCH);
  }

  async #post(): Promise<void> {
    if (this.#unsent && Date.now() - this.#unsent.since > STALE_BATCH_MS) this.#unsent = null;
    // A batch that got no answer is sent again unchanged (their times tell the server); new fixes wait for the next turn.
    const batch = this.#unsent ?? { fixes: this.#queue.splice(0, MOST_IN_BATCH), since: Date.now() };
    if (!batch.fixes.length) return;
    this.#unsent = batch;
    try {
      const answer = await network.watch(sendFixes(batch.fixes));
      if (this.running) this.answer = answer;
      this.#unsent = null;
    } catch (error) {
      if (!(error instanceof Unanswered)) this.#unsent = null;
      session.noticed(error);
    }
  }

  #take({ coords, timestamp }: GeolocationPosition): void {
    const fix: Fix = {
      fixed_at: new Date(timestamp).toISOString(),
      lat: coords.latitude,
      lon: coords.longitude,
      accuracy_m: Number.isFinite(coords.accuracy) ? coords.accuracy : null,
      speed_mps: Number.isFinite(coords.speed) ? coords.speed : null,
    };
    const first = this.fix === null;
    this.status = "on";
    this.fix = fix;
    this.heading = Number.isFinite(coords.heading) ? coords.heading : null;
    this.#queue.push(fix);
    if (this.#queue.length > MOST_IN_BATCH) this.#queue.shift();
    if (first) void this.flush();
  }

  #lost(error: GeolocationPositionError): void {
    if (error.code === error.PERMISSION_DENIED) this.stop("denied");
    else if (this.fix === null) this.stop("unavailable");
    // A gap after a good fix is ordinary under trees and bridges: the watch goes on.
  }

  #visibility(): void {
    if (!this.running) return;
    if (document.hidden) {
      this.#hiddenSince = Date.now();
      this.#hiding = setTimeout(() => this.stop("hidden"), HIDDEN_FOR_MS);
      return;
    }
    clearTimeout(this.#hiding);
    // A sleeping phone runs no timers, so the time away is checked again on return.
    if (Date.now() - this.#hiddenSince > HIDDEN_FOR_MS) this.stop("hidden");
  }
}

export const whereabouts = new Whereabouts();
