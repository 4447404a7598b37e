/** What is read out politely to those who do not see the screen. */

const GAP_MS = 20_000;

class Announcer {
  said = $state("");
  #lastBoard = 0;
  #turn = false;

  /** Says it now. */
  say(text: string): void {
    // The same sentence twice would not be read again, so every second one ends in a no-break space.
    this.#turn = !this.#turn;
    this.said = this.#turn ? text : `${text}\u00a0`;
  }

  /** Says it unless something of the board was said in the last 20 seconds. */
  saySeldom(text: string): void {
    const now = Date.now();
    if (now - this.#lastBoard < GAP_MS) return;
    this.#lastBoard = now;
    this.say(text);
  }
}

export const announcer = new Announcer();
