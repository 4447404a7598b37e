/** Opening hours as one short phrase, and the time of day as a greeting. */
import type { ParkLine } from "../../api/calls";
import { hourNow, t, type WordKey } from "../../words/words.svelte";

type Open = Pick<ParkLine, "hours" | "open_now">;

export function hoursOf({ hours, open_now }: Open): string {
  if (!open_now) return t("park.closed_now", { time: hours.opens });
  const allDay = hours.opens === hours.closes || (hours.opens === "00:00" && ["00:00", "24:00", "23:59"].includes(hours.closes));
  if (allDay) return t("park.open_all_day");
  return t(hours.assumed ? "park.open_until_assumed" : "park.open_until", { time: hours.closes });
}

export function greeting(): WordKey {
  const hour = hourNow();
  return hour < 5 || hour >= 18 ? "greet.evening" : hour < 12 ? "greet.morning" : "greet.afternoon";
}
