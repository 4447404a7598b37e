/** Where the page is; it is the address's hash, so that back, reload and links work. */
import { readAddress, type Address, type StepsPlace, type Tab } from "./address";

class Route {
  #address = $state.raw<Address>(readAddress(location.hash));
  tab = $derived<Tab>(this.#address.tab);
  /** The place within steps, which belong to the tab of today. */
  steps = $derived<StepsPlace | null>(this.#address.steps);
  /** Whether the page has been moved since it was opened: only then does a new screen take the focus. */
  moved = false;

  constructor() {
    addEventListener("hashchange", () => {
      this.moved = true;
      this.#address = readAddress(location.hash);
      scrollTo(0, 0);
    });
  }
}

export const route = new Route();
