/** The names of the days of the week. */
import { LOCALES, words } from "./words.svelte";

const MONDAY = Date.UTC(2024, 0, 1);

/** From Monday to Sunday: short enough for a column, and whole for readers. */
export function weekdayNames(): { narrow: string; long: string }[] {
  const locale = LOCALES[words.language];
  return Array.from({ length: 7 }, (_, number) => {
    const at = new Date(MONDAY + number * 86_400_000);
    const [narrow, long] = (["narrow", "long"] as const).map((weekday) =>
      new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" }).format(at),
    );
    return { narrow: narrow ?? "", long: long ?? "" };
  });
}
