/** The board on the screen: which one, its top ten, and the person's own place among the neighbours. */
import {
  board,
  myPlace,
  type Board,
  type BoardLine,
  type Measure,
  type MyPlace,
  type Row,
  type Subject,
} from "../api/calls";
import { pulse } from "../live/pulse.svelte";
import { network } from "./network.svelte";
import { play } from "./play.svelte";
import { session } from "./session.svelte";

class Standing {
  /** None chosen: the first that the server names. */
  challenge = $state<string | null>(null);
  subject = $state<Subject>("player");
  /** None chosen: the first that the server offers, which is the most personal. */
  scope = $state<BoardLine["scope"] | null>(null);
  season = $state<string>("all");
  measure = $state<Measure>("total");
  board = $state.raw<Board | null>(null);
  mine = $state.raw<MyPlace | null>(null);
  failure = $state<unknown>(null);
  /** How many places were gained by the latest change; falls are not told. */
  rose = $state(0);

  /** The challenges that have a board for this person. */
  challenges = $derived((play.today?.challenges ?? []).filter(({ id }) => play.today?.boards.some((line) => line.challenge === id)));
  chosen = $derived(this.challenges.find(({ id }) => id === this.challenge) ?? this.challenges[0] ?? null);
  lines = $derived<BoardLine[]>((play.today?.boards ?? []).filter(({ challenge }) => challenge === this.chosen?.id));
  subjects = $derived((["player", "household", "class", "school"] as const).filter((s) => this.lines.some((l) => l.subject === s)));
  ofSubject = $derived(this.lines.filter((line) => line.subject === this.subject));
  scopes = $derived([...new Set(this.ofSubject.map(({ scope }) => scope))]);
  seasons = $derived([...new Set(this.ofSubject.map(({ season }) => season))]);
  line = $derived<BoardLine | null>(this.#best());
  /** The measure that the chosen board really has. */
  measured = $derived<Measure>(this.line?.measures.includes(this.measure) ? this.measure : (this.line?.measures[0] ?? "total"));
  ready = $derived(this.board !== null && this.board.board.id === this.line?.id);

  /** Counts what has been followed, so that a late answer about an earlier board is passed over. */
  #turn = 0;

  /** Follows the board of this id until the returned function is called; `changed` hears of moves of one's own. */
  follow(id: string, measure: Measure, changed: (before: Row | null, now: Row) => void): () => void {
    const turn = ++this.#turn;
    let loading = false;
    let again = false;
    // On a slow network ticks come faster than answers: one question at a time, and one more if there was a tick.
    const refresh = async (): Promise<void> => {
      again = loading;
      if (loading || turn !== this.#turn) return;
      loading = true;
      await this.#load(id, measure, turn, changed);
      loading = false;
      if (again) await refresh();
    };
    this.rose = 0;
    if (this.board?.board.id !== id || this.board.board.measure !== measure) {
      this.board = null;
      this.mine = null;
    }
    void refresh();
    return pulse.watch({ board: id, rev: () => this.board?.board.rev ?? 0, refresh: () => void refresh() });
  }

  async #load(id: string, measure: Measure, turn: number, changed: (before: Row | null, now: Row) => void): Promise<void> {
    try {
      const [shared, own] = await network.watch(Promise.all([board(id, measure), myPlace(id, measure)]));
      if (turn !== this.#turn) return;
      const known = this.mine !== null;
      const before = this.mine?.mine ?? null;
      this.board = shared;
      this.mine = own;
      this.failure = null;
      if (known && own.mine) this.#compare(before, own.mine, changed);
    } catch (error) {
      if (turn === this.#turn) this.failure = error;
      session.noticed(error);
    }
  }

  #compare(before: Row | null, now: Row, changed: (before: Row | null, now: Row) => void): void {
    if (before?.place === now.place && before.value === now.value) return;
    this.rose = before ? Math.max(0, before.place - now.place) : 0;
    changed(before, now);
  }

  #best(): BoardLine | null {
    const score = (line: BoardLine): number =>
      (line.scope === this.scope ? 2 : 0) + (line.season === this.season ? 1 : 0);
    return [...this.ofSubject].sort((a, b) => score(b) - score(a))[0] ?? null;
  }

  clear(): void {
    this.#turn += 1;
    this.board = null;
    this.mine = null;
    this.failure = null;
    this.rose = 0;
    this.scope = null;
    this.challenge = null;
  }
}

export const standing = new Standing();
