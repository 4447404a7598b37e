/** The three hand-written catalogues, and numbers, times and distances in the reader's manner. */
import type { Language, Tri } from "../api/calls";
import type appealsHant from "./appeals/zh-Hant.json";
import type carersHant from "./carers/zh-Hant.json";
import type classesHant from "./classes/zh-Hant.json";
import type companionsHant from "./companions/zh-Hant.json";
import type connectionsHant from "./connections/zh-Hant.json";
import type dataHant from "./data/zh-Hant.json";
import type elderHant from "./elder/zh-Hant.json";
import type entryHant from "./entry/zh-Hant.json";
import type factorsHant from "./factors/zh-Hant.json";
import type identityHant from "./identity/zh-Hant.json";
import type joinHant from "./join/zh-Hant.json";
import type noticesHant from "./notices/zh-Hant.json";
import type organisationsHant from "./organisations/zh-Hant.json";
import type parksHant from "./parks/zh-Hant.json";
import type phonesHant from "./phones/zh-Hant.json";
import type peopleHant from "./people/zh-Hant.json";
import type publicHant from "./public/zh-Hant.json";
import type stepsHant from "./steps/zh-Hant.json";
import type trackersHant from "./trackers/zh-Hant.json";
import type zhHant from "./zh-Hant.json";

export type WordKey =
  | keyof typeof zhHant
  | keyof typeof stepsHant
  | keyof typeof entryHant
  | keyof typeof peopleHant
  | keyof typeof phonesHant
  | keyof typeof publicHant
  | keyof typeof appealsHant
  | keyof typeof carersHant
  | keyof typeof classesHant
  | keyof typeof companionsHant
  | keyof typeof connectionsHant
  | keyof typeof dataHant
  | keyof typeof elderHant
  | keyof typeof factorsHant
  | keyof typeof identityHant
  | keyof typeof organisationsHant
  | keyof typeof parksHant
  | keyof typeof joinHant
  | keyof typeof noticesHant
  | keyof typeof trackersHant;
type Catalogue = Record<WordKey, string>;
type Values = Record<string, string | number>;
export type Book = "main" | "steps" | "appeals" | "entry" | "people" | "public" | "carers" | "classes" | "companions" | "connections" | "data" | "elder" | "identity" | "organisations" | "factors" | "join" | "notices" | "parks" | "phones" | "trackers";

/** One chunk for each language and book, by path: nobody waits for words that they do not read. */
const CATALOGUES = import.meta.glob<Partial<Catalogue>>("./**/*.json", { import: "default" });
const fetched = (book: Book, language: Language): Promise<Partial<Catalogue>> =>
  CATALOGUES[book === "main" ? `./${language}.json` : `./${book}/${language}.json`]!();

export const LOCALES: Record<Language, string> = { "zh-Hant": "zh-HK", "zh-Hans": "zh-CN", en: "en-HK" };
export const ZONE = "Asia/Hong_Kong";

class Words {
  language = $state<Language>("zh-Hant");
  catalogue = $state.raw<Partial<Catalogue>>({});
  #opened = new Map<Book, Promise<void>>([["main", Promise.resolve()]]);
  #wanted: Language = "zh-Hant";

  /** Changes every word on the page once the new ones are here; rejects if they cannot be fetched. */
  async turnTo(language: Language): Promise<void> {
    this.#wanted = language;
    const books = await Promise.all([...this.#opened.keys()].map((book) => fetched(book, language)));
    // Another language was chosen while these words were on their way; they are still better than none.
    if (this.#wanted !== language && "app.name" in this.catalogue) return;
    // Of two books opened at once the first may come last: it adds its words, and takes none away.
    const known = this.language === language ? this.catalogue : {};
    this.language = language;
    this.catalogue = Object.assign({}, known, ...books) as Partial<Catalogue>;
  }

  /** Adds the words of a book, which follow the language from then on; whoever asks meanwhile waits for the same words. */
  open(book: Book): Promise<void> {
    const before = this.#opened.get(book);
    if (before) return before;
    const opening = Promise.resolve().then(() => this.turnTo(this.#wanted));
    this.#opened.set(book, opening);
    // Words that could not be fetched are asked for again when they are next needed.
    opening.catch(() => this.#opened.delete(book));
    return opening;
  }
}

export const words = new Words();

/** The words of `key`; numbers among `values` are written with separators. */
export function t(key: WordKey, values: Values = {}): string {
  return (words.catalogue[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : (value ?? "");
  });
}

type Counted = { [K in WordKey]: K extends `${infer Stem}.one` ? Stem : never }[WordKey];

/** The words for `count` things: `stem.one` or `stem.other`. */
export function counted(stem: Counted, count: number, values: Values = {}): string {
  const form = new Intl.PluralRules(LOCALES[words.language]).select(count) === "one" ? "one" : "other";
  return t(`${stem}.${form}`, { ...values, count });
}

/** The name of a species; one that this page does not know yet keeps the server's word. */
export function speciesName(species: string): string {
  const key = `species.${species}`;
  return key in words.catalogue ? t(key as WordKey) : species;
}

/** The name of what reads a tracker's file; one that this page does not know yet keeps the server's word. */
export function providerName(provider: string): string {
  const key = `provider.${provider}`;
  return key in words.catalogue ? t(key as WordKey) : provider;
}

/** The reader's of three names. */
export function ours(tri: Tri): string {
  return tri[words.language] || tri["zh-Hant"] || "";
}

export function number(value: number, decimals = 0): string {
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(LOCALES[words.language], places).format(value);
}

/** The dot between short phrases: with space around it in English, and never first on a line. */
export function dot(): string {
  return words.language === "en" ? "\u00a0· " : "·";
}

/** Short phrases in one line. */
export function joined(...phrases: string[]): string {
  return phrases.filter(Boolean).join(dot());
}

/** Whole sentences after each other; between Chinese ones there is no space. */
export function sentences(...said: string[]): string {
  return said.filter(Boolean).join(words.language === "en" ? " " : "");
}

/** A share of 0..1 as a percentage. */
export function percent(share: number): string {
  return new Intl.NumberFormat(LOCALES[words.language], { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** Hour and minute in Hong Kong, 24 hours. */
export function clock(iso: string): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE }).format(new Date(iso));
}

/** The hour of the day in Hong Kong, 0..23. */
export function hourNow(): number {
  return Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: ZONE }).format(new Date()));
}

/** The day, as in 11月26日(四) or 26 Nov (Thu). */
export function day(on: string): string {
  const noon = new Date(`${on}T12:00:00+08:00`);
  const locale = LOCALES[words.language];
  const date = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: ZONE }).format(noon);
  const weekday = words.language === "en" ? "short" : "narrow";
  return `${date}${weekday === "short" ? " " : ""}(${new Intl.DateTimeFormat(locale, { weekday, timeZone: ZONE }).format(noon)})`;
}

/** The last whole day before a moment: what ends at midnight counts until the day that ends there. */
export function lastDayBefore(iso: string): string {
  const at = new Date(Date.parse(iso) - 1);
  return new Intl.DateTimeFormat(LOCALES[words.language], { month: "long", day: "numeric", timeZone: ZONE }).format(at);
}
