/** Phone numbers as people write them. */

/** What a telephone dials, or nothing if this is no number: three to fifteen digits, maybe after a plus. */
export function digits(written: string): string {
  const dialled = written.normalize("NFKC").replace(/[\s().-]/g, "");
  return /^\+?\d{3,15}$/.test(dialled) ? dialled : "";
}

/** Where the device keeps whom to call. */
export const NUMBER = "eplus.call";

/** Whoever signs out leaves nobody's number behind. */
export function forgetNumber(): void {
  try {
    localStorage.removeItem(NUMBER);
  } catch {
    // Where storage is refused nothing was kept.
  }
}
