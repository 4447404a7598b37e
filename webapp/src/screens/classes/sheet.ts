/** The words of printed sheets, in all three languages at once: whoever reads them has no switch. */
import type { Language } from "../../api/calls";
import type hant from "../../words/sheet/zh-Hant.json";
import { LOCALES, ZONE } from "../../words/words.svelte";

type Texts = Record<keyof typeof hant, string>;
/** The words of one language, each as a sentence with its values. */
export type Said = (key: keyof Texts, values?: Record<string, string>) => string;
export type Sheet = { language: Language; say: Said }[];

const BOOKS = import.meta.glob<Texts>("../../words/sheet/*.json", { import: "default" });
const LANGUAGES: Language[] = ["zh-Hant", "zh-Hans", "en"];

/** Fetches the words; rejects if they cannot be fetched. */
export async function sheetWords(): Promise<Sheet> {
  const texts = await Promise.all(LANGUAGES.map((language) => BOOKS[`../../words/sheet/${language}.json`]!()));
  return texts.map((book, at) => ({
    language: LANGUAGES[at]!,
    say: (key, values = {}) => book[key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ""),
  }));
}

/** The last whole day before a moment, with its year, as a sheet may hang on a wall for long. */
export function lastDay(ends_at: string, language: Language): string {
  const at = new Date(Date.parse(ends_at) - 1);
  return new Intl.DateTimeFormat(LOCALES[language], { year: "numeric", month: "long", day: "numeric", timeZone: ZONE }).format(at);
}
