/** Who is signed in on this page. */
import { Refused, signIn, signOut, whoAmI, type Me, type Session as Answer } from "../api/calls";
import { acting } from "./acting.svelte";
import { choices } from "./choices.svelte";
import { network } from "./network.svelte";
import { forgetNumber } from "./phone";

type Status = "asking" | "unknown" | "out" | "in";

/** What the service worker keeps of one person is not for the next. */
function forgetKept(): void {
  // A page that was loaded past its worker has no controller, and yet the worker keeps what the page asks it to.
  void navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage({ forget: true }));
}

class Session {
  me = $state<Me | null>(null);
  status = $state<Status>("asking");
  /** True after the server ended a sign-in that this page believed in. */
  ended = $state(false);
  failure = $state<unknown>(null);
  /** A sign-in that was right so far and waits for its second step. */
  second = $state.raw<Answer["second"]>(null);

  /** Staff accounts, for one, have no player: they have no park, no coins and no place; nor yet a child whose guardian has to agree. */
  plays = $derived(this.status === "in" && !!this.me?.name && !this.me.waiting_for_consent);

  async ask(): Promise<void> {
    this.status = "asking";
    try {
      this.#settle((await network.watch(whoAmI())).me);
    } catch (error) {
      this.failure = error;
      this.status = "unknown";
    }
  }

  async enter(name: string, password: string): Promise<void> {
    this.welcome(await network.watch(signIn(name, password)));
  }

  /** Takes what the server answered to another way in: a link, a card, a new account. */
  welcome(answer: Answer): void {
    acting.forget();
    forgetKept();
    this.#settle(answer.me);
    this.second = answer.second ?? null;
    this.ended = false;
  }

  /** Asks again who this is, after something of it was changed; what is on the screen stays meanwhile. */
  async renew(): Promise<void> {
    this.#settle((await network.watch(whoAmI())).me);
  }

  async leave(): Promise<void> {
    await network.watch(signOut());
    forgetKept();
    forgetNumber();
    this.#settle(null);
  }

  /** Looks at a failed call, which may tell that the sign-in has ended; a wrong password or code is answered with 401 too. */
  noticed(error: unknown): void {
    acting.noticed(error);
    if (!(error instanceof Refused) || error.code !== "session.none" || this.status !== "in") return;
    this.ended = true;
    forgetKept();
    this.#settle(null);
  }

  #settle(me: Me | null): void {
    this.me = me;
    this.status = me ? "in" : "out";
    this.failure = null;
    this.second = null;
    if (me) choices.follow(me.language);
  }
}

export const session = new Session();
