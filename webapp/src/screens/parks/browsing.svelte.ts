/** All parks, what is looked for among them and which one is chosen; kept while a park's own page is open. */
import type { Tri } from "../../api/calls";
import { allParks, type AllParks, type ParkInShort } from "../../api/parks";
import { whereabouts } from "../../place/whereabouts.svelte";
import { network } from "../../state/network.svelte";
import { play } from "../../state/play.svelte";
import { session } from "../../state/session.svelte";
import { EVERYTHING, found, ordered, type Sought } from "./found";

class Browsing {
  all = $state.raw<AllParks | null>(null);
  failure = $state<unknown>(null);
  sought = $state<Sought>({ ...EVERYTHING });
  chosen = $state<string | null>(null);
  /** What was chosen on the map comes first in the list; what was chosen in the list stays where it is. */
  first = $state<string | null>(null);

  districts = $derived(new Map<string, Tri>((this.all?.districts ?? []).map(({ code, name }) => [code, name])));
  matching = $derived(found(this.all?.parks ?? [], this.sought, this.districts));
  list = $derived.by(() => {
    const today = (play.today?.parks ?? []).map(({ id }) => id);
    const sorted = ordered(this.matching, whereabouts.fix, today);
    const first = sorted.find(({ id }) => id === this.first);
    return first ? [first, ...sorted.filter((park) => park !== first)] : sorted;
  });
  park = $derived<ParkInShort | null>(this.matching.find(({ id }) => id === this.chosen) ?? null);

  #whose: string | undefined;

  /** Fetches them, again each time that the screen is opened: parks open and close, and days begin. */
  async load(): Promise<void> {
    this.failure = null;
    // What one person looked for is not shown to the next.
    const whose = session.me?.tag;
    if (whose !== this.#whose) [this.#whose, this.sought, this.chosen, this.first] = [whose, { ...EVERYTHING }, null, null];
    try {
      this.all = await network.watch(allParks());
    } catch (error) {
      if (!this.all) this.failure = error;
      session.noticed(error);
    }
  }

  choose(id: string, from: "list" | "map"): void {
    this.chosen = id;
    this.first = from === "map" ? id : null;
  }

  seek(change: Partial<Sought>): void {
    this.sought = { ...this.sought, ...change };
    this.first = null;
  }
}

export const browsing = new Browsing();
