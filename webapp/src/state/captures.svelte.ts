/** Every capture tried on this page: sending, waiting for the network, counted, or refused with a reason. */
import { SvelteMap } from "svelte/reactivity";
import { capture, newId, Refused, type CaptureAnswer, type Drop, type Fix } from "../api/calls";
import { whereabouts } from "../place/whereabouts.svelte";
import { t } from "../words/words.svelte";
import { network } from "./network.svelte";
import { play } from "./play.svelte";
import { session } from "./session.svelte";

export type Attempt = { clientId: string; fix: Fix; trail: Fix[]; drop: Drop };
export type Fate =
  | { state: "sending" | "waiting"; attempt: Attempt }
  | { state: "counted"; points: number; coins: number; at: string }
  | { state: "refused"; message: string; final: boolean };

export type Landing = { id: string; drop: Drop; points: number; coins: number; total: number };

const RETRY_MS = 8_000;
/** An attempt holds coordinates: they are kept no longer, though the server takes them for ten minutes only. */
const KEEP_MS = 3_600_000;
/** As many fixes as go along with a capture. */
const TRAIL = 60;
/** After these nothing the person does now can change the answer. */
const FINAL = new Set([
  "capture.already_yours",
  "capture.daily_cap",
  "challenge.over",
  "drop.gone",
  "drop.other_day",
  "drop.unknown",
]);
/** Too many requests is not an answer about the capture. */
const BUSY = 429;

class Captures {
  fates = new SvelteMap<string, Fate>();
  landing = $state.raw<Landing | null>(null);
  /** Without an answer yet, in the order in which they were made. */
  open = $derived(
    [...this.fates.values()]
      .flatMap((fate) => (fate.state === "sending" || fate.state === "waiting" ? [fate.attempt] : []))
      .sort((a, b) => a.fix.fixed_at.localeCompare(b.fix.fixed_at)),
  );
  waiting = $derived([...this.fates.values()].filter(({ state }) => state === "waiting").length);
  #retrying = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    addEventListener("online", () => void this.retry());
  }

  /** Tries to capture from where the phone is now. */
  async take(drop: Drop, fix: Fix): Promise<void> {
    const state = this.fates.get(drop.id)?.state;
    if (state === "sending" || state === "waiting" || state === "counted") return;
    // What could not be sent before goes along with the capture, so that the server can follow the walk to it.
    const trail = whereabouts.unsent().filter(({ fixed_at }) => fixed_at < fix.fixed_at).slice(-TRAIL);
    const attempt = { clientId: newId(), fix, trail, drop };
    this.fates.set(drop.id, { state: "sending", attempt });
    await this.#send(attempt);
  }

  /** Takes up what a page before this one could not send. */
  restore(attempts: Attempt[]): void {
    for (const attempt of attempts) if (!this.fates.has(attempt.drop.id)) this.fates.set(attempt.drop.id, { state: "waiting", attempt });
    void this.retry();
  }

  /** Sends again whatever got no answer, each under its first id, in the order in which they were made. */
  async retry(): Promise<void> {
    if (this.#retrying) return;
    this.#retrying = true;
    for (const attempt of this.open) {
      if (this.fates.get(attempt.drop.id)?.state !== "waiting") continue;
      await this.#send(attempt);
      if (this.fates.get(attempt.drop.id)?.state === "waiting") break;
    }
    this.#retrying = false;
    this.#keepTrying();
  }

  clear(): void {
    this.fates.clear();
    this.landing = null;
    this.#keepTrying();
  }

  async #send(attempt: Attempt): Promise<void> {
    const { drop } = attempt;
    if (Date.now() - Date.parse(attempt.fix.fixed_at) > KEEP_MS) {
      this.fates.set(drop.id, { state: "refused", message: t("capture.too_late"), final: false });
      return;
    }
    const before = session.me?.tag;
    whereabouts.holdAfter = this.open[0]?.fix.fixed_at ?? null;
    await whereabouts.flush();
    // Nobody's capture is sent in the name of whoever signed in meanwhile.
    if (session.me?.tag !== before || !this.fates.has(drop.id)) return;
    try {
      this.#count(drop, await network.watch(capture(attempt.clientId, drop.id, attempt.fix, attempt.trail)));
    } catch (error) {
      session.noticed(error);
      if (error instanceof Refused && error.status !== BUSY) this.#refuse(drop, error);
      else this.fates.set(drop.id, { state: "waiting", attempt });
    }
    this.#keepTrying();
  }

  #count(drop: Drop, answer: CaptureAnswer): void {
    const points = answer.awards.reduce((sum, award) => sum + award.points, 0);
    const coins = answer.awards.reduce((sum, award) => sum + award.coins, 0);
    play.count(answer);
    this.fates.set(drop.id, { state: "counted", points, coins, at: answer.capture.captured_at });
    this.landing = { id: answer.capture.id, drop, points, coins, total: answer.points };
  }

  #refuse(drop: Drop, refusal: Refused): void {
    if (refusal.code === "capture.already_yours") play.own(drop.id);
    this.fates.set(drop.id, { state: "refused", message: refusal.message, final: FINAL.has(refusal.code) });
  }

  #keepTrying(): void {
    whereabouts.holdAfter = this.open[0]?.fix.fixed_at ?? null;
    const needed = this.waiting > 0;
    if (needed && this.#timer === undefined) this.#timer = setInterval(() => void this.retry(), RETRY_MS);
    if (!needed) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

export const captures = new Captures();
