/** In whose place this tab acts. Every turn loads the page anew: nothing of one person can then be shown for the other. */
import { actFor, Refused, type Tri } from "../api/calls";

/** The person, and whether more may be done for them than looking. */
export type Acted = { person_id: string; name: Tri; avatar: string; manage: boolean };
/** For whom this tab acted until a moment ago; `lost`: it was ended by a refusal. */
export type Left = { name: Tri; lost: boolean };
type Kept = { who?: Acted; left?: Left };

const KEY = "eplus.acting";

function kept(): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

class Acting {
  who = $state.raw<Acted | null>(null);
  left = $state.raw<Left | null>(null);
  /** Whether files of steps may be given on this page. */
  gives = $derived(this.who?.manage !== false);

  constructor() {
    const { who, left } = kept();
    this.who = who ?? null;
    this.left = left ?? null;
    actFor(who?.person_id ?? null);
    // How it ended is said once.
    if (left) this.#keep({});
  }

  begin(who: Acted): void {
    this.#turn({ who });
  }

  back(): void {
    if (this.who) this.#turn({ left: { name: this.who.name, lost: false } });
  }

  /** Looks at a failed call: whoever may not act for the person, or not so far, becomes themselves again. */
  noticed(error: unknown): void {
    if (this.who && error instanceof Refused && error.code === "person.unknown") this.#turn({ left: { name: this.who.name, lost: true } });
  }

  /** A choice does not outlive the sign-in under which it was made. */
  forget(): void {
    this.#keep({});
    actFor(null);
    this.who = this.left = null;
  }

  #turn(to: Kept): void {
    this.#keep(to);
    history.replaceState(null, "", "#/today");
    location.reload();
  }

  #keep(to: Kept): void {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(to));
    } catch {
      // Without storage nobody can act for another: the page loads as oneself.
    }
  }
}

export const acting = new Acting();
