/** Ornament for the drawn map: the same trees and lawns for the same park every time, clear of the finds. */
import { boxOf, inside, type Point } from "./outline.ts";

export type Tree = Point & { r: number };

/** Repeatable numbers in 0..1 from a word (xorshift32). */
function dice(word: string): () => number {
  let state = 2_166_136_261;
  for (const letter of word) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

const MOST_TREES = 90;
const TRIES = 420;

/** Trees inside the outline, apart from each other by their crowns and from `clear` by 14 m. */
export function trees(outline: Point[][], clear: Point[], park: string): Tree[] {
  const roll = dice(park);
  const box = boxOf(outline.flat());
  const span = Math.max(box.right - box.left, box.bottom - box.top);
  const size = Math.max(3, span / 70);
  const grown: Tree[] = [];
  for (let i = 0; i < TRIES && grown.length < MOST_TREES; i += 1) {
    const r = size * (0.6 + roll() * 0.8);
    const tree = { x: box.left + roll() * (box.right - box.left), y: box.top + roll() * (box.bottom - box.top), r };
    const rim = [0, 1, 2, 3, 4, 5].map((k) => Math.PI * (k / 3));
    const fits = rim.every((turn) => inside(outline, { x: tree.x + Math.cos(turn) * r * 1.3, y: tree.y + Math.sin(turn) * r * 1.3 }));
    const free = grown.every((other) => Math.hypot(other.x - tree.x, other.y - tree.y) > (other.r + r) * 1.15);
    const open = clear.every((spot) => Math.hypot(spot.x - tree.x, spot.y - tree.y) > 14 + r);
    if (fits && free && open) grown.push(tree);
  }
  return grown.sort((a, b) => a.y - b.y);
}

/** Two or three lawns as wide ellipses; the drawing clips them to the outline. */
export function lawns(outline: Point[][], park: string): (Point & { rx: number; ry: number; turn: number })[] {
  const roll = dice(`${park} lawn`);
  const box = boxOf(outline.flat());
  const span = Math.min(box.right - box.left, box.bottom - box.top);
  return [0, 1, 2].map(() => ({
    x: box.left + (0.2 + roll() * 0.6) * (box.right - box.left),
    y: box.top + (0.2 + roll() * 0.6) * (box.bottom - box.top),
    rx: span * (0.16 + roll() * 0.14),
    ry: span * (0.1 + roll() * 0.08),
    turn: Math.round(roll() * 180),
  }));
}
