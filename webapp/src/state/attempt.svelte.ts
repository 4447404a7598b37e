/** One act that can fail, such as sending a form: whether it is under way, and why it failed. */
import { Refused } from "../api/calls";
import { t } from "../words/words.svelte";
import { network, why } from "./network.svelte";
import { session } from "./session.svelte";

export class Attempt {
  busy = $state(false);
  failure = $state.raw<unknown>(null);
  /** The failure in words; empty when there is none. */
  text = $derived.by(() => {
    if (!this.failure) return "";
    const reason = why(this.failure);
    return "key" in reason ? t(reason.key) : reason.message;
  });

  /** The code of the server's refusal; empty when it was none. */
  code = $derived(this.failure instanceof Refused ? this.failure.code : "");

  /** Does it unless it is under way; tells whether it was done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await network.watch(work());
      return true;
    } catch (error) {
      this.failure = error;
      session.noticed(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
