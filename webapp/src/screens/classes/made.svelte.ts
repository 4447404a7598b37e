/** Cards that were made and are not put away yet: the server tells them once, so that they outlive going back and forth. */
import type { PupilCard } from "../../api/classes";
import { session } from "../../state/session.svelte";

class Made {
  cards = $state.raw<PupilCard[]>([]);
  classId = $state("");
  printed = $state(false);

  constructor() {
    addEventListener("beforeunload", (event) => {
      if (this.cards.length) event.preventDefault();
    });
    // Nothing of one person stays on the page for the next.
    $effect.root(() => {
      $effect(() => {
        if (session.status === "out") this.clear();
      });
    });
  }

  put(classId: string, cards: PupilCard[]): void {
    [this.classId, this.cards, this.printed] = [classId, cards, false];
  }

  clear(): void {
    this.put("", []);
  }
}

export const made = new Made();
