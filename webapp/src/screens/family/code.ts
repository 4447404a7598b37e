/** Codes that people read to each other. */

/** In groups of four, as they are easiest to read aloud. */
export function grouped(code: string): string {
  return code.includes("-") ? code : (code.match(/.{1,4}/g) ?? []).join("-");
}

/** The code of a card, out of its whole link or as it stands. */
export function cardCode(text: string): string {
  return /#\/card\/([\w-]+)/.exec(text)?.[1] ?? text.trim();
}
