/** What is told of a phone besides its state. */
import type { Phone } from "../../api/phones";
import { t } from "../../words/words.svelte";

/** Why nothing of its last push counts, where that is one reason for all of it; empty when each entry has its own. */
export function reasonOf({ state, provider, problems }: Phone): string {
  if (state === "cancelled") return t("phones.cancelled_why");
  if (problems.length === 1 && problems[0]?.line === null) return problems[0].text;
  return state === "refused" && !provider ? t("phones.unreadable") : "";
}
