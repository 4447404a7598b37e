/** Numbers that were typed and not saved yet, by class and day: they outlive going to another day or screen and back. */
import { session } from "../../state/session.svelte";
import type { Texts } from "./readings";

class Typed {
  #texts = $state.raw<Record<string, Texts>>({});

  constructor() {
    addEventListener("beforeunload", (event) => {
      if (Object.values(this.#texts).some((texts) => Object.keys(texts).length)) event.preventDefault();
    });
    // Nothing of one person stays on the page for the next.
    $effect.root(() => {
      $effect(() => {
        if (session.status === "out") this.#texts = {};
      });
    });
  }

  of(id: string, on: string): Texts {
    return this.#texts[`${id} ${on}`] ?? {};
  }

  keep(id: string, on: string, texts: Texts): void {
    this.#texts = { ...this.#texts, [`${id} ${on}`]: texts };
  }
}

export const typed = new Typed();
