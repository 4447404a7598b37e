/** How warm a day of the calendar is, by its share of the goal; the steps are always written in as well. */

export type Level = 1 | 2 | 3 | 4;
const HALF = 0.5;
const MOST = 0.75;

/** The steps at which levels 2, 3 and 4 begin. */
export function bounds(goal: number): [number, number, number] {
  return [Math.round(goal * HALF), Math.round(goal * MOST), goal];
}

export function level(steps: number, goal: number): Level {
  const [second, third, fourth] = bounds(goal);
  if (steps >= fourth) return 4;
  if (steps >= third) return 3;
  return steps >= second ? 2 : 1;
}

export type Sum = { known: number; reached: number; average: number | null };

/** Over the days that are known: what is missing is not zero. */
export function sumUp(days: readonly { steps: number }[], goal: number): Sum {
  const total = days.reduce((sum, { steps }) => sum + steps, 0);
  return {
    known: days.length,
    reached: days.filter(({ steps }) => steps >= goal).length,
    average: days.length ? Math.round(total / days.length) : null,
  };
}

/** The days of a month up to today of which nothing is known. */
export function missing(cells: readonly (string | null)[], known: ReadonlySet<string>, from: string, today: string): string[] {
  return cells.filter((on): on is string => on !== null && on >= from && on <= today && !known.has(on));
}
