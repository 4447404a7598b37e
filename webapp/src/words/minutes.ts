/** How long something still lasts. */

/** Seconds as minutes and seconds, as 9:05. */
export function minutes(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
