/** Distances and directions over a few kilometres, on a plane that is true at the latitude of the start. */

export type Spot = { lat: number; lon: number };
export type Octant = "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw";

const OCTANTS: readonly Octant[] = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
const METRES_PER_DEGREE = 111_195;

/** A fix with a larger error than this is not used to catch anything. */
export const COARSEST_M = 100;

/** East and north of `to` as seen from `from`, in metres. */
export function offset(from: Spot, to: Spot): { east: number; north: number } {
  const shrink = Math.cos((from.lat * Math.PI) / 180);
  return {
    east: (to.lon - from.lon) * METRES_PER_DEGREE * shrink,
    north: (to.lat - from.lat) * METRES_PER_DEGREE,
  };
}

/** Metres between two spots. */
export function distance(from: Spot, to: Spot): number {
  const { east, north } = offset(from, to);
  return Math.hypot(east, north);
}

/** Which of eight winds `to` lies in, as seen from `from`. */
export function octant(from: Spot, to: Spot): Octant {
  const { east, north } = offset(from, to);
  const turns = Math.atan2(east, north) / (2 * Math.PI);
  return OCTANTS[(Math.round(turns * 8) + 8) % 8] as Octant;
}

/** Metres as a walker would say them: every metre when close, tens when far. */
export function spoken(metres: number): number {
  if (metres < 100) return Math.round(metres);
  return Math.round(metres / 10) * 10;
}

/** Whether a find can be caught from here: the reach is never below what the phone can tell. */
export function inReach(metres: number, reach: number, accuracy: number | null): boolean {
  return metres <= Math.max(reach, Math.min(accuracy ?? 0, COARSEST_M));
}
