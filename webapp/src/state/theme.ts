/** Which look the page wears: what the person chose, and what their system asks for. */

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];
/** The themes of tokens.css, each stated there once. */
export type Worn = "light" | "dark" | "contrast" | "contrast-dark";
/** What the system asks for: dark, more contrast, or colours of its own in place of the page's. */
export type Asked = { dark: boolean; more: boolean; forced: boolean };

/** High contrast is dark on light; light on dark only for those whose system asks for both. */
export function worn(theme: Theme, { dark, more, forced }: Asked): Worn {
  if (forced || theme === "contrast" || (theme === "system" && more)) return dark && (more || forced) ? "contrast-dark" : "contrast";
  if (theme === "system") return dark ? "dark" : "light";
  return theme;
}
