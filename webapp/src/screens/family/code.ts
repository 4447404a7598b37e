/** Codes that people read to each other. */

/** In groups of four, as they are easiest to read aloud. */
export function grouped(code: string): string {
  return code.includes("-") ? code : (code.match(/.{1,4}/g) ?? []).join("-");
}
