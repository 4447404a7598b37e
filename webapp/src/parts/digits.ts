/** Our own ten digits for the one hero figure of a screen: one round stroke each, 84 high, with their widths. */

const DIGITS: Record<string, readonly [advance: number, stroke: string]> = {
  "0": [69, "M30 8C46 8 52 24 52 42S46 76 30 76 8 60 8 42 14 8 30 8Z"],
  "1": [53, "M9 23C17 20 24 15 28 8V76"],
  "2": [69, "M10 27C10 15 18 8 30 8S50 16 50 27C50 42 34 52 10 76H52"],
  "3": [69, "M11 17C16 11 22 8 30 8C41 8 49 14 49 24S42 40 29 40C43 40 52 47 52 58S43 76 30 76C21 76 14 73 8 66"],
  "4": [71, "M42 76V8L8 54H55"],
  "5": [69, "M47 8H17L14 39C19 34 25 32 31 32C44 32 52 41 52 54S43 76 30 76C21 76 14 73 8 66"],
  "6": [69, "M46 14C42 10 37 8 32 8C16 8 8 25 8 48C8 66 17 76 30 76S52 67 52 54S43 33 31 33C20 33 11 40 8 50"],
  "7": [65, "M8 8H50L24 76"],
  "8": [69, "M30 40C19 40 12 33 12 24S20 8 30 8S48 14 48 24S41 40 30 40C17 40 8 48 8 58S17 76 30 76S52 69 52 58S43 40 30 40Z"],
  "9": [69, "M14 70C18 74 23 76 28 76C44 76 52 59 52 36C52 18 43 8 30 8S8 17 8 30S17 51 29 51C40 51 49 44 52 34"],
  ",": [25, "M8 75L4 88"],
};

export type Drawn = { at: number; stroke: string };

/** The strokes of a number such as 1,240, and how wide they are together. */
export function draw(text: string): { strokes: Drawn[]; width: number } {
  const strokes: Drawn[] = [];
  let at = 3;
  for (const sign of text) {
    const [advance, stroke] = DIGITS[sign] ?? [30, ""];
    if (stroke) strokes.push({ at, stroke });
    at += advance;
  }
  return { strokes, width: Math.max(1, at - 4) };
}
