/** What a care link or an offer says, in the reader's words. */
import type { CareLink, OpenOffer } from "../../api/carers";
import { date, moment } from "../../words/dates";
import { joined, lastDayBefore, t, words, type WordKey } from "../../words/words.svelte";

/** One scope; one whose room this page does not know yet has a word too. */
export function scopeName(scope: string): string {
  const key = `carers.scope_${scope}`;
  return key in words.catalogue ? t(key as WordKey) : t("carers.scope_later");
}

/** The weightier scopes hold the lighter ones, but both are said: to see and to do are two things. */
export function scopeNames(terms: Pick<OpenOffer, "scopes">): string[] {
  return terms.scopes.map(scopeName);
}

/** As "Family · since 23 Nov · last day 31 Dec". */
export function spanOf(link: CareLink): string {
  const since = t("carers.since", { on: date(dayOf(link.since)) });
  return joined(t(`carers.kind_${link.kind}`), since, untilOf(link));
}

export function untilOf({ until }: Pick<OpenOffer, "until">): string {
  return until ? t("carers.until", { on: lastDayBefore(until) }) : "";
}

export function usedOf({ used_at }: CareLink): string {
  return used_at ? t("carers.used", { at: moment(used_at) }) : t("carers.unused");
}

/** The Hong Kong day of a moment. */
function dayOf(iso: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Hong_Kong" }).format(new Date(iso));
}
