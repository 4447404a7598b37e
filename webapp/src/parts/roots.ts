/** The week of roots as strokes of the pen: each day is a root whose length is its share of the goal. */

export const WIDE = 350;
export const GROUND = 128;
const CROWN = 34;
const LEAST = 14;

export type Root = { x: number; tip: number; body: string; shade: string; landed: boolean };

/** The middle of a day's column, 0 for Monday. */
export function column(day: number): number {
  return (WIDE / 7) * (day + 0.5);
}

/** A day's root; one that reaches the ground is a trunk. `share` is steps over goal, 0 or more. */
export function root(day: number, share: number): Root {
  const x = column(day);
  if (share >= 1) return trunk(x);
  const tip = CROWN + LEAST + (GROUND - 8 - CROWN - LEAST) * Math.max(0, share);
  const high = CROWN + (tip - CROWN) * 0.44;
  const low = CROWN + (tip - CROWN) * 0.56;
  const end = tip - 5;
  const right = `L${x + 2} ${end}C${x + 4} ${low} ${x + 2.5} ${high} ${x + 4.5} ${CROWN}Z`;
  return {
    x,
    tip,
    landed: false,
    body: `M${x - 4.5} ${CROWN}C${x - 6} ${high} ${x - 1} ${low} ${x - 2} ${end}Q${x} ${tip + 3} ${x + 2} ${end}${right.slice(right.indexOf("C"))}`,
    shade: `M${x + 1} ${CROWN}C${x + 2} ${high} ${x + 1} ${low} ${x + 1} ${tip - 2}${right}`,
  };
}

function trunk(x: number): Root {
  const [y, mid, low] = [GROUND, CROWN + (GROUND - CROWN) * 0.32, CROWN + (GROUND - CROWN) * 0.68];
  const side = `C${x + 9} ${low} ${x + 4} ${mid} ${x + 7} ${CROWN}Z`;
  return {
    x,
    tip: y,
    landed: true,
    body: `M${x - 7} ${CROWN}C${x - 4} ${mid} ${x - 9} ${low} ${x - 16} ${y}C${x - 9} ${y - 4} ${x - 5} ${y - 5} ${x} ${y}C${x + 5} ${y - 5} ${x + 9} ${y - 4} ${x + 16} ${y}${side}`,
    shade: `M${x + 1} ${CROWN}C${x + 1} ${mid} ${x + 2} ${low} ${x + 2} ${y - 2}C${x + 6} ${y - 5} ${x + 10} ${y - 4} ${x + 16} ${y}${side}`,
  };
}
