/** What a shown code says. */

/** The code out of a scanned link; empty when the link is about something else. */
export function scannedCode(text: string): string {
  return /#\/meet\/([\w-]+)\s*$/.exec(text)?.[1] ?? "";
}

/** The code as somebody typed it, or out of a pasted link. */
export function typedCode(text: string): string {
  return scannedCode(text) || text.trim();
}
