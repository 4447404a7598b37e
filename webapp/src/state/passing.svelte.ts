/** A code that works for minutes only: it is made, shown while it lasts, and now and then somebody looks whether it was used. */
import { onMount } from "svelte";
import { t, type WordKey } from "../words/words.svelte";
import { announcer } from "./announcer.svelte";
import { Attempt } from "./attempt.svelte";

const LOOK_EVERY_MS = 4000;

export class PassingCode<Code extends { lasts_s: number }> {
  /** The latest code; it may be over. */
  code = $state.raw<Code | null>(null);
  /** For how many seconds it still works. */
  left = $state(0);
  /** The code while it works. */
  works = $derived(this.left > 0 ? this.code : null);
  attempt = new Attempt();

  readonly #make: () => Promise<Code>;
  readonly #said: { ready: WordKey; over: WordKey };
  #endsAt = 0;

  /** To be made while its component is: it looks, by `look`, as long as that is on the page. */
  constructor(make: () => Promise<Code>, look: () => Promise<void>, said: { ready: WordKey; over: WordKey }) {
    this.#make = make;
    this.#said = said;
    onMount(() => {
      const ticking = setInterval(() => this.#tick(), 1000);
      const looking = setInterval(() => {
        if (this.left > 0 && !document.hidden) void look();
      }, LOOK_EVERY_MS);
      return () => {
        clearInterval(ticking);
        clearInterval(looking);
      };
    });
  }

  make = async (): Promise<void> => {
    await this.attempt.run(async () => {
      this.code = await this.#make();
      this.left = this.code.lasts_s;
      this.#endsAt = performance.now() + this.left * 1000;
      announcer.say(t(this.#said.ready));
    });
  };

  #tick(): void {
    if (this.left <= 0) return;
    this.left = Math.max(0, (this.#endsAt - performance.now()) / 1000);
    if (this.left <= 0) announcer.say(t(this.#said.over));
  }
}
