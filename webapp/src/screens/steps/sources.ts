/** What a source is called: by its own name, or by what reads it. */
import { providerName } from "../../words/words.svelte";

type Named = { name: string; provider: string };

/** The language of a name, as far as its letters tell: English names keep their Latin signs among Han. */
export function langOf(name: string): "en" | undefined {
  return /\p{Script=Han}/u.test(name) ? undefined : "en";
}

export function sourceName(source: Named | undefined): string {
  if (!source) return "";
  return source.name || providerName(source.provider);
}
