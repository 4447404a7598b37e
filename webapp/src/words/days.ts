/** Local days and months as text, `2026-11-21` and `2026-11`; no clock and no time zone comes near them. */

const DAY_MS = 86_400_000;

function at(on: string): Date {
  return new Date(`${on}T00:00:00Z`);
}

/** The day so many days later, or earlier. */
export function dayAfter(on: string, days = 1): string {
  return new Date(at(on).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The month so many months later, or earlier. */
export function monthAfter(month: string, months = 1): string {
  const first = at(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() + months);
  return first.toISOString().slice(0, 7);
}

export function monthOf(on: string): string {
  return on.slice(0, 7);
}

/** 0 for Monday to 6 for Sunday. */
export function weekday(on: string): number {
  return (at(on).getUTCDay() + 6) % 7;
}

/** The weeks of a month from Monday to Sunday; days of other months are null. */
export function weeksOf(month: string): (string | null)[][] {
  const first = `${month}-01`;
  const days = Math.round((at(`${monthAfter(month)}-01`).getTime() - at(first).getTime()) / DAY_MS);
  const cells: (string | null)[] = Array.from({ length: weekday(first) }, () => null);
  for (let day = 0; day < days; day += 1) cells.push(dayAfter(first, day));
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
