/** The way to a spot in words: which of eight winds, and how far. */
import { distance, octant, spoken, type Spot } from "../../place/directions";
import { number, t, type WordKey } from "../../words/words.svelte";

const BESIDE_M = 12;
const KILOMETRE_FROM_M = 995;

export function wayTo(from: Spot, to: Spot): string {
  const metres = distance(from, to);
  if (metres < BESIDE_M) return t("distance.here");
  const direction = t(`direction.${octant(from, to)}`);
  if (metres < KILOMETRE_FROM_M) return t("distance.metres", { direction, metres: spoken(metres) });
  return t("distance.kilometres", { direction, kilometres: number(metres / 1000, 1) });
}

/** The way to the park from outside it, as a whole sentence. */
export function wayToPark(from: Spot, park: Spot): string {
  const metres = distance(from, park);
  const direction = t(`direction.${octant(from, park)}`);
  const key: WordKey = metres < KILOMETRE_FROM_M ? "presence.outside" : "presence.outside_km";
  return t(key, { direction, metres: spoken(metres), kilometres: number(metres / 1000, 1) });
}
