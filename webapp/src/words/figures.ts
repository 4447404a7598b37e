/** Numbers written short, where seven of them stand side by side. */
import type { Language } from "../api/calls";

/** British English writes the k of a thousand small; Hong Kong writes K, the mainland counts by ten thousand. */
const SHORT: Record<Language, string> = { "zh-Hant": "zh-HK", "zh-Hans": "zh-CN", en: "en-GB" };

/** 8,541 as 8.5K, 8541 or 8.5k, as is usual in each language. Never rounded up past a goal that was missed. */
export function compact(value: number, language: Language, decimals = 1): string {
  const style = { notation: "compact", maximumFractionDigits: decimals, roundingMode: "floor" } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(SHORT[language], style).format(value);
}
