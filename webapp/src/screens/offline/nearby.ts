/** Which parks are wanted without a network. */
import type { ParkLine } from "../../api/calls";

const MOST = 12;

/** The parks of the district of today's first park, that one first. */
export function nearby(parks: ParkLine[]): string[] {
  const mine = parks[0]?.district["zh-Hant"];
  return parks.filter(({ district }) => district["zh-Hant"] === mine).slice(0, MOST).map(({ id }) => id);
}
