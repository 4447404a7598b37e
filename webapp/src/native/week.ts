/** A week of steps as a phone's health store totals them, in the columns that the server reads (`eplus_phone`). */
import type { Bucket } from "./shell";

const DAYS = 7;
const HOURS = 24;

type Hours = (number | null)[];
/** What is pushed: of each day its total, and its hours, of which those that nothing is known of are null. */
export type Week = {
  eplus: 1;
  sources: [{ name: string; offset: number; days: Record<string, number>; hours: Record<string, Hours> }];
};

/** The midnight with which the week begins that ends now. */
export function begins(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS + 1);
}

/** The week in columns; null where nobody walked, since a store that may not be read says zero too. */
export function week(name: string, now: Date, hours: Bucket[], days: Bucket[]): Week | null {
  if (!days.some(({ value }) => value > 0)) return null;
  const said: Week["sources"][0] = { name, offset: -now.getTimezoneOffset(), days: {}, hours: {} };
  for (const { startDate, value } of days) said.days[localDay(new Date(startDate))] = Math.round(value);
  for (const { startDate, value } of hours) {
    const at = new Date(startDate);
    if (at > now) continue;
    const day = (said.hours[localDay(at)] ??= Array<number | null>(HOURS).fill(null));
    // Where clocks go back an hour comes twice.
    day[at.getHours()] = (day[at.getHours()] ?? 0) + Math.round(value);
  }
  return { eplus: 1, sources: [said] };
}

function localDay(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
