/** Whom large type offers to call: a name and a number that are kept on this device and nowhere else. */
import { digits } from "./phone";

type Person = { name: string; number: string };
const KEY = "eplus.call";

function kept(): Person | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Person> | null;
    return found?.name && digits(found.number ?? "") ? { name: found.name, number: found.number! } : null;
  } catch {
    return null;
  }
}

class Call {
  person = $state.raw<Person | null>(kept());

  choose(person: Person | null): void {
    this.person = person;
    try {
      if (person) localStorage.setItem(KEY, JSON.stringify(person));
      else localStorage.removeItem(KEY);
    } catch {
      // Private windows may refuse storage; the choice then lasts as long as the page.
    }
  }
}

export const call = new Call();
