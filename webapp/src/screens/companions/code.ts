/** What a shown code says, and how long it still works. */

/** The code out of a scanned link; empty when the link is about something else. */
export function scannedCode(text: string): string {
  return /#\/meet\/([\w-]+)\s*$/.exec(text)?.[1] ?? "";
}

/** The code as somebody typed it, or out of a pasted link. */
export function typedCode(text: string): string {
  return scannedCode(text) || text.trim();
}

/** Seconds as minutes and seconds, as 9:05. */
export function minutes(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
