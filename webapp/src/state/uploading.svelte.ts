/** The file that is on its way to the server or being read there; it goes on when its screen is left. */
import { delivery, Refused, stopDelivery, type Delivery } from "../api/calls";
import { giveSteps, type Sending } from "../api/files";
import { watchDelivery } from "../live/progress";
import { percent, t } from "../words/words.svelte";
import { announcer } from "./announcer.svelte";
import { network } from "./network.svelte";
import { play } from "./play.svelte";
import { route } from "./route.svelte";
import { session } from "./session.svelte";
import { fifth, IDLE, isGoing, next, type Happening, type Upload } from "./upload";

class Uploading {
  now = $state.raw<Upload>(IDLE);
  going = $derived(isGoing(this.now));
  /** How many files came to an end on this page: whoever shows steps fetches them again when it rises. */
  ended = $state(0);

  #sending: Sending | null = null;
  #unwatch: (() => void) | null = null;
  /** The last share that was read out, so that it is said at every fifth only. */
  #said: { step: string; share: number } = { step: "", share: -1 };

  constructor() {
    addEventListener("beforeunload", (event) => {
      if (this.now.step === "sending") event.preventDefault();
    });
  }

  /** Sends a file, unless another one is on its way. */
  async give(file: File): Promise<void> {
    if (this.going) return;
    this.#happens({ what: "chosen", name: file.name });
    this.#said = { step: "", share: -1 };
    const sending = giveSteps(file, (share) => {
      this.#happens({ what: "sent", share });
      this.#sayShare();
    });
    this.#sending = sending;
    try {
      const given = await network.watch(sending.answer);
      if (this.#sending !== sending) return;
      const wanted = this.now.step === "sending" && !this.now.stopping;
      this.#happens({ what: "answered", ...given });
      this.#follow();
      if (!wanted) await this.stop();
    } catch (why) {
      session.noticed(why);
      if (this.#sending === sending) this.#happens({ what: "failed", why });
      this.#sayEnd();
    } finally {
      if (this.#sending === sending) this.#sending = null;
    }
  }

  /** Follows a file that an earlier page gave and that is still being read. */
  find(found: Delivery): void {
    if (this.now.step !== "idle" || (found.state !== "waiting" && found.state !== "reading")) return;
    this.#happens({ what: "found", delivery: found });
    this.#follow();
  }

  /** Stops the file: before the server has all of it by hanging up, later by asking the server. */
  async stop(): Promise<void> {
    const { now } = this;
    if (now.step === "sending") {
      // Once all is sent the server may have it already; then its answer tells what to stop.
      if (now.share >= 1) return this.#happens({ what: "stopping" });
      this.#happens({ what: "cancelled" });
      this.#sending?.abort();
      this.#sayEnd();
    } else if (now.step === "reading") {
      this.#happens({ what: "stopping" });
      await this.#learn(stopDelivery(now.id));
    }
  }

  /** Offers the form again. */
  clear(): void {
    if (!this.going) this.#happens({ what: "cleared" });
  }

  /** Nothing of one person stays for the next. */
  forget(): void {
    const sending = this.#sending;
    this.#sending = null;
    sending?.abort();
    this.#happens({ what: "cleared" });
  }

  #follow(): void {
    const { now } = this;
    if (now.step !== "reading") return this.#over();
    const { id } = now;
    this.#unwatch?.();
    const ask = (): void => void this.#learn(delivery(id));
    this.#unwatch = watchDelivery(
      id,
      (word) => {
        this.#happens({ what: "told", id, ...word });
        this.#sayShare();
        if (word.state === "done" || word.state === "refused") ask();
        else if (!this.going) this.#over();
      },
      ask,
    );
  }

  /** Takes what the server says of the delivery; one that ended in the meantime is fetched as it ended. */
  async #learn(asked: Promise<Delivery>): Promise<void> {
    const { now } = this;
    if (now.step !== "reading") return;
    try {
      this.#happens({ what: "answered", delivery: await network.watch(asked), repeated: false });
      if (!this.going) this.#over();
    } catch (why) {
      session.noticed(why);
      if (why instanceof Refused && why.code === "delivery.over") await this.#learn(delivery(now.id));
      else if (why instanceof Refused) this.#happens({ what: "failed", why });
    }
  }

  #over(): void {
    this.#sayEnd();
    this.ended += 1;
    void play.renew();
  }

  #happens(happening: Happening): void {
    this.now = next(this.now, happening);
    if (this.now.step === "reading") return;
    this.#unwatch?.();
    this.#unwatch = null;
  }

  #sayShare(): void {
    const { now } = this;
    if (!isGoing(now)) return;
    const said = this.#said.step === now.step ? this.#said.share : -1;
    const reached = fifth(now.share, said);
    if (reached === null) return;
    this.#said = { step: now.step, share: reached };
    announcer.say(t(`upload.${now.step}_percent`, { percent: percent(reached) }));
  }

  #sayEnd(): void {
    const { now } = this;
    if (now.step === "idle" || isGoing(now)) return;
    // On its own screen what went wrong is an alert, which is read out by itself.
    if ((now.step === "failed" || now.step === "refused") && route.steps?.view === "add") return;
    announcer.say(t(now.step === "done" && now.repeated ? "upload.repeated" : `upload.${now.step}`));
  }
}

export const uploading = new Uploading();
