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
