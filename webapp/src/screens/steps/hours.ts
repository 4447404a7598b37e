/** What the picture of a day's hours shows: the busiest hour, the lines across, and what each source brought. */

export type Hour = { source: number; steps: number };
export type Busiest = { hour: number; steps: number; source: number };
export type Source = { id: number };

/** The first hour with the most steps, or null where no hour has any. */
export function busiest(hours: readonly Hour[]): Busiest | null {
  let best: Busiest | null = null;
  hours.forEach(({ source, steps }, hour) => {
    if (steps > (best?.steps ?? 0)) best = { hour, steps, source };
  });
  return best;
}

/** Hour 17 as 17:00; the end of the last one is 24:00. */
export function clockOf(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** Round numbers for the lines across, from zero: at most five, 1, 2 or 5 times a power of ten apart. */
export function linesUpTo(most: number): number[] {
  const rough = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const whole = Math.max(1, Math.round(step));
  return Array.from({ length: Math.floor(Math.max(whole, most) / whole) + 1 }, (_, line) => line * whole);
}

/** How many counted steps are from each source. */
export function countedBy(hours: readonly Hour[] | null, whole: number | null, steps: number | null): Map<number, number> {
  const counted = new Map<number, number>();
  if (whole !== null && steps !== null) counted.set(whole, steps);
  for (const { source, steps: some } of hours ?? []) if (some) counted.set(source, (counted.get(source) ?? 0) + some);
  return counted;
}

export const DRESSES = 6;

/** Which of six colours and patterns a source wears: by its place among all of a person's sources, the same on every day. */
export function dressOf(source: number, all: readonly Source[]): number {
  const ids = [...new Set(all.map(({ id }) => id))].sort((a, b) => a - b);
  return Math.max(0, ids.indexOf(source)) % DRESSES;
}
