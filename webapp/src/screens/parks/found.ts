/** Which parks are looked for, and in which order they are told. */
import type { Tri } from "../../api/calls";
import { distance, type Spot } from "../../place/directions.ts";

export type Sought = { text: string; district: string; open: boolean; drops: boolean };
export const EVERYTHING: Sought = { text: "", district: "", open: false, drops: false };

type Place = Spot & { id: string; name: Tri; district: string; open_now: boolean; drops: number };

/** The parks that match; every word that is looked for must be in one of the names, in whichever language. */
export function found<P extends Place>(parks: readonly P[], sought: Sought, districts: ReadonlyMap<string, Tri>): P[] {
  const parts = sought.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return parks.filter((park) => {
    if (sought.district && park.district !== sought.district) return false;
    if ((sought.open && !park.open_now) || (sought.drops && !park.drops)) return false;
    const names = [...Object.values(park.name), ...Object.values(districts.get(park.district) ?? {})].join("\n").toLocaleLowerCase();
    return parts.every((part) => names.includes(part));
  });
}

/** Nearest first from a spot; without one, today's parks in their order come before the others. */
export function ordered<P extends Place>(parks: readonly P[], from: Spot | null, today: readonly string[]): P[] {
  if (from) {
    const far = new Map(parks.map((park) => [park.id, distance(from, park)]));
    return [...parks].sort((a, b) => (far.get(a.id) ?? 0) - (far.get(b.id) ?? 0));
  }
  const rank = new Map(today.map((id, at) => [id, at]));
  const last = today.length;
  return [...parks].sort((a, b) => (rank.get(a.id) ?? last) - (rank.get(b.id) ?? last));
}

/** West, south, east and north of all of them; null for none. */
export function boundsOf(spots: readonly Spot[]): [number, number, number, number] | null {
  if (!spots.length) return null;
  const [lons, lats] = [spots.map(({ lon }) => lon), spots.map(({ lat }) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Every corner of GeoJSON coordinates, however deep they are nested. */
export function cornersOf(coordinates: unknown): Spot[] {
  if (!Array.isArray(coordinates)) return [];
  const [lon, lat] = coordinates as unknown[];
  if (typeof lon === "number" && typeof lat === "number") return [{ lat, lon }];
  return coordinates.flatMap(cornersOf);
}

const METRES_PER_DEGREE = 111_195;
const CORNERS = 48;

/** A ring of so many metres around a spot, as the outline of a GeoJSON polygon. */
export function ringAround({ lat, lon }: Spot, metres: number): [number, number][] {
  const up = metres / METRES_PER_DEGREE;
  const across = up / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const turn = (corner / CORNERS) * 2 * Math.PI;
    return [lon + across * Math.sin(turn), lat + up * Math.cos(turn)];
  });
}
