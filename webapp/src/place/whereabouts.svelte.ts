/** Where the phone is, only while the person has switched it on; positions go to the server in small batches. */
import { Refused, sendFixes, type Fix, type FixesAnswer } from "../api/calls";
import { network } from "../state/network.svelte";
import { session } from "../state/session.svelte";

type Status = "off" | "asking" | "on" | "denied" | "unavailable" | "insecure" | "unsupported" | "hidden";

const POST_EVERY_MS = 3_000;
const MOST_IN_BATCH = 60;
const HIDDEN_FOR_MS = 120_000;
/** As long as the server remembers a walk; it takes no older fixes. */
const WALK_MS = 600_000;
const BUSY = 429;

class Whereabouts {
  status = $state<Status>("off");
  fix = $state.raw<Fix | null>(null);
  heading = $state<number | null>(null);
  answer = $state.raw<FixesAnswer | null>(null);
  /** Counts the times at which fixes were left over, or none any more. */
  behind = $state(0);
  /** A capture that was made then waits: later fixes go after it, or the walk to it would be over. */
  holdAfter: string | null = null;
  running = $derived(this.status === "on" || this.status === "asking");

  #watch: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #queue: Fix[] = [];
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
    this.#timer = setInterval(() => void (this.#posting ?? this.flush()), POST_EVERY_MS);
  }

  stop(status: Status = "off"): void {
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    clearInterval(this.#timer);
    clearTimeout(this.#hiding);
    this.#watch = null;
    // A page that slept may still send what it had; whoever switches off, or leaves, wants nothing more sent.
    if (status === "off") this.#queue = [];
    this.behind += 1;
    this.fix = null;
    this.heading = null;
    this.answer = null;
    this.status = status;
  }

  /** Sends what has been gathered; callers may wait so that the server knows the latest place first. */
  async flush(): Promise<void> {
    while (this.#posting) await this.#posting;
    this.#posting = this.#post().finally(() => (this.#posting = null));
    await this.#posting;
  }

  /** What has been gathered and not been acknowledged, oldest first. */
  unsent(): Fix[] {
    return this.#queue.filter(({ fixed_at }) => Date.now() - Date.parse(fixed_at) < WALK_MS);
  }

  /** Takes back what a page before this one could not send. */
  restore(fixes: Fix[]): void {
    const first = this.#queue[0]?.fixed_at;
    this.#queue = [...fixes.filter(({ fixed_at }) => !first || fixed_at < first), ...this.#queue];
  }

  /** Sends batch after batch; what got no answer is sent again, and its times tell the server what it had before. */
  async #post(): Promise<void> {
    const had = this.#queue.length;
    for (;;) {
      this.#queue = this.unsent();
      const batch = this.#queue.filter(({ fixed_at }) => !this.holdAfter || fixed_at <= this.holdAfter).slice(0, MOST_IN_BATCH);
      if (!batch.length || !(await this.#sent(batch))) break;
      this.#queue = this.#queue.filter((fix) => !batch.includes(fix));
    }
    if (had || this.#queue.length) this.behind += 1;
  }

  async #sent(fixes: Fix[]): Promise<boolean> {
    try {
      const answer = await network.watch(sendFixes(fixes));
      if (this.running) this.answer = answer;
      return true;
    } catch (error) {
      session.noticed(error);
      // What was refused would be refused again.
      return error instanceof Refused && error.status !== BUSY;
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
