/** What a row is ranked by, in the reader's words or as a bare figure. */
import type { Measure, Row } from "../../api/calls";
import { number, percent, t } from "../../words/words.svelte";

export function figure(row: Row, measure: Measure): string {
  if (measure === "share") return percent(row.value);
  return number(row.value, measure === "mean" ? 1 : 0);
}

export function valueOf(row: Row, measure: Measure): string {
  return t(`board.value_${measure}`, { value: figure(row, measure) });
}

/** What is missing to the next place: never written as nothing, however little it is. */
export function gapTo(value: number, measure: Measure): string {
  if (measure === "share") return percent(Math.max(value, 0.01));
  if (measure === "mean") return number(Math.max(value, 0.1), 1);
  return number(value);
}
