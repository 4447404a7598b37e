/** Where the page is; it is the address's hash, so that back, reload and links work. */
import { moveOn } from "./arrival";
import { pageOf, readAddress, type Address, type Gate, type Page, type Room, type StepsPlace, type Tab } from "./address";

/** Reads the address, and takes out of it what is secret: it would stay in the history and on pictures of the screen. */
function arrive(): Address {
  const address = readAddress(location.hash);
  const { gate } = address;
  // A page to join comes again without its code when it is loaded again; a card or a link does not.
  if (gate && "secret" in gate) history.replaceState(null, "", gate.view === "join" ? "#/join" : "#/");
  if (address.code) history.replaceState(null, "", `#/${address.room ?? "steps/phones"}`);
  return address;
}

class Route {
  #address = $state.raw<Address>(arrive());
  /** Whether the address names no screen, so that the reader's own first one is meant. */
  home = $derived(this.#address.home);
  tab = $derived<Tab>(this.#address.tab);
  /** The place within steps, which belong to the tab of today. */
  steps = $derived<StepsPlace | null>(this.#address.steps);
  /** The screen within Me. */
  room = $derived<Room | null>(this.#address.room);
  /** The room as one of the pages that are open to everybody. */
  page = $derived<Page | null>(pageOf(this.#address.room));
  /** What the address says behind the name of the room, or of the parks: one of them. */
  inner = $derived(this.#address.inner);
  /** What of it is looked at. */
  part = $derived(this.#address.part);
  /** The way in that the address asks for. */
  gate = $derived<Gate | null>(this.#address.gate);
  /** What the screen calls itself in its bar; the page's title says it. */
  named = $state("");

  #taken: Address | null = null;

  /** The code of somebody to meet, or at a counter, or the key of a phone, which was scanned and has not been asked about. */
  get code(): string {
    return this.#taken === this.#address ? "" : this.#address.code;
  }

  /** Hands the scanned code over, once for each time that a link was opened. */
  takeCode(): string {
    const { code } = this;
    this.#taken = this.#address;
    return code;
  }

  constructor() {
    addEventListener("hashchange", () => {
      moveOn();
      this.#address = arrive();
      scrollTo(0, 0);
    });
  }

  /** Takes a screen's own name until the returned function is called, or until another screen has given its own. */
  nameAs(name: string): () => void {
    this.named = name;
    return () => {
      if (this.named === name) this.named = "";
    };
  }

  /** Goes on without a step back to here: whoever came in does not come to the form again by going back. */
  passOn(hash: string): void {
    history.replaceState(null, "", hash);
    moveOn();
    this.#address = arrive();
    scrollTo(0, 0);
  }
}

export const route = new Route();
