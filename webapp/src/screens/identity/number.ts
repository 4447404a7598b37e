/** What can be the number of a Hong Kong identity card, by its check digit; and the code of a counter out of a link. */

const SHAPE = /^([A-Z]{1,2})([0-9]{6})([0-9A])$/;

/** The number as the server reads it: without brackets and spaces, in capitals. */
export function plainNumber(typed: string): string {
  return typed.normalize("NFKC").replace(/[()[\]{}\-\s]/g, "").toUpperCase();
}

/** Whether a whole number was typed, and whether its check digit is right. */
export function judge(typed: string): "open" | "right" | "wrong" {
  const found = SHAPE.exec(plainNumber(typed));
  if (!found) return "open";
  const [, letters = "", digits = "", check = ""] = found;
  const values = [...letters.padStart(2, " ")].map((each) => (each === " " ? 36 : parseInt(each, 36)));
  values.push(...[...digits].map(Number), parseInt(check, 16));
  const sum = values.reduce((before, value, at) => before + value * (9 - at), 0);
  return sum % 11 === 0 ? "right" : "wrong";
}

/** The code out of a scanned link; empty when the link is about something else. */
export function scannedCode(text: string): string {
  return /#\/counter\/([\w-]+)\s*$/.exec(text)?.[1] ?? "";
}

/** The code as somebody typed it, or out of a pasted link. */
export function typedCode(text: string): string {
  return scannedCode(text) || text.trim();
}
