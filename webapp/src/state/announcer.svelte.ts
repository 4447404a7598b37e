/** What is read out politely to those who do not see the screen. */

const GAP_MS = 20_000;

class Announcer {
  said = $state("");
  #lastBoard = 0;
  #later: ReturnType<typeof setTimeout> | undefined;
  #turn = false;

  /** Says it now. */
  say(text: string): void {
    // The same sentence twice would not be read again, so every second one ends in a no-break space.
    this.#turn = !this.#turn;
    this.said = this.#turn ? text : `${text}\u00a0`;
  }

  /** Says it at once, or as the latest once 20 seconds have passed since something of the board was said. */
  saySeldom(text: string): void {
    clearTimeout(this.#later);
    const rest = this.#lastBoard + GAP_MS - Date.now();
    if (rest > 0) {
      this.#later = setTimeout(() => this.saySeldom(text), rest);
      return;
    }
    this.#lastBoard = Date.now();
    this.say(text);
  }

  /** What the next person's page must not hear. */
  forget(): void {
    clearTimeout(this.#later);
    this.said = "";
  }
}

export const announcer = new Announcer();
