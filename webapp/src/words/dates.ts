/** Days, months and sizes of files in the reader's manner. */
import { clock, day, joined, LOCALES, t, words, ZONE } from "./words.svelte";

const YEAR = { year: "numeric" } as const;
const DATE = { month: "short", day: "numeric" } as const;

function noon(on: string): Date {
  return new Date(`${on}T12:00:00+08:00`);
}

function written(at: Date, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALES[words.language], { ...style, timeZone: ZONE }).format(at);
}

/** The present day in Hong Kong, as 2026-11-23. */
export function todayHere(): string {
  return new Intl.DateTimeFormat("en-CA", { ...YEAR, month: "2-digit", day: "2-digit", timeZone: ZONE }).format(new Date());
}

function yearIfOther(on: string): { year?: "numeric" } {
  return on.slice(0, 4) === todayHere().slice(0, 4) ? {} : YEAR;
}

/** The day, with its year unless it is this one. */
export function date(on: string): string {
  return written(noon(on), { ...yearIfOther(on), ...DATE });
}

/** The day with its weekday written out. */
export function longDay(on: string): string {
  return written(noon(on), { ...yearIfOther(on), month: "long", day: "numeric", weekday: "long" });
}

export function monthName(month: string): string {
  return written(noon(`${month}-15`), { ...YEAR, month: "long" });
}

/** From the first day to the last. */
export function span(first: string, last: string): string {
  return first === last ? date(first) : t("steps.span", { first: date(first), last: date(last) });
}

/** A day and a time, as of something that happened. */
export function moment(iso: string): string {
  const on = new Intl.DateTimeFormat("en-CA", { ...YEAR, month: "2-digit", day: "2-digit", timeZone: ZONE }).format(new Date(iso));
  return joined(day(on), clock(iso));
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

export function fileSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const size = { style: "unit", unit: UNITS[power], maximumFractionDigits: 1 } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(LOCALES[words.language], size).format(Math.max(0.1, bytes / 1000 ** power));
}
