/** A shown number that climbs to its new value in the time of one celebration. */
import { untrack } from "svelte";

const GROW_MS = 700;

export class Rising {
  shown = $state(0);
  #frame = 0;

  constructor(start: number) {
    this.shown = start;
  }

  /** Climbs to `target`; falls, first values and reduced motion arrive at once. */
  to(target: number): void {
    cancelAnimationFrame(this.#frame);
    // The effect that calls this must follow the target only, or every frame would begin the climb anew.
    const from = untrack(() => this.shown);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // A hidden page draws no frames, so the number would stand still until somebody looks.
    if (target <= from || from === 0 || still || document.hidden) {
      this.shown = target;
      return;
    }
    const begun = performance.now();
    const step = (now: number): void => {
      const part = Math.min(1, (now - begun) / GROW_MS);
      this.shown = Math.round(from + (target - from) * (1 - (1 - part) ** 3));
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }
}
