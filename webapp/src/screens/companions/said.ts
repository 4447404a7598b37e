/** What has come of meeting somebody, in words. */
import type { Companion } from "../../api/companions";
import { ours, t } from "../../words/words.svelte";

/** The nickname, or "somebody" while it may not be seen. */
export function nameOf(companion: Companion): string {
  return companion.name ? ours(companion.name) : t("companions.somebody");
}

/** Companions now, or for whom it waits. */
export function metText(companion: Companion): string {
  if (!companion.waits_for) return t("met.now", { name: nameOf(companion) });
  return t(companion.waits_for === "guardian" ? "met.guardian" : "met.other");
}
