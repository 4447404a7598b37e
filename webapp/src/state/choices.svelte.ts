/** What the person chose on this device: language, the look, large type. */
import { speak, type Language } from "../api/calls";
import { words } from "../words/words.svelte";
import { THEMES, worn, type Theme } from "./theme";

const LANG_TAG: Record<Language, string> = { "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans", en: "en-HK" };
const KEY = "eplus.choices";
const ASKED = {
  dark: matchMedia("(prefers-color-scheme: dark)"),
  more: matchMedia("(prefers-contrast: more)"),
  forced: matchMedia("(forced-colors: active)"),
};

type Kept = { language?: Language; theme?: Theme; elder?: boolean };

function kept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

class Choices {
  #kept = $state<Kept>(kept());
  /** The account's language, for as long as this page is open. */
  #followed = $state<Language>("zh-Hant");
  language = $derived<Language>(this.#kept.language && this.#kept.language in LANG_TAG ? this.#kept.language : this.#followed);
  theme = $derived<Theme>(THEMES.find((each) => each === this.#kept.theme) ?? "system");
  elder = $derived(this.#kept.elder ?? false);

  constructor() {
    for (const query of Object.values(ASKED)) query.addEventListener("change", () => this.#wear());
  }

  /** Whether a language was chosen here; the account's own language yields to that. */
  get choseLanguage(): boolean {
    return this.#kept.language !== undefined;
  }

  choose(change: Kept): void {
    this.#kept = { ...this.#kept, ...change };
    void this.apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // Private windows may refuse storage; the choice then lasts as long as the page.
    }
  }

  /** Takes the account's language for this visit without keeping it as a choice. */
  follow(language: Language): void {
    if (this.choseLanguage || this.#followed === language) return;
    this.#followed = language;
    void this.apply();
  }

  /** Dresses the page in what was chosen; resolves when its words are here. */
  async apply(): Promise<void> {
    const root = document.documentElement;
    const { language } = this;
    this.#wear();
    root.toggleAttribute("data-elder", this.elder);
    speak(language);
    await words.turnTo(language);
    root.lang = LANG_TAG[words.language];
  }

  #wear(): void {
    const { dark, more, forced } = ASKED;
    const asked = { dark: dark.matches, more: more.matches, forced: forced.matches };
    document.documentElement.dataset.theme = worn(this.theme, asked);
  }
}

export const choices = new Choices();
