/** The day and the month of steps that are on the screen; made anew each time steps are opened, so nothing stays behind. */
import { removeSource, stepsDay, stepsMonth, type StepsDay, type StepsMonth } from "../../api/calls";
import { network } from "../../state/network.svelte";
import { play } from "../../state/play.svelte";
import { session } from "../../state/session.svelte";

export class Shown {
  day = $state.raw<StepsDay | null>(null);
  month = $state.raw<StepsMonth | null>(null);
  failure = $state.raw<unknown>(null);

  /** Counts what was asked for, so that a late answer about an earlier day is passed over. */
  #turn = 0;
  #asked: { on: string | null; month: string } | null = null;

  /** Shows a month and, if named, a day of it; a month that is here already is not fetched again. */
  async show(on: string | null, month: string, fresh = false): Promise<void> {
    const turn = ++this.#turn;
    this.#asked = { on, month };
    this.failure = null;
    try {
      const [day, whole] = await network.watch(
        Promise.all([
          on ? stepsDay(on) : null,
          // The month knows all sources, and by them the colours of every day.
          this.month?.month === month && on && !fresh ? this.month : stepsMonth(month),
        ]),
      );
      if (turn !== this.#turn) return;
      if (day) this.day = day;
      this.month = whole;
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
      session.noticed(error);
    }
  }

  /** Fetches again what is shown, after a file was read or a source removed. */
  async renew(): Promise<void> {
    if (this.#asked) await this.show(this.#asked.on, this.#asked.month, true);
  }

  /** Removes a source with its days; rejects as the server refuses. */
  async remove(source: number): Promise<void> {
    await network.watch(removeSource(source));
    await Promise.all([this.renew(), play.renew()]);
  }
}
