/** Whom large type offers to call: a name and a number, kept on this device alone and shown to the one who wrote them. */
import { digits, forgetNumber, NUMBER } from "./phone";
import { session } from "./session.svelte";

type Person = { name: string; number: string };
/** `who`: the tag of the account that wrote it. */
type Kept = Person & { who: string };

function kept(): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(NUMBER) ?? "null") as Partial<Kept> | null;
    return found?.who && found.name && digits(found.number ?? "") ? (found as Kept) : null;
  } catch {
    return null;
  }
}

class Call {
  #kept = $state.raw<Kept | null>(kept());
  person = $derived<Person | null>(this.#kept && this.#kept.who === session.me?.tag ? this.#kept : null);

  choose(person: Person | null): void {
    this.#kept = person && session.me ? { who: session.me.tag, name: person.name, number: person.number } : null;
    if (!this.#kept) return forgetNumber();
    try {
      localStorage.setItem(NUMBER, JSON.stringify(this.#kept));
    } catch {
      // Private windows may refuse storage; the choice then lasts as long as the page.
    }
  }
}

export const call = new Call();
