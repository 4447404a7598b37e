/** Phone numbers as people write them. */

/** What a telephone dials, or nothing if this is no number: three to fifteen digits, maybe after a plus. */
export function digits(written: string): string {
  const dialled = written.normalize("NFKC").replace(/[\s().-]/g, "");
  return /^\+?\d{3,15}$/.test(dialled) ? dialled : "";
}
