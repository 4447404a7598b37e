/** A date of birth, from the three numbers that people write. */

/** The day as `2014-03-09`; empty unless the three are a real day of a year with four digits. */
export function birthday(day: string, month: string, year: string): string {
  if (!/^\d{4}$/.test(year.trim()) || !/^\d{1,2}$/.test(day.trim()) || !/^\d{1,2}$/.test(month.trim())) return "";
  const on = `${year.trim()}-${month.trim().padStart(2, "0")}-${day.trim().padStart(2, "0")}`;
  const at = new Date(`${on}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(on) ? on : "";
}
